// SPDX-License-Identifier: MPL-2.0
// Nothing is asked twice: who declares is often somebody whose name stands in the declaration already.
import { getAt } from "../../base/pointer";
import { partTitle } from "../../form/display";
import type { Field, FormShape } from "../../form/types";
import { Button } from "../../ui/page";
import { t } from "../../words/words";
import { answer, type Draft } from "./draft";

const holder = (path: string): string => path.split("/").slice(0, -2).join("/"); // "/mother/name/native" → "/mother"

/** The people named so far, but for whom it is about. */
function named(form: FormShape, d: Draft, here: string): { of: string; native?: string; latin?: string }[] {
  const people = new Map<string, { of: string; native?: string; latin?: string }>();
  for (const f of form.fields) {
    const value = f.script ? getAt(d.answers, f.path) : undefined;
    if (typeof value !== "string" || f.path === form.event.name_native || f.path === form.event.name_latin || holder(f.path) === here) continue;
    const of = holder(f.path);
    people.set(of, { ...(people.get(of) ?? { of }), [f.script ?? ""]: value });
  }
  return [...people.values()];
}

/** On a page that asks for a name and how that person is related to the child. */
export function SameName({ form, d, fields }: { form: FormShape; d: Draft; fields: readonly Field[] }) {
  const relation = fields.find((f) => f.type === "choice" && f.path.endsWith("/relation"));
  const native = fields.find((f) => f.script === "native"), latin = fields.find((f) => f.script === "latin");
  const people = relation && (native ?? latin) ? named(form, d, holder((native ?? latin)?.path ?? "")) : [];
  if (!people.length) return null;
  const take = (p: (typeof people)[number]) => {
    if (native) answer(native.path, p.native);
    if (latin) answer(latin.path, p.latin);
    const same = relation?.choices?.find((c) => c.value === p.of.slice(1));
    if (relation && same) answer(relation.path, same.value);
  };
  return (
    <div class="civis-latin">
      <p class="govuk-body">{t("family.same_name")}</p>
      <div class="govuk-button-group">
        {people.map((p) => <Button key={p.of} kind="secondary" onPress={() => take(p)}>{p.native ?? p.latin} – {partTitle(`${p.of}/x`)}</Button>)}
      </div>
    </div>
  );
}
