// SPDX-License-Identifier: MPL-2.0
// Whether this device is ready for the road: all that an officer's work needs is fetched ahead while there is a network.
import { NoAnswer, request, session } from "../api/client";
import { online } from "../app/online";
import { today } from "../base/dates";
import { keep, kept } from "../base/kept";
import { observable } from "../base/observable";
import { formOf, loadStrings, needCountry } from "../form/country";
import { placesBelow, type Place } from "../form/places";
import type { Country } from "../form/types";
import { LANGUAGES, needAreas } from "../words/words";
import { tell } from "./device";
import * as drawer from "./drawer";
import { parcelKey } from "./outbox";

interface Kit {
  office: string;
  /** By the server's clock. */
  at: string;
}

export type Road = { state: "unknown" } | { state: "fetching" } | { state: "ready"; at: string } | { state: "not_ready" };

export const road = observable<Road>({ state: "unknown" });

const KIT = "road", AGE_MS = 10 * 60_000, LISTS_MAX = 400;
let kit: Kit | undefined, running: Promise<void> | undefined;

/** The codes of the places on an office's line: "khm/04/0499/049901/H001" lies in 04, 0499, 049901. */
export function lineOfOffice(office: string, country: Country): string[] {
  return office.split("/").slice(1).filter((part, i) => part.length === country.levels[i]?.code_length);
}

/** The largest units, those on the own line, and everything below the own office. */
async function fetchPlaces(country: Country, office: string): Promise<void> {
  const line = lineOfOffice(office, country);
  let below: Place[] = await placesBelow(null), lists = 0;
  let own = 0;
  for (const code of line) {
    if (!below.some((p) => p.code === code)) break; // a consulate stands where a province does
    below = await placesBelow(code);
    own++;
  }
  for (let level = own + 1; own &&  level < country.levels.length; level++) {
    const next: Place[] = [];
    for (const p of below) if (++lists <= LISTS_MAX) next.push(...await placesBelow(p.code));
    below = next;
  }
}

async function startsOffline(): Promise<boolean> {
  if (!("serviceWorker" in navigator)) return false;
  return Promise.race([navigator.serviceWorker.ready.then(() => true), new Promise<boolean>((done) => setTimeout(() => done(false), 20_000))]);
}

async function fetchAll(office: string): Promise<void> {
  const country = await needCountry();
  const answer = await request("/api/v1/parcel-key");
  await Promise.all([parcelKey(), ...LANGUAGES.map(loadStrings), ...country.kinds.map((k) => formOf(k.kind)), needAreas(["form", "office", "desk", "family"])]);
  await fetchPlaces(country, office);
  if (!(await startsOffline())) throw new NoAnswer("the client is not kept yet");
  kit = { office, at: new Date(Date.parse(answer.headers.get("Date") ?? "") || Date.now()).toISOString() };
  await keep("public", KIT, kit);
}

/** Fetches what is missing or old, if there is a network; says how it stands. */
export async function prepare(): Promise<void> {
  const office = drawer.unlocked.get()?.staff.office;
  if (!office) return;
  kit ??= await kept<Kit>("public", KIT).catch(() => undefined);
  const standing = (): Road => (kit?.office === office ? { state: "ready", at: kit.at } : { state: "not_ready" });
  const fresh = kit?.office === office && Math.abs(Date.now() - Date.parse(kit.at)) < AGE_MS;
  if (kit?.office === office) void tell(true).catch(() => undefined);
  if (fresh || !online.get() || !session.get()) return road.set(standing());
  if (standing().state === "not_ready") road.set({ state: "fetching" });
  running ??= fetchAll(office).finally(() => { running = undefined; });
  await running.then(() => tell(true)).catch(() => undefined);
  road.set(standing());
}

/** Today as far as this device knows: its clock, unless the register has been seen to be further. */
export function todayHere(country: Country): string {
  const own = today(country.zone_minutes), seen = kit ? today(country.zone_minutes, Date.parse(kit.at)) : own;
  return own > seen ? own : seen;
}

/** The clock is behind the day on which the register was last heard of. */
export const clockIsBehind = (country: Country): boolean => kit !== undefined && today(country.zone_minutes) < today(country.zone_minutes, Date.parse(kit.at));
