// SPDX-License-Identifier: MPL-2.0
// An act about somebody registered restates what stands, changed where it has to be; some changes need something shown for them.
import type { CountryForm } from "../../api/types";
import { getAt, isMembers, setAt, type Json, type Members } from "../../base/pointer";
import { fieldsOf, pagesFor } from "../../form/pages";
import type { Field, FormShape, Page } from "../../form/types";

export type Change = CountryForm["changes"][number];

/** What the form takes over from the standing declaration: the fields of the form that it restates, and those alone. */
export function standing(form: FormShape, base: FormShape | null, declared: Members): Members {
  let made: Members = {};
  for (const field of base ? form.fields.filter((f) => base.fields.some((b) => b.path === f.path)) : []) {
    const value = getAt(declared, field.path);
    if (field.keep === "act" && value !== undefined && value !== null) made = setAt(made, field.path, value);
  }
  return made;
}

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Whether what a pointer names differs: of an object, whether it is there. */
function differs(pointer: string, before: Members, now: Members): boolean {
  const a = getAt(before, pointer), b = getAt(now, pointer);
  return isMembers(a ?? b) ? (a === undefined) !== (b === undefined) : !same(a, b);
}

export const changedFields = (form: FormShape, before: Members, now: Members): Field[] =>
  form.fields.filter((f) => !same(getAt(before, f.path), getAt(now, f.path)));

/** The rules of the pack that these changes touch; a partial date is an object, and yet one field. */
export function touched(form: FormShape, changes: readonly Change[], before: Members, now: Members): Change[] {
  const isField = (p: string) => form.fields.some((f) => f.path === p);
  return changes.filter((c) => c.of.every((p) => (isField(p) ? !same(getAt(before, p), getAt(now, p)) : differs(p, before, now))));
}

export function shown(form: FormShape, answers: Members): string[] {
  const list = form.evidence ? getAt(answers, form.evidence) : undefined;
  return Array.isArray(list) ? list.map((item) => String(getAt(item, "/kind") ?? "")) : [];
}

/** What the act itself must bring about stands already: a child that has a name is not named later. */
export const isDone = (form: FormShape, base: FormShape, declared: Members): boolean =>
  form.rules.some((r) => r.rule === "must_be" && !base.rules.some((b) => b.rule === "must_be" && b.field === r.field) && base.fields.some((f) => f.path === r.field) &&
    getAt(declared, r.field) === r.value);

export interface Part {
  page: Page;
  fields: Field[];
}

/** The pages of the act itself, and those that restate. A field that no page asks for stays as it stands. */
export function parts(form: FormShape, base: FormShape | null, role: string): { own: Part[]; restated: Part[] } {
  const all = pagesFor(form, role).map((page) => ({ page, fields: fieldsOf(form, page) })).filter((p) => p.fields.length);
  const restates = (p: Part) => p.fields.every((f) => base?.fields.some((b) => b.path === f.path) ?? false);
  return { own: all.filter((p) => !restates(p)), restated: all.filter(restates) };
}
