// SPDX-License-Identifier: MPL-2.0
// What an officer has typed at the desk and not sent: kept on this device under their own key as it is typed, so that it is there
// again after the device locked, the session ended or the page was opened anew. What was sent or put aside is removed, and what
// nobody came back to.
import { observable } from "../base/observable";
import type { Members } from "../base/pointer";
import { get, list, put, remove, sealed, unlocked, type Unlocked } from "../office/drawer";

const KIND = "typed", FORGOTTEN_MS = 14 * 86_400_000;

interface Kept<T> {
  at: number;
  value: T;
}

/** What was typed for a move of a case. */
export interface TypedMove {
  transition: string;
  version: number;
  typed: { reason?: string; note: string; office?: string | undefined; details: Members; declaration: Members };
}

export const placeOfMove = (id: string): string => `case-${id}`;

/** The entry by itself, for what is written together with other things. */
export const typedEntry = (id: string, value: unknown, me: Unlocked): Promise<[string, unknown]> => sealed(KIND, id, { at: Date.now(), value }, me);

/** What was typed last stands on the page alone: the device has no room. */
export const notKept = observable(false);

let writing: Promise<void> = Promise.resolve();

/** One after the other, so that the last word typed is the one kept. */
function next(what: (me: Unlocked) => Promise<void>): void {
  const me = unlocked.get();
  if (me) writing = writing.then(() => what(me)).then(() => notKept.set(false), () => notKept.set(true));
}

export const keepTyped = (id: string, value: unknown): void => next((me) => put(KIND, id, { at: Date.now(), value }, me));

export const dropTyped = (id: string): void => next((me) => remove(KIND, id, me));

/** What this officer typed there before. */
export async function typedBefore<T>(id: string): Promise<T | undefined> {
  const me = unlocked.get();
  if (!me) return undefined;
  await writing;
  for (const old of await list<Kept<unknown>>(KIND, me)) if (Date.now() - old.value.at > FORGOTTEN_MS) await remove(KIND, old.id, me);
  return (await get<Kept<T>>(KIND, id, me))?.value;
}
