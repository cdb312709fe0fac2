// SPDX-License-Identifier: MPL-2.0
// Offices by their names, as far as they were asked for.
import type { Offices } from "../api/types";
import { observable } from "../base/observable";
import { publicJson } from "../form/country";
import { language } from "../words/words";
import { officesBelow, type Office } from "./api";

const known = new Map<string, Office>();
/** Changes when more is known: whoever shows names follows it. */
export const officesKnown = observable(0);

export const officeLabel = (o: Office): string => (language.get() === "en" ? o.name.latin : o.name.native);

export async function needOffices(scope: string): Promise<Office[]> {
  const all = await officesBelow(scope);
  for (const o of all) known.set(o.scope, o);
  officesKnown.set(known.size);
  return all;
}

/** The names of these alone; without an answer they are shown by their scope. */
export async function nameOffices(scopes: Iterable<string>): Promise<void> {
  await Promise.all([...new Set(scopes)].filter((s) => !known.has(s)).map(async (scope) => {
    const first = (await publicJson<Offices>(`/api/v1/offices?scope=${encodeURIComponent(scope)}&limit=1`).catch(() => null))?.offices[0];
    if (first?.scope === scope) known.set(scope, first);
  }));
  officesKnown.set(known.size);
}

/** Its name, else its scope. */
export function officeName(scope: string): string {
  const office = known.get(scope);
  return office ? officeLabel(office) : scope;
}
