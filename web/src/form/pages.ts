// SPDX-License-Identifier: MPL-2.0
// Which questions a role is asked, in which order.
import { below, getAt, isMembers, type Members } from "../base/pointer";
import type { CountryKind } from "../api/types";
import type { Field, FormShape, Page } from "./types";

/** Where the entry in a book of paper stands: of what is copied from one it is asked, and of nothing else. */
const BOOK = "/book";

/** The pack's pages for a role; for a form without any, one page for each object and each field outside. `transcribes`: what is
    declared is copied from a book of paper. */
export function pagesFor(form: FormShape, role: string, transcribes = false): Page[] {
  const pages = form.pages?.length ? form.pages : derived(form);
  return pages.filter((p) => (!p.for || p.for.includes(role)) && (transcribes || !p.fields.every((f) => below(f, BOOK))));
}

/** Who opens a case of this kind at offices that work so, and in which state it begins. */
export function declaresAt(kind: CountryKind, regime: string): CountryKind["declare"] {
  const own = kind.declare.filter((d) => d.regime === regime);
  return own.length ? own : kind.declare.filter((d) => d.regime === null);
}

function derived(form: FormShape): Page[] {
  const pages: Page[] = [];
  for (const field of form.fields) {
    const top = `/${field.path.split("/")[1] ?? ""}`;
    const page = pages.find((p) => p.id === top);
    if (page) page.fields.push(field.path);
    else pages.push({ id: top, title: field.path === top ? field.title : `part.${top.slice(1)}`, fields: [field.path],
      ...(form.objects.some((o) => o.path === top && !o.required) ? { optional: top } : {}) });
  }
  return pages;
}

/** Whether a page is asked, as answered so far. */
export function isAsked(page: Page, answers: Members): boolean {
  if (!page.when) return true;
  const value = getAt(answers, page.when.field);
  return page.when.value === undefined ? (value !== undefined) === (page.when.present ?? true) : String(value ?? "") === page.when.value;
}

export const fieldsOf = (form: FormShape, page: Page): Field[] =>
  page.fields.map((path) => form.fields.find((f) => f.path === path)).filter((f): f is Field => f !== undefined);

/** Whether an object has to be there when what holds it is; in a notification, one that holds what is marked for it. */
const mustHold = (form: FormShape, o: FormShape["objects"][number], notice: boolean): boolean =>
  (notice && o.notice) || (o.required && (!notice || form.fields.some((f) => f.notice && below(f.path, o.path))));

/** Whether what holds a field is being entered: each object above it is there, or has to be. */
export function isEntered(form: FormShape, pointer: string, answers: Members, notice = false): boolean {
  return form.objects.filter((o) => o.path !== pointer && below(pointer, o.path)).every((o) => isMembers(getAt(answers, o.path)) ||
    (mustHold(form, o, notice) && isEntered(form, o.path, answers, notice)));
}

export const mustBeThere = (form: FormShape, field: Field, answers: Members, notice = false): boolean =>
  (notice ? field.notice : field.required) && isEntered(form, field.path, answers, notice);

/** The part of a title's words for an object: "/mother/name" is named by part.mother.name, else part.mother. */
export function partKeys(path: string): string[] {
  const words = path.split("/").slice(1, -1);
  const keys: string[] = [];
  for (let n = words.length; n > 0; n--) keys.push(`part.${words.slice(0, n).join(".")}`);
  return keys;
}
