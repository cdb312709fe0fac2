// SPDX-License-Identifier: MPL-2.0
// Records that may be the same child, side by side with this one. What differs is marked by a word, not by colour alone.
import { useObservable } from "../../base/observable";
import { dateText } from "../../base/dates";
import { address } from "../../app/router";
import { getAt, isMembers } from "../../base/pointer";
import type { Candidate, Case } from "../../desk/api";
import { dateWords, say, useCountry } from "../../form/country";
import { placeName, placesKnown } from "../../form/places";
import type { FormShape } from "../../form/types";
import { digits, language, t } from "../../words/words";
import { stateTitle } from "./queue";

type Row = { label: string; mine: string | null; theirs: string | null };

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const date = (value: string | null): string | null => (value && /^\d{4}(-\d{2}){0,2}$/.test(value) ? dateText(value, dateWords(), language.get()) : value);
const place = (code: string | null): string | null => (code ? placeName(code) : null);

function sexText(form: FormShape, value: string | null): string | null {
  const field = form.fields.find((f) => f.path === "/child/sex");
  const choice = field?.choices?.find((c) => c.value === value || c.value.startsWith(value ?? "?"));
  return choice ? say(choice.title) : value;
}

function rows(c: Case, form: FormShape, other: Candidate): Row[] {
  const at = (pointer: string) => getAt(c.declaration, pointer);
  const mother = at("/mother/birth_date");
  const motherDate = isMembers(mother) ? text(mother["value"]) : null;
  const child = say("part.child"), parent = say("part.mother");
  return [
    { label: `${child}: ${say("form.name.native")}`, mine: text(at("/child/name/native")), theirs: other.child.native },
    { label: `${child}: ${say("form.name.latin")}`, mine: text(at("/child/name/latin")), theirs: other.child.latin },
    { label: say("form.sex"), mine: sexText(form, text(at("/child/sex"))), theirs: sexText(form, other.child.sex) },
    { label: `${child}: ${say("form.birth_date")}`, mine: date(text(at("/child/birth/date"))), theirs: date(other.child.birth_date) },
    { label: say("form.birth_place"), mine: place(text(at("/child/birth/place"))), theirs: place(other.place) },
    { label: `${parent}: ${say("form.name.native")}`, mine: text(at("/mother/name/native")), theirs: other.mother.native },
    { label: `${parent}: ${say("form.name.latin")}`, mine: text(at("/mother/name/latin")), theirs: other.mother.latin },
    { label: `${parent}: ${say("form.birth_date")}`, mine: date(motherDate), theirs: date(other.mother.birth_date) },
  ].filter((r) => r.mine !== null || r.theirs !== null);
}

function Beside({ c, form, other, title }: { c: Case; form: FormShape; other: Candidate; title: string }) {
  const country = useCountry();
  useObservable(placesKnown);
  return (
    <div class="civis-scroll" tabIndex={0} role="region" aria-label={title}>
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m">
          {title} · {country ? stateTitle(country.kinds, other.state, c.kind) : other.state} · {t("desk.likeness", { score: digits(Math.round(other.score / 100)) })}
        </caption>
        <thead class="govuk-table__head">
          <tr class="govuk-table__row">
            <th scope="col" class="govuk-table__header">{t("desk.line")}</th>
            <th scope="col" class="govuk-table__header">{t("desk.this_one")}</th>
            <th scope="col" class="govuk-table__header">{t("desk.other_one")}</th>
          </tr>
        </thead>
        <tbody class="govuk-table__body">
          {rows(c, form, other).map((r) => {
            const differs = r.mine !== r.theirs;
            return (
              <tr class="govuk-table__row" key={r.label}>
                <th scope="row" class="govuk-table__header">{r.label}</th>
                <td class="govuk-table__cell">{r.mine ?? "–"}</td>
                <td class="govuk-table__cell">{differs ? <><mark>{r.theirs ?? "–"}</mark><br /><strong class="govuk-tag govuk-tag--yellow">{t("desk.differs")}</strong></> : <>{r.theirs}<span class="govuk-visually-hidden"> ({t("desk.same")})</span></>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {other.not_shown ? <p class="govuk-body">{t("desk.not_shown")}</p> : null}
      {other.case ? <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("case", other.case)}>{t("desk.open_other")}</a></p> : <p class="govuk-body-s">{t("desk.other_office")}</p>}
    </div>
  );
}

export function Duplicates({ c, form }: { c: Case; form: FormShape }) {
  const found = c.duplicates;
  if (!found.searched && c.next.length) return <p class="govuk-inset-text">{t("desk.not_searched")}</p>;
  if (!found.candidates.length && !found.same_delivery.length) return null;
  return (
    <section aria-labelledby="duplicates">
      <h2 class="govuk-heading-m" id="duplicates">{t("desk.duplicates", { n: digits(found.candidates.length) })}</h2>
      {found.candidates.length ? <p class="govuk-body">{t("desk.duplicates_text")}</p> : null}
      {found.candidates.map((other) => <Beside key={other.object_id} c={c} form={form} other={other} title={t("desk.candidate")} />)}
      {found.same_delivery.map((other) => <Beside key={other.object_id} c={c} form={form} other={other} title={t("desk.twin")} />)}
    </section>
  );
}
