// SPDX-License-Identifier: MPL-2.0
// The questions in the order of asking, as answered so far.
import { getAt, setAt, type Members } from "../../base/pointer";
import { entered, isPhotographs } from "../../form/answers";
import { check, type Wrong as Broken } from "../../form/check";
import { fieldsOf, isAsked, pagesFor } from "../../form/pages";
import type { Country, FormShape, Page } from "../../form/types";
import type { Draft } from "./draft";

/** One screen: whether a part is to be entered at all, or what a page asks. */
export interface Step {
  page: Page;
  /** "ask": whether the optional part is entered. */
  what: "ask" | "fields";
  /** What follows the kind in the address. */
  path: string[];
}

export function stepsOf(form: FormShape, d: Draft): Step[] {
  const steps: Step[] = [], asked = new Set<string>(), answers = entered(d);
  for (const page of pagesFor(form, "family")) {
    if (!isAsked(page, answers) || isPhotographs(form, page)) continue;
    const part = page.optional;
    const ask = part !== undefined && !asked.has(part);
    if (part !== undefined) asked.add(part);
    if (ask) steps.push({ page, what: "ask", path: [page.id] });
    if (part === undefined || d.parts[part]) steps.push({ page, what: "fields", path: ask ? [page.id, "answers"] : [page.id] });
  }
  return steps;
}

/** What is wrong with a step as it stands; "" for a decision that was not taken. */
export function wrongOf(form: FormShape, step: Step, d: Draft, country: Country, day: string): Broken[] {
  const part = step.page.optional;
  if (step.what === "ask") return part !== undefined && d.parts[part] === undefined ? [{ pointer: part, code: "required" }] : [];
  const fields = fieldsOf(form, step.page);
  const broken = check(form, fields, entered(d), country, day);
  for (const w of d.wrong) {
    const at = fields.find((f) => w.pointer === f.path || w.pointer.startsWith(`${f.path}/`));
    if (at && !broken.some((b) => b.pointer === at.path)) broken.push({ pointer: at.path, code: "" });
  }
  return broken;
}

/** The step that asks for what a pointer of the server's names. */
export function stepFor(form: FormShape, steps: readonly Step[], pointer: string): Step | undefined {
  const about = (path: string) => path === pointer || path.startsWith(`${pointer}/`) || pointer.startsWith(`${path}/`);
  return steps.find((s) => s.what === "fields" && fieldsOf(form, s.page).some((f) => about(f.path))) ??
    steps.find((s) => s.page.optional !== undefined && about(s.page.optional));
}

/** Without what belongs to pages that are not asked any more. */
export function onlyAsked(form: FormShape, d: Draft): Members {
  const keep = new Set(stepsOf(form, d).flatMap((s) => (s.what === "fields" ? s.page.fields : [])));
  let answers = d.answers;
  for (const field of form.fields)
    if (!keep.has(field.path) && field.path !== form.evidence && getAt(answers, field.path) !== undefined) answers = setAt(answers, field.path, undefined);
  return answers;
}
