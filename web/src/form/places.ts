// SPDX-License-Identifier: MPL-2.0
// Places: chosen from the largest down, kept on the device once seen, so that a village can be chosen on the road.
import { NoAnswer } from "../api/client";
import { observable } from "../base/observable";
import { language } from "../words/words";
import { country, keptJson, publicJson } from "./country";

export interface Place {
  code: string;
  parent: string | null;
  level: string;
  name: { native: string; latin: string };
  unit: { native: string; latin: string };
  office: string | null;
}

const known = new Map<string, Place>();
/** Grows whenever names become known. */
export const placesKnown = observable(0);

/** As the country writes it: a Khmer unit stands before the name, a Burmese one after it. */
export function placeLabel(p: Place): string {
  const script = language.get() === country.get()?.native_language ? "native" : "latin";
  const pattern = country.get()?.levels.find((l) => l.name === p.level)?.print[script] ?? "{name}";
  return pattern.replace("{unit}", p.unit[script]).replace("{name}", p.name[script]).trim();
}

/** The units right below `parent`, or the largest ones, in the order of the reader's language; without a network in the one that is kept. */
export async function placesBelow(parent: string | null): Promise<Place[]> {
  const c = country.get(), own = c?.languages.includes(language.get()) ? language.get() : "";
  const all = await allPages(parent, own, publicJson).catch(async (e: unknown) => {
    if (e instanceof NoAnswer)
      for (const order of ["", ...(c?.languages ?? [])]) {
        const keptOnes = await allPages(parent, order, keptJson);
        if (keptOnes) return keptOnes;
      }
    throw e;
  });
  for (const p of all ?? []) known.set(p.code, p);
  placesKnown.set(known.size);
  return all ?? [];
}

interface PlacesPage {
  places: Place[];
  next?: string;
}

async function allPages(parent: string | null, order: string, read: (path: string) => Promise<PlacesPage | undefined>): Promise<Place[] | null> {
  const where = parent ? `parent=${encodeURIComponent(parent)}` : `level=${encodeURIComponent(country.get()?.levels[0]?.name ?? "")}`;
  const all: Place[] = [];
  let after = "";
  do {
    const page = await read(`/api/v1/places?${where}${order ? `&order=${order}` : ""}&limit=100${after}`);
    if (!page) return null;
    all.push(...page.places);
    after = page.next ? `&after=${encodeURIComponent(page.next)}` : "";
  } while (after);
  return all;
}

/** The codes from the largest unit down to this one. */
export function lineOf(code: string): string[] {
  return (country.get()?.levels ?? []).map((l) => code.slice(0, l.code_length)).filter((c, i, all) => c.length <= code.length && all.indexOf(c) === i);
}

/** Before a place's name is shown: fetches the units on its line, as far as there is a network. */
export async function needPlace(code: string): Promise<void> {
  const line = lineOf(code);
  for (let i = 0; i < line.length; i++) {
    if (known.has(line[i] ?? "")) continue;
    try {
      await placesBelow(i ? line[i - 1] ?? null : null);
    } catch (e) {
      if (e instanceof NoAnswer) return;
      throw e;
    }
  }
}

/** "Village, commune, district, province" in the reader's language, as far as known; else the code. */
export function placeName(code: string): string {
  const names = lineOf(code).map((c) => known.get(c)).filter((p): p is Place => p !== undefined).map(placeLabel);
  if (!names.length) {
    void needPlace(code).catch(() => undefined);
    return code;
  }
  return language.get() === "en" ? names.reverse().join(", ") : names.join(" ");
}

export const placeOf = (code: string): Place | undefined => known.get(code);
