// SPDX-License-Identifier: MPL-2.0
// One declaration on the device: its list of questions, each on its own page; the evidence; the reading and signing; the finish.
import { useEffect, useState } from "preact/hooks";
import { me } from "../../app/me";
import { address, go } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { useObservable } from "../../base/observable";
import { getAt } from "../../base/pointer";
import { entered } from "../../form/answers";
import { check } from "../../form/check";
import { Control, controlId } from "../../form/controls";
import { formOf, hasWord, needCountry, say, useCountry } from "../../form/country";
import { askedAbout, partTitle } from "../../form/display";
import { Listen } from "../../form/listen";
import { fieldsOf } from "../../form/pages";
import type { Country, FormShape, Page } from "../../form/types";
import { isFull } from "../../base/kept";
import { answer, askedPages, declarationOf, discard, enterPart, isNewer, nameOf, openDraft, opened, pageState, targetOf, type OfficeDraft } from "../../office/drafts";
import { finish } from "../../office/outbox";
import { todayHere } from "../../office/road";
import { Radios } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, Notice, type FieldError } from "../../ui/page";
import { digits, t } from "../../words/words";
import { Files } from "./files";
import { Locked } from "./locked";
import { Reading } from "./reading";
import { KeptState } from "./standing";

export interface DraftProps {
  d: OfficeDraft;
  form: FormShape;
  country: Country;
  role: string;
  notice: boolean;
  transcribes: boolean;
}

export default function Draft({ path }: ScreenProps) {
  return <Locked><Open path={path} /></Locked>;
}

/** One page of this browser writes a draft; in a second one the two would write over each other. */
function useAlone(id: string): "asking" | "alone" | "elsewhere" {
  const [how, setHow] = useState<"asking" | "alone" | "elsewhere">("asking");
  useEffect(() => {
    let leave: () => void = () => undefined;
    const left = new Promise<void>((done) => { leave = done; });
    const wait = new AbortController();
    setHow("asking");
    const hold = () => { setHow("alone"); return left; };
    void navigator.locks.request(`civis-draft-${id}`, { ifAvailable: true }, (lock) => {
      if (lock) return hold();
      setHow("elsewhere");
      void navigator.locks.request(`civis-draft-${id}`, { signal: wait.signal }, hold).catch(() => undefined);
      return undefined;
    });
    return () => { leave(); wait.abort(); };
  }, [id]);
  return how;
}

function Said({ text }: { text: string }) {
  return <><BackLink href={address("drafts")} /><h1 class="govuk-heading-l">{t("office.drafts")}</h1><p class="govuk-body" role="alert">{text}</p></>;
}

function Open({ path }: ScreenProps) {
  const [id = "", at = ""] = path;
  const country = useCountry(), how = useAlone(id);
  const d = useObservable(opened);
  const [form, setForm] = useState<FormShape | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (how !== "alone") return;
    Promise.all([openDraft(id), needCountry()]).then(async ([draft]) => {
      if (!draft) return setFailure(t("office.draft_gone"));
      if (isNewer(draft)) return setFailure(t("office.draft_newer"));
      setForm(await formOf(draft.kind));
    }).catch((e: unknown) => setFailure(failureText(e)));
  }, [id, how]);
  const staff = me();
  if (failure) return <Said text={failure} />;
  if (how === "elsewhere") return <Said text={t("office.draft_elsewhere")} />;
  if (!form || !country || !staff || !d || d.id !== id) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  const props: DraftProps = { d, form, country, role: staff.role, ...targetOf(country, d, staff) };
  const page = askedPages(form, d, staff.role, props.transcribes).find((p) => p.id === at);
  return (
    <>
      <KeptState />
      {at === "evidence" ? <Files {...props} /> : at === "reading" ? <Reading {...props} /> : page ? <Question key={page.id} {...props} page={page} /> : <Tasks {...props} />}
    </>
  );
}

const TAG: Record<string, string> = { done: "", open: "govuk-tag--blue", wrong: "govuk-tag--red" };

function Row({ href, title, state, hint }: { href: string; title: string; state: "done" | "open" | "wrong"; hint?: string }) {
  return (
    <li class="govuk-task-list__item govuk-task-list__item--with-link">
      <div class="govuk-task-list__name-and-hint">
        <a class="govuk-link govuk-task-list__link" href={href}>{title}</a>
        {hint ? <div class="govuk-task-list__hint">{hint}</div> : null}
      </div>
      <div class="govuk-task-list__status">{state === "done" ? `✓ ${t("office.state_done")}` : <strong class={`govuk-tag ${TAG[state] ?? ""}`}>{t(state === "wrong" ? "office.state_wrong" : "office.state_open")}</strong>}</div>
    </li>
  );
}

function Tasks({ d, form, country, role, notice, transcribes }: DraftProps) {
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const day = todayHere(country), pages = askedPages(form, d, role, transcribes);
  const open = pages.filter((p) => mustBeDone(form, d, p, country, day, notice));
  async function done(): Promise<void> {
    if (open.length) return setErrors(open.map((p) => ({ id: "", text: t("office.still_open", { what: say(p.title) }) })));
    if (busy) return;
    setBusy(true);
    try {
      await finish(d, declarationOf(form, d, role, transcribes), nameOf(form, d));
      go("outbox");
    } catch (e) {
      setErrors([{ id: "", text: isFull(e) ? t("office.full") : failureText(e) }]);
      setBusy(false);
    }
  }
  return (
    <>
      <BackLink href={address("drafts")} />
      <ErrorSummary errors={errors} />
      <span class="govuk-caption-l">{say(`kind.${d.kind}`)}</span>
      <h1 class="govuk-heading-l">{nameOf(form, d) || t("office.no_name_yet")}</h1>
      {d.wrong?.length ? (
        <Notice title={t("office.refused_because")}>
          <ul class="govuk-list govuk-list--bullet">{d.wrong.map((w) => <li key={w.pointer + w.text}>{w.text}</li>)}</ul>
        </Notice>
      ) : null}
      <ul class="govuk-task-list">
        {pages.map((p) => <Row key={p.id} href={address("draft", d.id, p.id)} title={say(p.title)} state={pageState(form, d, p, country, day, notice)} />)}
        <Row href={address("draft", d.id, "evidence")} title={t("office.evidence")} hint={t("office.evidence_hint", { n: digits(d.files.length) })} state={d.files.length || hasList(form, d) ? "done" : "open"} />
        {notice ? null : <Row href={address("draft", d.id, "reading")} title={t("office.reading")} hint={t("office.reading_hint")} state={d.files.some((f) => f.kind === "signed_draft") ? "done" : "open"} />}
      </ul>
      <p class="govuk-body">{t("office.finish_text")}</p>
      <div class="govuk-button-group">
        <Button busy={busy} onPress={() => void done()}>{t("office.finish")}</Button>
        <Button kind="warning" onPress={() => (sure ? void discard(d).then(() => go("drafts")) : setSure(true))}>{t(sure ? "office.discard_sure" : "office.discard_draft")}</Button>
      </div>
    </>
  );
}

const hasList = (form: FormShape, d: OfficeDraft): boolean => form.evidence !== null && getAt(d.answers, form.evidence) !== undefined;

/** A page that may stay open: nothing on it is required, or an optional part that nobody decided on yet. */
function mustBeDone(form: FormShape, d: OfficeDraft, page: Page, country: Country, day: string, notice: boolean): boolean {
  if (page.optional !== undefined && !d.parts[page.optional]) return false;
  return check(form, fieldsOf(form, page), entered(d), country, day, notice).length > 0;
}

function Question({ d, form, country, role, notice, transcribes, page }: DraftProps & { page: Page }) {
  const [errors, setErrors] = useState<FieldError[]>([]);
  const about = askedAbout(form, page, d.answers);
  const fields = fieldsOf(form, page), part = page.optional, enters = part === undefined || d.parts[part] === true;
  function next(): void {
    const now = opened.get();
    if (!now) return;
    if (part !== undefined && now.parts[part] === undefined) return setErrors([{ id: "ask", text: t("office.choose") }]);
    const wrong = enters ? check(form, fields, entered(now), country, todayHere(country), notice) : [];
    setErrors(wrong.map((w) => ({ id: controlId(w.pointer), text: say(`field.${w.code}`) })));
    if (wrong.length) return;
    const pages = askedPages(form, now, role, transcribes), after = pages[pages.findIndex((p) => p.id === page.id) + 1];
    if (after) go("draft", d.id, after.id);
    else go("draft", d.id, "evidence");
  }
  const told = (pointer: string) => d.wrong?.find((w) => w.pointer === pointer || pointer.startsWith(`${w.pointer}/`))?.text;
  const error = (id: string, pointer = "") => errors.find((e) => e.id === id)?.text ?? (pointer ? told(pointer) : undefined);
  return (
    <Form onSubmit={next}>
      <BackLink href={address("draft", d.id)} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{say(page.title)}</h1>
      <Listen form={form} keys={[page.title, page.hint, page.optional_title, ...(enters ? fields.map((f) => f.title) : [])]} />
      {page.hint && hasWord(page.hint) ? <p class="govuk-hint">{say(page.hint)}</p> : null}
      {about ? <p class="govuk-body-l"><strong lang={about.lang}>{about.text}</strong></p> : null}
      {part !== undefined ? (
        <Radios id="ask" label={page.optional_title ? say(page.optional_title) : t("office.ask_part", { part: partTitle(`${part}/`) })} error={error("ask")}
          value={d.parts[part] === undefined ? undefined : d.parts[part] ? "yes" : "no"} onValue={(v) => void enterPart(d, part, v === "yes")}
          choices={[{ value: "yes", label: t("form.yes") }, { value: "no", label: t("form.no") }]} />
      ) : null}
      {enters ? fields.map((f) => <Control key={f.path} field={f} value={getAt(d.answers, f.path)} error={error(controlId(f.path), f.path)}
        onValue={(v) => { const now = opened.get(); if (now) void answer(now, f.path, v); }} />) : null}
      <Button>{t("core.continue")}</Button>
    </Form>
  );
}
