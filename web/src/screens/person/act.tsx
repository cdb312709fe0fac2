// SPDX-License-Identifier: MPL-2.0
// An act about somebody registered: what it is about is asked, what stands is shown, and only what is wrong is written anew.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { getJson, Refusal } from "../../api/client";
import type { CaseMade, CountryForm, Person } from "../../api/types";
import { me } from "../../app/me";
import { address, go } from "../../app/router";
import { today } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { getAt, setAt, type Members } from "../../base/pointer";
import { dropTyped, keepTyped, notKept, typedBefore } from "../../desk/typed";
import { check } from "../../form/check";
import { Control, controlId } from "../../form/controls";
import { country, formOf, say } from "../../form/country";
import { fieldErrors } from "../../form/errors";
import { partTitle, valueText } from "../../form/display";
import { isAsked } from "../../form/pages";
import { placesKnown } from "../../form/places";
import type { FormShape } from "../../form/types";
import { Radios } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, Notice, SummaryList, Warning, type FieldError } from "../../ui/page";
import { language, t } from "../../words/words";
import { nameOf } from "./record";
import { changedFields, parts, shown, standing, touched, type Part } from "./restate";

interface Forms {
  form: FormShape;
  base: FormShape | null;
}

/** What stays on the device until it is sent; worth nothing once the record says something else (`before`). */
interface Kept {
  case: string;
  before: string;
  answers: Members;
  open: string[];
}

/** The heading of a page of what stands: its part's. */
const heading = ({ page, fields }: Part): string => partTitle(fields[0]?.path ?? "") || say(page.title);

/** One page of what stands: told, until one presses for changing it. `first`: the page before was of another part. */
function Restated({ part, first, answers, put, error, open, onOpen }: {
  part: Part; first: boolean; answers: Members; put: (path: string, value: Parameters<typeof setAt>[2]) => void; error: (id: string) => string | undefined; open: boolean; onOpen: () => void;
}) {
  const { page, fields } = part, object = page.optional;
  const there = object === undefined || getAt(answers, object) !== undefined;
  const title = heading(part);
  return (
    <section class="civis-item">
      {first ? <h3 class="govuk-heading-s">{title}</h3> : null}
      {open ? (
        <>
          {object !== undefined ? (
            <Radios id={`enter${object.replace(/\//g, "-")}`} label={say(page.optional_title ?? page.title)} value={there ? "yes" : "no"}
              choices={[{ value: "yes", label: t("form.yes") }, { value: "no", label: t("form.no") }]}
              onValue={(v) => put(object, v === "yes" ? getAt(answers, object) ?? {} : undefined)} />
          ) : null}
          {there ? fields.map((f) => <Control key={f.path} field={f} value={getAt(answers, f.path)} error={error(controlId(f.path))} onValue={(v) => put(f.path, v)} />) : null}
        </>
      ) : (
        <>
          {there ? <SummaryList rows={fields.filter((f) => getAt(answers, f.path) !== undefined).map((f) => ({ key: say(f.title), value: valueText(f, getAt(answers, f.path)) }))} />
            : <p class="govuk-body">{t("form.blank")}</p>}
          <Button kind="secondary" onPress={onOpen}>{t("person.change")}<span class="govuk-visually-hidden"> {title}: {fields.map((f) => say(f.title)).join(", ")}</span></Button>
        </>
      )}
    </section>
  );
}

export function Act({ person, kind }: { person: Person; kind: string }) {
  const [forms, setForms] = useState<Forms | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const base = country.get()?.kinds.find((k) => k.kind === kind)?.base ?? null;
    Promise.all([formOf(kind), base ? formOf(base) : null]).then(([form, b]) => setForms({ form, base: b }), (e: unknown) => setFailure(failureText(e)));
  }, [kind]);
  if (failure) return <><BackLink href={address("person", person.id)} /><h1 class="govuk-heading-l">{say(`kind.${kind}`)}</h1><Notice>{failure}</Notice></>;
  return forms ? <Fill person={person} kind={kind} {...forms} /> : <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
}

function Fill({ person, kind, form, base }: { person: Person; kind: string } & Forms) {
  const role = me()?.role ?? "", c = country.get();
  const before = useMemo(() => standing(form, base, person.birth as unknown as Members), [form, base, person]);
  const [answers, setAnswers] = useState<Members>(before);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const id = useRef<string>(crypto.randomUUID()), key = useRef(crypto.randomUUID());
  const place = `${kind}-${person.id}`, stands = JSON.stringify(before), full = useObservable(notKept);
  useObservable(placesKnown);
  useEffect(() => {
    void typedBefore<Kept>(place).then((kept) => {
      if (kept?.before !== stands) return;
      id.current = kept.case;
      setOpen(new Set(kept.open));
      setAnswers((now) => (now === before ? kept.answers : now));
    }, () => undefined);
  }, [place]);
  // Before anything else can happen on the page: the last letter as well.
  useLayoutEffect(() => {
    if (answers !== before) keepTyped(place, { case: id.current, before: stands, answers, open: [...open] } satisfies Kept);
  }, [answers, open]);
  const { own, restated } = parts(form, base, role);
  const asked = restated.filter((p) => isAsked(p.page, answers));
  const put = (path: string, value: Parameters<typeof setAt>[2]) => setAnswers((a) => setAt(a, path, value));
  const changed = base ? changedFields(form, before, answers).filter((f) => base.fields.some((b) => b.path === f.path)) : [];
  const needs = touched(form, (form as FormShape & Partial<Pick<CountryForm, "changes">>).changes ?? [], before, answers);
  const lacking = needs.filter((n) => !n.needs.some((k) => shown(form, answers).includes(k)));

  function wrong(): FieldError[] {
    const fields = [...own.filter((p) => isAsked(p.page, answers)), ...restated.filter((p) => open.has(p.page.id))].flatMap((p) => p.fields);
    const list: FieldError[] = c ? fieldErrors(check(form, fields, answers, c, today(c.zone_minutes)), form.fields) : [];
    if (base && form.kind === "correction" && !changed.length) list.push({ id: "restated", text: t("person.nothing_changed") });
    return list;
  }

  function fromServer(e: unknown): FieldError[] {
    if (!(e instanceof Refusal) || !e.problem.errors?.length) return [{ id: "", text: failureText(e) }];
    const at = e.problem.errors.map((f) => ({ path: f.pointer.replace(/^\/declaration/, ""), text: f.message }));
    setOpen((o) => new Set([...o, ...restated.filter((p) => p.fields.some((f) => at.some((x) => x.path === f.path))).map((p) => p.page.id)]));
    return at.map(({ path, text }) => ({ id: form.fields.some((f) => f.path === path) ? controlId(path) : "", text }));
  }

  async function submit(): Promise<void> {
    const list = wrong();
    setErrors(list);
    if (list.length || busy) return;
    setBusy(true);
    try {
      const reads = c?.languages.includes(language.get()) ? language.get() : c?.native_language ?? "en";
      const made = await getJson<CaseMade>("/api/v1/cases", { key: key.current, body: { id: id.current, kind, person: person.id, language: reads, declaration: answers } });
      dropTyped(place);
      go("case", made.id);
    } catch (e) {
      if (e instanceof Refusal) key.current = crypto.randomUUID(); // answered: the next try is another request
      setErrors(fromServer(e));
      setBusy(false);
    }
  }

  const error = (at: string) => errors.find((e) => e.id === at)?.text;
  return (
    <Form onSubmit={() => void submit()}>
      <BackLink href={address("person", person.id)} />
      <ErrorSummary errors={errors} />
      <span class="govuk-caption-l">{String(nameOf(base ?? form, person.birth as unknown as Members, "native") ?? "")}</span>
      <h1 class="govuk-heading-l">{say(`kind.${kind}`)}</h1>
      <div role="status">{full ? <Warning>{t("form.not_kept")}</Warning> : null}</div>
      {own.filter((p) => isAsked(p.page, answers)).map((p) => (
        <section key={p.page.id}>
          {p.fields.length > 1 ? <h2 class="govuk-heading-m">{say(p.page.title)}</h2> : null}
          {p.fields.map((f) => <Control key={f.path} field={f} value={getAt(answers, f.path)} error={error(controlId(f.path))} onValue={(v) => put(f.path, v)} />)}
        </section>
      ))}
      {restated.length ? (
        <section aria-labelledby="restated">
          <h2 class="govuk-heading-m" id="restated" tabIndex={-1}>{t("person.restated")}</h2>
          <p class="govuk-body">{t("person.restated_text")}</p>
          {asked.map((p, i) => <Restated key={p.page.id} part={p} first={!i || heading(p) !== heading(asked[i - 1] as Part)} answers={answers} put={put} error={error} open={open.has(p.page.id)}
            onOpen={() => setOpen(new Set([...open, p.page.id]))} />)}
        </section>
      ) : null}
      <div aria-live="polite">
        {changed.length ? (
          <section>
            <h2 class="govuk-heading-m">{t("person.will_change")}</h2>
            <SummaryList rows={changed.map((f) => ({
              key: `${partTitle(f.path)} ${say(f.title)}`.trim(),
              value: <>{t("person.from")}: {valueText(f, getAt(before, f.path))}<br /><strong>{t("person.to")}: {valueText(f, getAt(answers, f.path))}</strong></>,
            }))} />
          </section>
        ) : null}
        {lacking.map((n) => <Warning key={n.of.join()}>{t("person.needs", { what: n.of.map((p) => partTitle(`${p}/`) || say(form.fields.find((f) => f.path === p)?.title ?? p)).join(", "), kinds: n.needs.map((k) => say(`evidence.${k}`)).join(", ") })}</Warning>)}
      </div>
      <Button busy={busy}>{t("person.send")}</Button>
    </Form>
  );
}
