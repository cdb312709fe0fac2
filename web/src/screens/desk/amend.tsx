// SPDX-License-Identifier: MPL-2.0
// The declaration to change or complete: the pages as people are asked for them, under one another, since an officer mends a few lines.
// What lacks something is open.
import { useRef, useState } from "preact/hooks";
import { me } from "../../app/me";
import { today } from "../../base/dates";
import { getAt, isMembers, setAt, type Json, type Members } from "../../base/pointer";
import { Control, controlId } from "../../form/controls";
import { check } from "../../form/check";
import { country, hasWord, say } from "../../form/country";
import { partTitle } from "../../form/display";
import { fieldsOf, isAsked, pagesFor } from "../../form/pages";
import type { FormShape, Page } from "../../form/types";
import { Radios } from "../../ui/fields";
import { t } from "../../words/words";

/** What this officer is asked; whom the pack names nowhere is asked what the office is. */
export function askedPages(form: FormShape, declaration: Members, transcribes: boolean): Page[] {
  const own = pagesFor(form, me()?.role ?? "", transcribes);
  return (own.length ? own : pagesFor(form, "commune_official", transcribes)).filter((p) => isAsked(p, declaration));
}

interface Props {
  form: FormShape;
  value: Members;
  onValue: (change: (before: Members) => Members) => void;
  error: (id: string) => string | undefined;
}

function AskedPage({ form, page, value, onValue, error }: Props & { page: Page }) {
  const part = page.optional, left = useRef<Json | undefined>(undefined), fields = fieldsOf(form, page);
  const enters = part === undefined || isMembers(getAt(value, part));
  const zone = country.get();
  const lacks = () => zone !== null && enters && check(form, fields, value, zone, today(zone.zone_minutes)).length > 0;
  const [open, setOpen] = useState(lacks); // what is complete is opened by whoever wants to change it
  const wrong = fields.some((f) => error(controlId(f.path)));
  const enter = (path: string, yes: boolean) => onValue((d) => {
    if (!yes) left.current = getAt(d, path);
    return setAt(d, path, yes ? left.current ?? {} : undefined);
  });
  return (
    <details class="govuk-details" open={open || wrong} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{say(page.title)}</span></summary>
      <div class="govuk-details__text">
      {page.hint && hasWord(page.hint) ? <p class="govuk-hint">{say(page.hint)}</p> : null}
      {part !== undefined ? (
        <Radios id={`part${controlId(part)}`} label={page.optional_title ? say(page.optional_title) : partTitle(`${part}/`)} value={enters ? "yes" : "no"} onValue={(v) => enter(part, v === "yes")}
          choices={[{ value: "yes", label: t("form.yes") }, { value: "no", label: t("form.no") }]} />
      ) : null}
      {enters ? fields.map((f) => <Control key={f.path} field={f} value={getAt(value, f.path)} error={error(controlId(f.path))}
        onValue={(v) => onValue((d) => setAt(d, f.path, v))} />) : null}
      </div>
    </details>
  );
}

/** `transcribes`: it is copied from a book of paper. */
export function Amend({ transcribes, ...p }: Props & { transcribes: boolean }) {
  return <>{askedPages(p.form, p.value, transcribes).map((page) => <AskedPage key={page.id} {...p} page={page} />)}</>;
}
