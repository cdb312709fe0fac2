// SPDX-License-Identifier: MPL-2.0
// What can be told at once, before the server judges: missing, no date, in the future, wrong script, too long. It is the
// server that decides; a rule it has and this has not is told when the declaration arrives.
import { isDate, today, type PartialDate } from "../base/dates";
import { getAt, isMembers, type Json, type Members } from "../base/pointer";
import { utf8Length } from "../base/text";
import { isEntered, mustBeThere } from "./pages";
import type { Country, Field, FormShape } from "./types";

export interface Wrong {
  pointer: string;
  code: string;
}

const SCRIPTS: Record<string, RegExp> = { Khmr: /\p{Script=Khmer}/u, Mymr: /\p{Script=Myanmar}/u, Latn: /\p{Script=Latin}/u };

function nameCode(text: string, field: Field, country: Country): string | null {
  if (!field.script) return null;
  const script = SCRIPTS[field.script === "latin" ? "Latn" : country.names.script];
  const extra = field.script === "latin" ? country.names.latin_extra : country.names.native_extra;
  const code = field.script === "latin" ? "not_latin_script" : "not_native_script";
  if (!script) return null;
  for (const c of text) if (!script.test(c) && !/\p{M}/u.test(c) && !extra.includes(c.codePointAt(0) ?? 0)) return code;
  return null;
}

function numberCode(value: Json, field: Field): string | null {
  if (typeof value !== "number" || !Number.isInteger(value)) return "wrong_type";
  return value < (field.min ?? value) || value > (field.max ?? value) ? "out_of_range" : null;
}

/** The last possible day that a partial date may mean is not told; its first possible day is what a rule looks at. */
const firstDay = (value: string): string => `${value}-01-01`.slice(0, 10);

function valueCode(value: Json, field: Field, country: Country): string | null {
  switch (field.type) {
    case "name":
    case "text": {
      if (typeof value !== "string" || !value) return "required";
      const bytes = utf8Length(value);
      if (bytes > field.max_bytes) return "too_long";
      if (bytes < field.min_bytes) return "too_short";
      return field.type === "name" ? nameCode(value, field, country) : null;
    }
    case "date":
      return typeof value === "string" && isDate(value) ? null : "not_a_date";
    case "partial_date": {
      const date = value as unknown as PartialDate;
      return isMembers(value) && (date.precision === "unknown" || Boolean(date.value)) ? null : "not_a_date";
    }
    case "time":
      return typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? null : "not_a_time";
    case "number":
      return numberCode(value, field);
    default:
      return null;
  }
}

const dateOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : isMembers(value) && typeof value["value"] === "string" ? firstDay(value["value"]) : undefined;

/** The time of day in the country's zone. */
const timeNow = (zoneMinutes: number): string => new Date(Date.now() + zoneMinutes * 60_000).toISOString().slice(11, 16);

/** The rules about a field's value that need no more than the declaration and the day. */
function ruleBroken(form: FormShape, answers: Members, pointer: string, country: Country, day: string, notice: boolean): string | null {
  for (const r of form.rules) {
    if (r.field !== pointer || r.warn) continue;
    const value = getAt(answers, r.field), other = r.other === undefined ? undefined : getAt(answers, r.other);
    const date = dateOf(value), otherDate = dateOf(other);
    const broken =
      r.rule === "not_future" ? date !== undefined && date > day :
      r.rule === "not_before" ? date !== undefined && date < (r.value ?? "") :
      r.rule === "not_before_field" ? date !== undefined && otherDate !== undefined && date < otherDate :
      r.rule === "must_be" ? value !== undefined && String(value) !== r.value :
      r.rule === "required_with" ? other !== undefined && (value === undefined ? !notice : r.value !== undefined && String(value) !== r.value) :
      r.rule === "not_with" ? value !== undefined && other !== undefined && (r.value === undefined || String(other) === r.value) :
      r.rule === "not_above" ? typeof value === "number" && typeof other === "number" && value > other :
      r.rule === "time_not_future" ? typeof value === "string" && otherDate === day && day === today(country.zone_minutes) && value > timeNow(country.zone_minutes) :
      false;
    if (broken) return r.code;
  }
  return null;
}

/** Rules about whether an object or a field is there at all, reported at the field of this page, wherever the other is asked. */
function presenceBroken(form: FormShape, fields: readonly Field[], answers: Members): Wrong[] {
  const wrong: Wrong[] = [];
  const shown = (pointer: string) => fields.find((f) => f.path === pointer || f.path.startsWith(`${pointer}/`));
  for (const r of form.rules) {
    const at = shown(r.field);
    if (!at || r.warn || !r.other || getAt(answers, r.field) !== undefined || !isEntered(form, r.field, answers)) continue;
    const other = getAt(answers, r.other);
    const broken = r.rule === "present_if" ? String(other) === r.value : r.rule === "present_with" ? other !== undefined :
      r.rule === "one_of" && other === undefined;
    if (broken) wrong.push({ pointer: at.path, code: r.code });
  }
  return wrong;
}

/** What is wrong on a page; each field once. `notice`: of a notification only what is marked is asked for, and what has to be present
    may wait until it is completed. */
export function check(form: FormShape, fields: readonly Field[], answers: Members, country: Country, day: string, notice = false): Wrong[] {
  const wrong: Wrong[] = [];
  for (const field of fields) {
    const value = getAt(answers, field.path);
    const code = value === undefined && mustBeThere(form, field, answers, notice) ? "required"
      : (value === undefined ? null : valueCode(value, field, country)) ?? ruleBroken(form, answers, field.path, country, day, notice);
    if (code) wrong.push({ pointer: field.path, code });
  }
  if (!notice) for (const w of presenceBroken(form, fields, answers)) if (!wrong.some((x) => x.pointer === w.pointer)) wrong.push(w);
  return wrong;
}
