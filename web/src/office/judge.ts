// SPDX-License-Identifier: MPL-2.0
// What it means that something did not arrive: whether to wait, and for how long, or to tell the officer.
import { NoAnswer, Refusal } from "../api/client";

/** "refused": as it is, it will never be taken; somebody has to look. "no_session": whoever signs in again goes on. */
export type Meaning = "no_answer" | "no_session" | "later" | "refused";

export function meaningOf(e: unknown): Meaning {
  if (e instanceof Refusal) {
    if (e.status === 401) return "no_session";
    // What came from no server of ours (a captive portal, a proxy), a server at work, and an upload that lost its place.
    if (e.status === 408 || e.status === 429 || e.status >= 500 || e.code === "unreadable" || e.code === "busy") return "later";
    if (e.status === 409 && e.code === "conflict") return "later";
    return "refused";
  }
  return e instanceof NoAnswer ? "no_answer" : "later";
}

const LONGEST = 300_000, LONGEST_TOLD = 3_600_000;

/** Milliseconds; doubled with each try. */
export const waitAfter = (tries: number, toldSeconds: number | null): number =>
  toldSeconds !== null ? Math.min(LONGEST_TOLD, toldSeconds * 1000) : Math.min(LONGEST, 2 ** Math.min(tries, 9) * 1000);

/** A time that is further away than anything is ever put off was noted by a clock that has been set since. */
export const isDue = (after: number, now: number): boolean => after <= now || after > now + LONGEST_TOLD + 60_000;
