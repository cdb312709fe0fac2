// SPDX-License-Identifier: MPL-2.0
// Everything once more before it is sent, each line with a way back to its question.
import { useEffect } from "preact/hooks";
import { online } from "../../app/online";
import { address, go } from "../../app/router";
import { today } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { getAt } from "../../base/pointer";
import { say } from "../../form/country";
import { partTitle, valueText } from "../../form/display";
import { fieldsOf } from "../../form/pages";
import { needPlace, placesKnown } from "../../form/places";
import { useOfficeName } from "../../form/offices";
import { BackLink, Button, Notice, SummaryList, type FieldError } from "../../ui/page";
import { digits, t } from "../../words/words";
import { change, type Draft } from "./draft";
import { broughtKinds, kindTitle } from "./photographs";
import { OnPaper, type Ready } from "./ready";
import { send } from "./send";
import { onlyAsked, stepFor, wrongOf, type Step } from "./steps";
import { wrongText } from "./words";

type Row = { key: string; value: string; change: { href: string; label: string; what: string } };

/** One group of rows for each part: the child, the mother … */
function groups(ready: Ready, d: Draft, steps: readonly Step[]): { title: string; rows: Row[] }[] {
  const all: { title: string; rows: Row[] }[] = [];
  const add = (title: string, row: Row) => {
    const group = all.find((g) => g.title === title);
    if (group) group.rows.push(row);
    else all.push({ title, rows: [row] });
  };
  for (const step of steps) {
    const link = (what: string) => ({ href: address("declare", d.kind, ...step.path, "change"), label: t("family.change"), what });
    const part = step.page.optional;
    if (step.what === "ask" && part) {
      const title = partTitle(`${part}/`) || say(step.page.title), question = step.page.optional_title ? say(step.page.optional_title) : title;
      add(partTitle(`${part}/x`) || title, { key: question, value: d.parts[part] === undefined ? t("form.blank") : t(d.parts[part] ? "form.yes" : "form.no"), change: link(question) });
      continue;
    }
    for (const f of fieldsOf(ready.form, step.page)) {
      const title = say(f.title);
      add(partTitle(f.path) || say(step.page.title), { key: title, value: valueText(f, getAt(d.answers, f.path)), change: link(title) });
    }
  }
  return all;
}

function missing(ready: Ready, d: Draft, steps: readonly Step[]): FieldError[] {
  const list: FieldError[] = [];
  if (!d.office && !d.about) list.push({ id: address("declare", d.kind, "which-office", "change"), text: t("family.office_missing") });
  for (const step of steps)
    for (const w of wrongOf(ready.form, step, d, ready.country, today(ready.country.zone_minutes)))
      list.push({ id: address("declare", d.kind, ...step.path, "change"),
        text: `${say(step.what === "ask" ? step.page.optional_title ?? step.page.title : step.page.title)} ${wrongText(d, w.pointer, w.code, ready.form.fields.find((f) => f.path === w.pointer))}` });
  for (const w of d.wrong) if (!stepFor(ready.form, steps, w.pointer)) list.push({ id: "", text: w.text });
  return list;
}

export function CheckAnswers({ ready, d, steps }: { ready: Ready; d: Draft; steps: readonly Step[] }) {
  const office = useOfficeName(d.office), connected = useObservable(online);
  useObservable(placesKnown);
  const problems = missing(ready, d, steps);
  useEffect(() => {
    for (const f of ready.form.fields) {
      const value = f.type === "place" ? getAt(d.answers, f.path) : undefined;
      if (typeof value === "string") void needPlace(value).catch(() => undefined);
    }
  }, []);
  const papers = [...d.photographs.map((p) => t("family.photograph_of", { kind: kindTitle(ready, p.kind) })), ...broughtKinds(ready, d).map((k) => `${kindTitle(ready, k)} (${t("family.paper_brought")})`)];
  const link = (to: string, what: string) => ({ href: address("declare", d.kind, to, "change"), label: t("family.change"), what });

  function submit(): void {
    change({ answers: onlyAsked(ready.form, d) });
    void send();
    go("declare", d.kind, "send");
  }

  return (
    <>
      <BackLink onBack={() => history.back()} />
      <h1 class="govuk-heading-l">{t("family.check")}</h1>
      {problems.length ? (
        <div class="govuk-error-summary" role="alert">
          <h2 class="govuk-error-summary__title">{t("family.still_missing")}</h2>
          <ul class="govuk-list govuk-error-summary__list">
            {problems.map((p) => <li key={p.id + p.text}>{p.id ? <a href={p.id}>{p.text}</a> : p.text}</li>)}
          </ul>
        </div>
      ) : null}
      {d.about ? null : <SummaryList rows={[{ key: t("family.office"), value: office || "…", change: link("which-office", t("family.office")) }]} />}
      {groups(ready, d, steps).map((g) => (
        <section key={g.title}>
          <h2 class="govuk-heading-m">{g.title}</h2>
          <SummaryList rows={g.rows} />
        </section>
      ))}
      <h2 class="govuk-heading-m">{t("family.papers")}</h2>
      <SummaryList rows={[{ key: t("family.papers_row"), value: papers.length ? papers.map((p, i) => <span key={i} class="civis-line">{p}</span>) : t("form.blank"), change: link("add-photographs", t("family.papers_row")) }]} />
      <Notice title={t("family.latin_title")}>{t("family.latin_note")}</Notice>
      <h2 class="govuk-heading-m">{say("privacy.title")}</h2>
      <p class="govuk-body">{say("privacy.notice", { authority: office || t("family.the_office") })}</p>
      <p class="govuk-body-s">{say("privacy.version", { version: ready.country.version })}</p>
      {connected ? null : <Notice>{t("family.send_later")}</Notice>}
      {problems.length ? null : (
        <>
          <h2 class="govuk-heading-m">{t("family.send_title")}</h2>
          <p class="govuk-body">{t("family.send_text")}</p>
          <Button onPress={submit}>{t("family.send")}</Button>
        </>
      )}
      <OnPaper office={d.office} />
    </>
  );
}

export const progressText = (now: number, of: number): string => t("family.progress", { now: digits(now), of: digits(of) });
