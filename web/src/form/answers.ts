// SPDX-License-Identifier: MPL-2.0
// A declaration while it is being written: what was answered so far, and which of its optional parts are entered.
import { getAt, isMembers, setAt, type Members } from "../base/pointer";
import type { FormShape, Page } from "./types";

export interface Answered {
  answers: Members;
  /** Of an optional part: whether it is entered or left blank; none: it was not decided yet. */
  parts: Record<string, boolean>;
}

/** The answers with the parts that are being entered, be they empty still. */
export function entered(d: Answered): Members {
  let answers = d.answers;
  for (const [part, yes] of Object.entries(d.parts)) if (yes && getAt(answers, part) === undefined) answers = setAt(answers, part, {});
  return answers;
}

/** The list of papers is asked for as photographs, on a page of its own. */
export const isPhotographs = (form: FormShape, page: Page): boolean => form.evidence !== null && page.fields.includes(form.evidence);

/** What a declaration says was shown: what was photographed is among it. */
export function withEvidence(form: FormShape, answers: Members, photographed: readonly string[]): Members {
  if (!form.evidence) return answers;
  const listed = getAt(answers, form.evidence), items = Array.isArray(listed) ? listed : [];
  const known = form.fields.find((f) => f.path === form.evidence)?.items?.flatMap((i) => i.choices ?? []).map((c) => c.value) ?? [];
  const has = (kind: string) => items.some((i) => isMembers(i) && i["kind"] === kind);
  const added = [...new Set(photographed)].filter((kind) => known.includes(kind) && !has(kind)).map((kind) => ({ kind }));
  return added.length ? setAt(answers, form.evidence, [...items, ...added]) : answers;
}
