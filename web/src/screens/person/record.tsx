// SPDX-License-Identifier: MPL-2.0
// A record, folded from its acts: who it is as it now stands, what stands in the margin, the acts, and what can be done about it.
import { useEffect, useState } from "preact/hooks";
import { request } from "../../api/client";
import type { Act, Person } from "../../api/types";
import { me } from "../../app/me";
import { address } from "../../app/router";
import { instantText } from "../../base/dates";
import { useObservable } from "../../base/observable";
import type { Json, Members } from "../../base/pointer";
import { country, dateWords, formOf, say } from "../../form/country";
import { lines } from "../../form/display";
import { declaresAt } from "../../form/pages";
import { placesKnown } from "../../form/places";
import type { FormShape } from "../../form/types";
import { Button, failureText, Notice, SummaryList, Warning } from "../../ui/page";
import { dayText } from "../../ui/when";
import { digits, language, t } from "../../words/words";
import { Issued } from "../desk/issued";
import { isDone } from "./restate";

/** Ten digits as the country groups them. */
export function groupedNumber(number: string, pattern: string): string {
  let at = 0;
  return digits(pattern.replace(/#/g, () => number[at++] ?? ""));
}

const native = (): boolean => language.get() !== "en";

export const at = (instant: string): string => instantText(instant, dateWords(), language.get(), country.get()?.zone_minutes ?? 0, true);

export function entryText(e: Act["header"]["entry"]): string {
  return t("person.entry_is", { register: e.register, serial: digits(e.serial), year: digits(e.year), book: digits(e.book), office: e.office });
}

function Standing({ form, declaration }: { form: FormShape; declaration: Members }) {
  useObservable(placesKnown);
  const all = lines(form, declaration).filter((l) => l.field.path !== form.evidence);
  return (
    <>
      {[...new Set(all.map((l) => l.part))].map((part) => (
        <section key={part}>
          <h3 class="govuk-heading-s">{part || t("person.general")}</h3>
          <SummaryList rows={all.filter((l) => l.part === part).map((l) => ({ key: l.title, value: <span lang={l.field.script === "latin" ? "en" : undefined}>{l.text}</span> }))} />
        </section>
      ))}
    </>
  );
}

function Receipt({ act, purpose }: { act: Act; purpose: string }) {
  const [failure, setFailure] = useState<string | null>(null);
  async function save(): Promise<void> {
    try {
      setFailure(null);
      const url = URL.createObjectURL(await (await request(`/api/v1/acts/${act.header.act_id}/receipt`, { headers: { "Civis-Purpose": purpose } })).blob());
      const a = document.createElement("a");
      a.href = url;
      a.download = `receipt-${act.header.act_id.slice(0, 8)}.cbor`;
      a.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (e) {
      setFailure(failureText(e));
    }
  }
  return (
    <>
      <Button kind="secondary" onPress={() => void save()}>{t("person.receipt")}</Button>
      {failure ? <p class="govuk-body" role="alert">{failure}</p> : null}
    </>
  );
}

const paperText = (p: NonNullable<Act["header"]["paper"]>): string => dayText(p.date) + (p.page ? ` · ${say("form.book_page")} ${digits(p.page)}` : "");

function Acts({ person }: { person: Person }) {
  return (
    <>
      {person.acts.map((a) => (
        <section key={a.header.act_id} class="civis-item">
          <h3 class="govuk-heading-s">{say(`kind.${a.header.kind}`)}{a.header.act_id === person.act_id ? ` · ${t("person.stands")}` : ""}</h3>
          <SummaryList rows={[
            { key: t("person.registered"), value: at(a.header.at) },
            { key: t("person.entry"), value: entryText(a.header.entry) },
            ...(a.header.paper ? [{ key: say("form.book_date"), value: paperText(a.header.paper) }] : []),
            ...(a.header.registrar.name ? [{ key: t("person.registrar"), value: <>{a.header.registrar.name} · {(native() ? a.header.registrar.office_native : a.header.registrar.office_latin) ?? ""}</> }] : []),
            { key: t("person.log"), value: a.log ? t("person.log_at", { index: digits(a.log.index), epoch: digits(a.log.epoch) }) : t("person.log_soon") },
          ]} />
          <Receipt act={a} purpose="counter_service" />
        </section>
      ))}
    </>
  );
}

/** Kinds of acts about somebody registered that this role may ask for, without those that could bring nothing about. */
async function startable(person: Person): Promise<string[]> {
  const role = me()?.role ?? "", declared = person.birth as unknown as Members;
  if (person.status === "cancelled") return [];
  const kinds = (country.get()?.kinds ?? []).filter((k) => k.subject === "existing" && declaresAt(k, me()?.regime ?? "").some((d) => d.roles.includes(role)));
  const done = await Promise.all(kinds.map(async (k) => k.base !== null && isDone(await formOf(k.kind), await formOf(k.base), declared)));
  return kinds.filter((_, i) => !done[i]).map((k) => k.kind);
}

export function Record({ person }: { person: Person }) {
  const [form, setForm] = useState<FormShape | null>(null);
  const [deathForm, setDeathForm] = useState<FormShape | null>(null);
  const [starts, setStarts] = useState<string[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const act = person.acts.find((a) => a.header.act_id === person.act_id), died = person.acts.find((a) => a.header.kind === "death");
  useEffect(() => {
    formOf(act?.header.kind ?? "birth").then(setForm, (e: unknown) => setFailure(failureText(e)));
    startable(person).then(setStarts, (e: unknown) => setFailure(failureText(e)));
    if (died) formOf(died.header.kind).then(setDeathForm, () => undefined);
  }, [person]);
  const c = country.get();
  const birth = person.birth as unknown as Members;
  const name = (script: "native" | "latin"): Json | undefined => form && nameOf(form, birth, script);
  return (
    <>
      <a class="govuk-back-link" href={address("person")}>{t("person.another")}</a>
      <span class="govuk-caption-l">{t("person.record")}</span>
      <h1 class="govuk-heading-l">{String(name("native") ?? t("person.no_name"))}{name("latin") ? <> <span lang="en">({String(name("latin"))})</span></> : null}</h1>
      {failure ? <Notice>{failure}</Notice> : null}
      {person.status === "cancelled" ? <Warning>{t("person.cancelled")}</Warning> : null}
      <SummaryList rows={[
        ...(person.status ? [{ key: t("person.status"), value: <strong class={`govuk-tag${person.status === "alive" ? " govuk-tag--green" : " govuk-tag--grey"}`}>{t(`person.status_${person.status}`)}</strong> }] : []),
        ...(person.personal_number ? [{ key: t("person.number"), value: <strong>{groupedNumber(person.personal_number, c?.number_pattern ?? "")}</strong> }] : []),
      ]} />
      {form ? <Standing form={form} declaration={birth} /> : null}
      {deathForm && person.death ? <><h2 class="govuk-heading-m">{say("kind.death")}</h2><Standing form={deathForm} declaration={person.death as unknown as Members} /></> : null}
      {person.notes.length ? (
        <section aria-labelledby="notes">
          <h2 class="govuk-heading-m" id="notes">{t("person.notes")}</h2>
          <ol class="govuk-list govuk-list--number">
            {person.notes.map((n) => <li key={n.entry}><strong>{dayText(n.date)}</strong> · {native() ? n.text.native : n.text.latin}</li>)}
          </ol>
        </section>
      ) : null}
      <div class="civis-no-print">
        {person.status !== "cancelled" && act && c?.kinds.find((k) => k.kind === act.header.kind)?.certificate ? <Issued actId={person.act_id} personId={person.id} /> : null}
        {starts.length ? (
          <section aria-labelledby="start">
            <h2 class="govuk-heading-m" id="start">{t("person.start")}</h2>
            <ul class="govuk-list">
              {starts.map((k) => <li key={k}><a class="govuk-link govuk-link--target" href={address("person", person.id, "act", k)}>{say(`kind.${k}`)}</a></li>)}
            </ul>
          </section>
        ) : null}
        <h2 class="govuk-heading-m">{t("person.looks")}</h2>
        <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("person", person.id, "looks")}>{t("person.looks_open")}</a></p>
      </div>
      <h2 class="govuk-heading-m">{t("person.acts")}</h2>
      <Acts person={person} />
    </>
  );
}

export function nameOf(form: FormShape, declaration: Members, script: "native" | "latin"): Json | undefined {
  const path = script === "native" ? form.event.name_native : form.event.name_latin;
  return path === null ? undefined : lines(form, declaration).find((l) => l.field.path === path)?.value;
}
