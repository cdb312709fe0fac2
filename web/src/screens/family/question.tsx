// SPDX-License-Identifier: MPL-2.0
// One question: what a page of the form asks, or whether an optional part is to be entered.
import { useEffect, useState } from "preact/hooks";
import { go } from "../../app/router";
import { today } from "../../base/dates";
import { getAt } from "../../base/pointer";
import { tidy } from "../../base/text";
import { Control, controlId } from "../../form/controls";
import { hasWord, say } from "../../form/country";
import { fieldErrors } from "../../form/errors";
import { askedAbout, partTitle } from "../../form/display";
import { Listen } from "../../form/listen";
import { fieldsOf } from "../../form/pages";
import type { Field } from "../../form/types";
import { Radios } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, Form, type FieldError } from "../../ui/page";
import { t } from "../../words/words";
import { answer, change, draft, type Draft } from "./draft";
import { LatinHelp } from "./latin_help";
import { OnPaper, type Ready } from "./ready";
import { SameName } from "./same_name";
import { wrongOf, type Step } from "./steps";
import { wrongText } from "./words";

export interface QuestionProps {
  ready: Ready;
  d: Draft;
  step: Step;
  progress: string;
  /** What comes after this one, given the answers as they then are. */
  onward: () => string[];
}

function Ask({ ready, d, step, progress, onward }: QuestionProps) {
  const part = step.page.optional ?? "";
  const [errors, setErrors] = useState<FieldError[]>([]);
  const title = step.page.optional_title ? say(step.page.optional_title) : t("family.ask_part", { part: partTitle(`${part}/`) });
  const yes = d.parts[part];
  function next(): void {
    if (draft.get()?.parts[part] === undefined) return setErrors([{ id: "ask", text: t("family.wrong_choose") }]);
    go(...onward());
  }
  return (
    <Form onSubmit={next}>
      <BackLink onBack={() => history.back()} />
      <ErrorSummary errors={errors} />
      <p class="govuk-caption-l">{progress}</p>
      <Listen form={ready.form} keys={[step.page.optional_title, step.page.hint]} />
      <Radios id="ask" heading label={title} hint={step.page.hint && hasWord(step.page.hint) ? say(step.page.hint) : t("family.ask_hint")}
        error={errors[0]?.text} value={yes === undefined ? undefined : yes ? "yes" : "no"}
        onValue={(v) => change({ parts: { ...d.parts, [part]: v === "yes" } })}
        choices={[{ value: "yes", label: t("form.yes") }, { value: "no", label: t("form.no") }]} />
      <Button>{t("core.continue")}</Button>
      <OnPaper office={d.office} />
    </Form>
  );
}

const isText = (f: Field): boolean => f.type === "name" || f.type === "text";

function Fields({ ready, d, step, progress, onward }: QuestionProps) {
  const fields = fieldsOf(ready.form, step.page);
  const [errors, setErrors] = useState<FieldError[]>(() => summary(d));
  function summary(of: Draft): FieldError[] {
    const wrong = wrongOf(ready.form, step, of, ready.country, today(ready.country.zone_minutes)).filter((w) => w.code === "");
    return fieldErrors(wrong, fields, (w) => wrongText(of, w.pointer, w.code));
  }
  useEffect(() => setErrors(summary(d)), [step.page.id]);

  function next(): void {
    for (const f of fields) {
      const typed = getAt(draft.get()?.answers, f.path);
      if (isText(f) && typeof typed === "string" && tidy(typed) !== typed) answer(f.path, tidy(typed) || undefined);
    }
    const now = draft.get();
    if (!now) return;
    const list = fieldErrors(wrongOf(ready.form, step, now, ready.country, today(ready.country.zone_minutes)), fields, (w, field) => wrongText(now, w.pointer, w.code, field));
    setErrors(list);
    if (!list.length) go(...onward());
  }

  const title = say(step.page.title), said = step.page.hint && hasWord(step.page.hint) ? say(step.page.hint) : undefined;
  const about = askedAbout(ready.form, step.page, d.answers);
  const hint = about ? <>{said} <strong class="civis-line govuk-body-l" lang={about.lang}>{about.text}</strong></> : said;
  const alone = fields.length === 1;
  const error = (f: Field) => errors.find((e) => e.id === controlId(f.path))?.text;
  const native = fields.find((f) => f.script === "native"), latin = fields.find((f) => f.script === "latin");
  return (
    <Form onSubmit={next}>
      <BackLink onBack={() => history.back()} />
      <ErrorSummary errors={errors} />
      <p class="govuk-caption-l">{progress}</p>
      <Listen form={ready.form} keys={[step.page.title, step.page.hint, ...(alone ? [] : fields.map((f) => f.title))]} />
      {alone ? null : <h1 class="govuk-heading-l">{title}</h1>}
      {alone || !hint ? null : <p class="govuk-hint">{hint}</p>}
      <SameName form={ready.form} d={d} fields={fields} />
      {fields.map((f) => (
        <Control key={`${d.case}${f.path}`} field={f} heading={alone} {...(alone ? { label: title } : {})} {...(alone && hint ? { hint } : {})}
          value={getAt(d.answers, f.path)} onValue={(v) => answer(f.path, v)} error={error(f)} />
      ))}
      {native && latin ? <LatinHelp native={String(getAt(d.answers, native.path) ?? "")} latin={latin} now={String(getAt(d.answers, latin.path) ?? "")} /> : null}
      <Button>{t("core.continue")}</Button>
      <OnPaper office={d.office} />
    </Form>
  );
}

export function Question(p: QuestionProps) {
  return p.step.what === "ask" ? <Ask {...p} /> : <Fields {...p} />;
}
