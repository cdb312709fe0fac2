// SPDX-License-Identifier: MPL-2.0
// The record that lies open at the counter: in memory alone, and only for who opened it. Each opening is recorded, so that going
// from one page of it to another opens nothing anew.
import { getJson, session } from "../../api/client";
import type { Looks, Person, PersonFound, Purpose } from "../../api/types";
import { observable } from "../../base/observable";

export interface Opened {
  person: Person;
  purpose: Purpose;
}

export const opened = observable<Opened | null>(null);
session.subscribe(() => opened.set(null));

export async function openPerson(id: string, purpose: Purpose): Promise<void> {
  opened.set({ purpose, person: await getJson<Person>(`/api/v1/people/${encodeURIComponent(id)}`, { headers: { "Civis-Purpose": purpose } }) });
}

export type Brought = { number: string } | { document: string } |
  { entry: { office: string; register: string; book: number; year: number; serial: number; paper: boolean } };

export const findPerson = async (by: Brought): Promise<string> => (await getJson<PersonFound>("/api/v1/people/lookups", { body: by })).id;

/** All of them, oldest first. */
export async function looksAt(id: string): Promise<Looks["looks"]> {
  const all: Looks["looks"] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: Looks = await getJson<Looks>(`/api/v1/people/${encodeURIComponent(id)}/looks?limit=100&after=${after}`);
    all.push(...page.looks);
    after = page.next;
  }
  return all;
}
