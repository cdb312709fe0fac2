// SPDX-License-Identifier: MPL-2.0
// Cases as the desk sees them. What the server tells is in api/types.ts; a declaration is read by pointers.
import { getJson, request } from "../api/client";
import type { Attachment, Candidate, Case as ToldCase, CaseList, CaseSummary, ClaimCode, FieldError, Moved, NextMove, Offices, Registered, Step as ToldStep } from "../api/types";
import type { Members } from "../base/pointer";
import { publicJson } from "../form/country";

export type { Attachment, Candidate, CaseSummary as CaseRow, ClaimCode, FieldError, Moved, NextMove as Move, Registered };

export type Step = Omit<ToldStep, "details"> & { details?: Members };
export type Case = Omit<ToldCase, "declaration" | "notice" | "history"> & { declaration: Members; notice?: Members; history: Step[] };
export type Office = Offices["offices"][number];

export interface MoveBody {
  reason?: string;
  note?: string;
  office?: string;
  details?: Members;
  declaration?: Members;
}

/** A case; or its declaration as it stood at an earlier version. Each opening is recorded. */
export const openCase = (id: string, version?: number): Promise<Case> =>
  getJson<Case>(`/api/v1/cases/${encodeURIComponent(id)}${version ? `?version=${version}` : ""}`);

export const moveCase = (c: Pick<Case, "id" | "version">, transition: string, body: MoveBody, key: string): Promise<Moved> =>
  getJson<Moved>(`/api/v1/cases/${encodeURIComponent(c.id)}/${encodeURIComponent(transition)}`, { method: "POST", body, key, match: c.version });

const QUEUE_MAX = 5000;

/** The queue, page after page, as far as it is wanted; the most urgent first. `state`: of what waits to be collected. */
export async function queuePages(onRows: (rows: CaseSummary[], done: boolean) => boolean, state?: string): Promise<void> {
  let after = "", n = 0;
  for (;;) {
    const page = await getJson<CaseList>(`/api/v1/cases?limit=100${state ? `&state=${encodeURIComponent(state)}` : ""}${after}`);
    n += page.cases.length;
    const done = !page.next || n >= QUEUE_MAX;
    if (!onRows(page.cases, done) || done || !page.next) return;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

/** The case that a slip's tracking code names, if it is in reach of this office. */
export const caseByCode = async (code: string): Promise<CaseSummary | undefined> =>
  (await getJson<CaseList>(`/api/v1/cases?code=${encodeURIComponent(code)}`)).cases[0];

/** All rows of the queue at once. */
export async function queue(): Promise<CaseSummary[]> {
  const rows: CaseSummary[] = [];
  await queuePages((more) => rows.push(...more) > 0);
  return rows;
}

/** Every office below a scope, of whatever level. */
export async function officesBelow(scope: string): Promise<Office[]> {
  const all: Office[] = [];
  let after = "";
  do {
    const page = await publicJson<Offices>(`/api/v1/offices?scope=${encodeURIComponent(scope)}&limit=100${after}`);
    all.push(...page.offices);
    after = page.next ? `&after=${encodeURIComponent(page.next)}` : "";
  } while (after);
  return all;
}

/** A file of the server as an address for this page alone; revoke it when it is shown no more. */
export async function fileUrl(path: string, key?: string): Promise<string> {
  return URL.createObjectURL(await (await request(path, key ? { key } : {})).blob());
}
