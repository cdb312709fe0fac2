// SPDX-License-Identifier: MPL-2.0
// One task, taken along: what the case says, who was there already, and what is recorded of it where there is no network.
import { useEffect, useState } from "preact/hooks";
import { address, go } from "../../app/router";
import { dateText, instantText } from "../../base/dates";
import { isFull } from "../../base/kept";
import { useObservable } from "../../base/observable";
import type { Case, Move, Step } from "../../desk/api";
import { dateWords, formOf, hasWord, needCountry, say, useCountry } from "../../form/country";
import { lines } from "../../form/display";
import { placesKnown } from "../../form/places";
import type { Country, FormShape } from "../../form/types";
import { beginAbout, drafts, notKept, type OfficeDraft } from "../../office/drafts";
import { items, load } from "../../office/outbox";
import { declaring, mayVisit, onTheRoad, putBack, record, take, taken, visits, type Taken } from "../../office/taken";
import { BackLink, Button, failureText, Notice, SummaryList } from "../../ui/page";
import { Due } from "../../ui/due";
import { language, t } from "../../words/words";
import { dropFor, MoveForm } from "../desk/moves";

const stateOf = (country: Country, kind: string, state: string) => country.kinds.find((k) => k.kind === kind)?.states[state];
const titled = (m: Move): Move => (hasWord(`transition.${m.transition}`) ? { ...m, title: say(`transition.${m.transition}`) } : m);

function Visits({ c, country }: { c: Case; country: Country }) {
  const all = visits(c), day = (of: Step, name: string) => {
    const value = of.details?.[name];
    return typeof value === "string" ? dateText(value, dateWords(), language.get()) : "";
  };
  if (!all.length) return null;
  return (
    <>
      <h2 class="govuk-heading-m">{t("office.visits")}</h2>
      <ul class="govuk-list govuk-list--bullet">
        {all.map((s) => (
          <li key={s.version}>
            {day(s, "visited_on") || instantText(s.at, dateWords(), language.get(), country.zone_minutes)}{s.reason ? ` · ${say(`reason.${s.reason}`)}` : ""}
            {day(s, "next_visit") ? <><br /><strong>{t("office.visit_next", { when: day(s, "next_visit") })}</strong></> : null}
            {s.note ? <><br />{s.note}</> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Not on this device: opened when the officer says so, since that is recorded. */
function Take({ id, country, onTaken }: { id: string; country: Country; onTaken: (c: Case) => void }) {
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function open(): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      onTaken(await take(id, (c) => stateOf(country, c.kind, c.state)?.notice ?? false));
    } catch (e) {
      setFailure(isFull(e) ? t("office.full") : failureText(e));
      setBusy(false);
    }
  }
  return (
    <>
      <h1 class="govuk-heading-l">{t("office.take")}</h1>
      <div role="alert">{failure ? <Notice>{failure}</Notice> : null}</div>
      <p class="govuk-body">{t("office.take_text")}</p>
      <Button busy={busy} onPress={() => void open()}>{t("office.take")}</Button>
    </>
  );
}

function Doing({ of, form, country, draft, onRecorded }: { of: Taken; form: FormShape; country: Country; draft: OfficeDraft | undefined; onRecorded: () => void }) {
  const [chosen, setChosen] = useState<Move | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { c } = of;
  const leave = () => { dropFor(c); setChosen(null); };
  async function declare(m: Move): Promise<void> {
    const target = stateOf(country, c.kind, m.to ?? c.state);
    const about = { transition: m.transition, version: c.version, notice: target?.notice ?? false, transcribes: target?.transcribes ?? false };
    const made = await beginAbout({ case: c.id, kind: c.kind, office: c.office, answers: c.declaration }, about, form);
    if (notKept.get()) setFailure(t(notKept.get() === "full" ? "office.full" : "office.not_kept"));
    else go("draft", made.id);
  }
  if (chosen)
    return <MoveForm c={c} form={form} move={titled(chosen)} possible onReload={() => Promise.resolve()} onCancel={leave}
      act={async (body) => { await record(of, form, chosen, body); onRecorded(); leave(); }} />;
  return (
    <>
      <div role="alert">{failure ? <Notice>{failure}</Notice> : null}</div>
      <div class="govuk-button-group">
        {draft ? <a class="govuk-button" href={address("draft", draft.id)}>{t("office.go_on")}</a>
          : declaring(c).map((m) => <Button key={m.transition} onPress={() => void declare(m)}>{titled(m).title}</Button>)}
        {onTheRoad(c).map((m) => <Button key={m.transition} kind="secondary" onPress={() => setChosen(m)}>{titled(m).title}</Button>)}
      </div>
    </>
  );
}

/** Everything that the case says, the family's telephone among it. */
function Told({ of, form, country }: { of: Taken; form: FormShape; country: Country }) {
  useObservable(placesKnown);
  return (
    <>
      <span class="govuk-caption-l">{of.c.id.slice(0, 8)} · {say(stateOf(country, of.c.kind, of.c.state)?.title ?? of.c.state)}</span>
      <h1 class="govuk-heading-l">{say(`kind.${of.c.kind}`)}</h1>
      <p class="govuk-body">{t("office.tasks_as_of", { when: instantText(of.at, dateWords(), language.get(), country.zone_minutes, true) })} <Due deadline={of.c.deadline} zone={country.zone_minutes} /></p>
      <SummaryList rows={lines(form, of.c.declaration).filter((l) => l.field.keep !== "statistics").map((l) =>
        ({ key: l.part ? `${l.part}: ${l.title}` : l.title, value: <span lang={l.field.script === "latin" ? "en" : undefined}>{l.text}</span> }))} />
      <Visits c={of.c} country={country} />
    </>
  );
}

export function Task({ id }: { id: string }) {
  const country = useCountry(), all = useObservable(items);
  const [of, setOf] = useState<Taken | null | undefined>(undefined);
  const [form, setForm] = useState<FormShape | null>(null);
  const [draft, setDraft] = useState<OfficeDraft | undefined>(undefined);
  const [refused, setRefused] = useState(false);
  const [recorded, setRecorded] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const look = async (): Promise<void> => {
    const [kept] = await Promise.all([taken(id), needCountry(), load()]);
    if (kept) setForm(await formOf(kept.c.kind));
    setDraft((await drafts()).find((d) => d.case === id));
    setOf(kept ?? null);
  };
  useEffect(() => { look().catch((e: unknown) => setFailure(failureText(e))); }, [id]);
  const waits = all.filter((i) => i.case === id && i.state !== "sent");
  if (failure) return <><BackLink href={address("tasks")} /><h1 class="govuk-heading-l">{t("office.tasks")}</h1><Notice>{failure}</Notice></>;
  if (!country || of === undefined) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  const done = <div role="status">{recorded || waits.length ? <Notice>{t("office.task_recorded")} <a class="govuk-link" href={address("outbox")}>{t("office.outbox")}</a></Notice> : null}</div>;
  return (
    <>
      <BackLink href={address("tasks")} />
      {of && form ? (
        <>
          <Told of={of} form={form} country={country} />
          {done}
          <Doing of={of} form={form} country={country} draft={draft} onRecorded={() => { setRecorded(true); void look(); }} />
          <Button kind="secondary" onPress={() => void putBack(id).then(() => go("tasks"))}>{t("office.put_back")}</Button>
        </>
      ) : recorded || waits.length ? <><h1 class="govuk-heading-l">{t("office.tasks")}</h1>{done}</>
        : refused ? <><h1 class="govuk-heading-l">{t("office.no_visit")}</h1><p class="govuk-body">{t("office.no_visit_text")}</p></>
        : <Take id={id} country={country} onTaken={(c) => (mayVisit(c, stateOf(country, c.kind, c.state)?.notice ?? false) ? void look() : setRefused(true))} />}
      <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("case", id)}>{t("office.open_case")}</a></p>
    </>
  );
}
