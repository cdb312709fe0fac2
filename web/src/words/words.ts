// SPDX-License-Identifier: MPL-2.0
// The client's own words, by area and language. The country's words (forms, states, reasons) come from its pack.
import { observable, useObservable } from "../base/observable";
import { localDigits } from "../base/text";
import type core from "../../strings/core/en.json";
import { AREAS, type Area, type AreaKey } from "./areas";

export const LANGUAGES = ["km", "my", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Record<Language, string> = { km: "ខ្មែរ", my: "မြန်မာ", en: "English" };

export type Key = keyof typeof core | AreaKey;
type Catalogue = Record<string, string>;

const loaded: Record<Language, Catalogue> = { en: {}, km: {}, my: {} };
const areas = new Set<Area>();
export const language = observable<Language>("en");

export function isLanguage(text: string | null | undefined): text is Language {
  return (LANGUAGES as readonly string[]).includes(text ?? "");
}

/** The words that stand in the page, or that the pre-renderer gives. */
export function setCore(of: Language, words: Catalogue): void {
  Object.assign(loaded[of], words);
}

async function loadArea(area: Area, of: Language): Promise<void> {
  Object.assign(loaded[of], (await AREAS[area][of]()).default);
}

/** Before a screen of these areas is shown. */
export async function needAreas(wanted: readonly Area[]): Promise<void> {
  const of = language.get();
  await Promise.all(wanted.filter((a) => !areas.has(a)).map((a) => loadArea(a, of)));
  for (const a of wanted) areas.add(a);
}

export async function setLanguage(to: Language): Promise<void> {
  await Promise.all([...areas, "core" as const].map((a) => loadArea(a, to)));
  document.documentElement.lang = to;
  try {
    localStorage.setItem("language", to);
  } catch {
    // A browser that keeps nothing still shows the page.
  }
  language.set(to);
}

/** A text with {placeholders} filled in. A missing one is a defect that the tests look for; people see the key. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const of = language.get();
  const text = loaded[of][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export const digits = (text: string | number): string => localDigits(text, language.get());

export function useLanguage(): Language {
  return useObservable(language);
}
