// SPDX-License-Identifier: MPL-2.0
// Cases that an officer takes along: each opened by itself (which is recorded), kept sealed under the officer's key as it stood then,
// and gone from the device when it is done, put back, nobody's task any more, or two weeks old.
import { openCase, type Case, type Move, type MoveBody, type Step } from "../desk/api";
import type { FormShape } from "../form/types";
import * as drawer from "./drawer";
import { nameOf } from "./drafts";
import { finishMove, items } from "./outbox";

export interface Taken {
  at: string;
  /** As it was opened, and what was recorded here since. */
  c: Case;
}

const KIND = "taken", DAYS = 14;

/** Moves that say what took place away from the office; each needs no more than its own small form. */
const VISIT = "visit", HAND_OVER = "hand_over";
export const onTheRoad = (c: Case): Move[] => c.next.filter((m) => m.transition === VISIT || m.transition === HAND_OVER);
/** Moves that bring a declaration: written as a draft. */
export const declaring = (c: Case): Move[] => c.next.filter((m) => m.declaration);
export const visits = (c: Case): Step[] => c.history.filter((s) => s.transition === VISIT);

export const taken = (id: string): Promise<Taken | undefined> => drawer.get<Taken>(KIND, id);
export const putBack = (id: string): Promise<void> => drawer.remove(KIND, id);

/** A notification whose mother did not agree to be visited is not taken along. */
export const mayVisit = (c: Case, isNotice: boolean): boolean =>
  !isNotice || (c.declaration as { notice?: { visit_consent?: boolean } }).notice?.visit_consent === true;

export async function take(id: string, isNotice: (c: Case) => boolean): Promise<Case> {
  const c = await openCase(id);
  if (mayVisit(c, isNotice(c))) await drawer.put(KIND, id, { at: new Date().toISOString(), c } satisfies Taken);
  return c;
}

/** Ids of what is on this device. `open`: of all that is still a task, if that is known; the rest is removed. */
export async function takenIds(open?: ReadonlySet<string>): Promise<Set<string>> {
  const here = new Set<string>();
  for (const { id, value } of await drawer.list<Taken>(KIND)) {
    const waits = items.get().some((i) => i.case === id && i.state !== "sent");
    if (Date.now() - Date.parse(value.at) > DAYS * 86_400_000 || (open && !open.has(id) && !waits)) await putBack(id);
    else here.add(id);
  }
  return here;
}

/** Seals what took place for the register. A visit stays on the device with the case; a certificate handed over ends the task. */
export async function record(of: Taken, form: FormShape, move: Move, body: MoveBody): Promise<void> {
  const { c } = of, me = drawer.mine(), place = drawer.placeOf(KIND, c.id, me);
  const step: Step = { transition: move.transition, from: c.state, to: move.to ?? c.state, at: new Date().toISOString(), staff: me.staff.id, version: c.version + 1,
    ...(body.reason ? { reason: body.reason } : {}), ...(body.note ? { note: body.note } : {}), ...(body.details ? { details: body.details } : {}) };
  const stays = move.to === null;
  const next: Taken = { ...of, c: { ...c, version: c.version + 1, history: [...c.history, step] } };
  await finishMove({ case: c.id, kind: c.kind, office: c.office, name: nameOf(form, { answers: c.declaration }), transition: move.transition, version: c.version, body: { ...body } },
    stays ? { puts: [await drawer.sealed(KIND, c.id, next, me)], removes: [] } : { puts: [], removes: [place] });
}
