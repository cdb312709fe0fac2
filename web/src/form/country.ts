// SPDX-License-Identifier: MPL-2.0
// The country's pack on this device: fetched once, kept, refreshed when there is a network; so everything works offline.
import { NoAnswer, request } from "../api/client";
import type { DateWords } from "../base/dates";
import { keep, kept } from "../base/kept";
import { observable, useObservable } from "../base/observable";
import { language, useLanguage, type Language } from "../words/words";
import type { Country, FormShape } from "./types";

interface Copy<T> {
  tag: string;
  value: T;
}

/** How long to wait for a newer one where there is a kept one: a line that is nearly dead must not stop the work. */
const PATIENCE_MS = 8000;

const copyOf = <T>(path: string): Promise<Copy<T> | undefined> => kept<Copy<T>>("public", path).catch(() => undefined);

/** What is kept on this device of a public answer, without asking anybody. */
export const keptJson = async <T>(path: string): Promise<T | undefined> => (await copyOf<T>(path))?.value;

/** A public answer: the newest that can be had, else the kept one. */
export async function publicJson<T>(path: string): Promise<T> {
  const copy = await copyOf<T>(path);
  try {
    const answer = await request(path, copy ? { headers: copy.tag ? { "If-None-Match": copy.tag } : {}, signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    const value = (await answer.json()) as T;
    await keep("public", path, { tag: answer.headers.get("ETag") ?? "", value } satisfies Copy<T>).catch(() => undefined);
    return value;
  } catch (e) {
    const unchanged = typeof e === "object" && e !== null && "status" in e && e.status === 304;
    if (copy && (unchanged || e instanceof NoAnswer)) return copy.value;
    throw e;
  }
}

export const country = observable<Country | null>(null);
const strings = observable<Partial<Record<Language, Record<string, string>>>>({});
const forms = new Map<string, Promise<FormShape>>();

export async function loadStrings(of: Language): Promise<void> {
  if (strings.get()[of]) return;
  const answer = await publicJson<{ strings: Record<string, string> }>(`/api/v1/country/strings/${of}`);
  strings.set({ ...strings.get(), [of]: answer.strings });
}

/** Before a screen that shows the country's words. Called again, it only adds what is missing. */
export async function needCountry(): Promise<Country> {
  const [c] = await Promise.all([country.get() ?? publicJson<Country>("/api/v1/country"), loadStrings(language.get())]);
  country.set(c);
  return c;
}

language.subscribe(() => {
  if (country.get()) void loadStrings(language.get()).catch(() => undefined);
});

export function formOf(kind: string): Promise<FormShape> {
  let form = forms.get(kind);
  if (!form) {
    form = publicJson<FormShape>(`/api/v1/country/forms/${encodeURIComponent(kind)}`);
    forms.set(kind, form);
    form.catch(() => forms.delete(kind));
  }
  return form;
}

/** The country's word for a key; the key itself if there is none. {placeholders} are filled in. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const all = strings.get();
  const text = all[language.get()]?.[key] ?? all.en?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export const hasWord = (key: string): boolean => Boolean(strings.get()[language.get()]?.[key]);

/** How the reader's language writes dates: the pack's way, or the client's own for a language that the pack lacks. */
export function dateWords(): DateWords {
  const c = country.get();
  const own = c?.words[language.get()];
  return own ?? OWN_WORDS[language.get()];
}

/** A component that shows the country's words follows them. */
export function useCountry(): Country | null {
  useLanguage();
  useObservable(strings);
  return useObservable(country);
}

const OWN_WORDS: Record<Language, DateWords> = {
  en: {
    digits: [..."0123456789"],
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    date: "{day} {month} {year}", month_year: "{month} {year}", year_only: "{year}", about: "about {date}", unknown: "not known", time: "{hour}:{minute}",
  },
  km: {
    digits: [..."០១២៣៤៥៦៧៨៩"],
    months: ["មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"],
    date: "ថ្ងៃទី{day} ខែ{month} ឆ្នាំ{year}", month_year: "ខែ{month} ឆ្នាំ{year}", year_only: "ឆ្នាំ{year}", about: "ប្រហែល{date}", unknown: "មិនដឹង", time: "ម៉ោង {hour}:{minute}",
  },
  my: {
    digits: [..."၀၁၂၃၄၅၆၇၈၉"],
    months: ["ဇန်နဝါရီ", "ဖေဖော်ဝါရီ", "မတ်", "ဧပြီ", "မေ", "ဇွန်", "ဇူလိုင်", "ဩဂုတ်", "စက်တင်ဘာ", "အောက်တိုဘာ", "နိုဝင်ဘာ", "ဒီဇင်ဘာ"],
    date: "{year} ခုနှစ်၊ {month}လ {day} ရက်", month_year: "{year} ခုနှစ်၊ {month}လ", year_only: "{year} ခုနှစ်", about: "{date} ခန့်", unknown: "မသိရှိပါ", time: "{hour}:{minute} နာရီ",
  },
};
