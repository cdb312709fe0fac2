// SPDX-License-Identifier: MPL-2.0
// What the client tells at once of a declaration, with the shipped forms: nothing that the server then refuses may be called done.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setAt, type Json, type Members } from "../../../web/src/base/pointer";
import { check } from "../../../web/src/form/check";
import { fieldsOf, pagesFor } from "../../../web/src/form/pages";
import type { Country, Field, FormShape } from "../../../web/src/form/types";

const root = process.env["CIVIS_ROOT"] ?? process.cwd();

/** As the server tells it: what a form file leaves out has its default. */
function formOf(country: string, kind: string): FormShape {
  const f = JSON.parse(readFileSync(join(root, "country", country, "forms", `${kind}.json`), "utf8")) as FormShape;
  const whole = (x: Field): Field => ({ ...x, required: Boolean(x.required), notice: Boolean(x.notice), max_bytes: x.max_bytes ?? 500, min_bytes: x.min_bytes ?? 0 });
  return { ...f, fields: f.fields.map(whole), objects: f.objects.map((o) => ({ path: o.path, required: Boolean(o.required), notice: Boolean(o.notice) })),
    rules: f.rules.map((r) => ({ ...r, warn: Boolean(r.warn) })) };
}

const country = { zone_minutes: 420, names: { script: "Khmr", native_extra: [], latin_extra: [32] } } as unknown as Country;
const DAY = "2026-11-22";
const birth = formOf("khm", "birth");
const members = (values: Record<string, Json>): Members => Object.entries(values).reduce((all, [at, v]) => setAt(all, at, v), {} as Members);
const wrongOn = (page: string, answers: Members, role = "commune_official", notice = false): string[] => {
  const found = pagesFor(birth, role).find((p) => p.id === page);
  assert.ok(found, page);
  return check(birth, fieldsOf(birth, found), answers, country, DAY, notice).map((w) => `${w.pointer} ${w.code}`);
};

test("one of two that are asked on different pages is missed where its field is asked", () => {
  assert.deepEqual(wrongOn("place", members({ "/child/sex": "female" })), ["/child/birth/place required"]);
  assert.deepEqual(wrongOn("place", members({ "/child/birth/place": "04990101" })), []);
  assert.deepEqual(wrongOn("place", members({ "/child/birth/abroad/country": "TH" })), []);
});

test("what is left blank as a whole is missed nowhere", () => {
  assert.deepEqual(wrongOn("mother", {}), []);
  assert.deepEqual(wrongOn("mother", members({ "/mother/nationality_declared": "x" })), ["/mother/name/native required"]);
  assert.deepEqual(wrongOn("father", {}), []);
});

test("a name has to be there exactly when the child is said to be named", () => {
  assert.deepEqual(wrongOn("name", members({ "/child/naming": "named" })), ["/child/name/native required"]);
  assert.deepEqual(wrongOn("name", members({ "/child/naming": "not_yet_named" })), []);
});

test("numbers and dates that contradict each other are told", () => {
  assert.deepEqual(wrongOn("delivery", members({ "/delivery/count": 2, "/delivery/order": 3 })), ["/delivery/order out_of_range"]);
  assert.deepEqual(wrongOn("delivery", members({ "/delivery/count": 2, "/delivery/order": 2 })), []);
  assert.deepEqual(wrongOn("born", members({ "/child/birth/date": "2026-11-23" })), ["/child/birth/date in_the_future"]);
});

test("a clerk's notice asks for what is marked and for nothing else", () => {
  const blank: Members = {};
  const asked = pagesFor(birth, "hospital_clerk").flatMap((p) => wrongOn(p.id, blank, "hospital_clerk", true));
  assert.deepEqual(asked, ["/child/sex required", "/child/birth/date required", "/child/live_born required", "/notice/visit_consent required"]);
  const whole = members({ "/child/sex": "male", "/child/birth/date": DAY, "/child/live_born": true, "/notice/visit_consent": false });
  assert.deepEqual(pagesFor(birth, "hospital_clerk").flatMap((p) => wrongOn(p.id, whole, "hospital_clerk", true)), []);
  assert.deepEqual(wrongOn("live", members({ "/child/live_born": false }), "hospital_clerk", true), ["/child/live_born must_be_live_born"]);
  // Who writes the whole declaration is asked for more.
  assert.deepEqual(wrongOn("place", whole), ["/child/birth/place required"]);
});
