// SPDX-License-Identifier: MPL-2.0
// A case: what is declared beside its evidence, what resembles it, what became of it, and what this officer may do.
import { useEffect, useState } from "preact/hooks";
import { me } from "../../app/me";
import { address, go } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { openCase, type Case, type Moved } from "../../desk/api";
import { formOf, needCountry, say, useCountry } from "../../form/country";
import { lastDayText, numberText } from "../../form/display";
import { useOfficeName } from "../../form/offices";
import type { Country, FormShape } from "../../form/types";
import { BackLink, Button, failureText, Notice, SummaryList, Warning } from "../../ui/page";
import { digits, language, t } from "../../words/words";
import { ByCode } from "./by_code";
import { Declared } from "./declared";
import { Duplicates } from "./duplicates";
import { Evidence } from "./evidence";
import { History } from "./history";
import { Issued } from "./issued";
import { Moves } from "./moves";
import { stateTitle } from "./queue";

const local = (law: { native: string; latin: string }): string => (language.get() === "en" ? law.latin : law.native);

function Heading({ c, country }: { c: Case; country: Country }) {
  const office = useOfficeName(c.office);
  const state = country.kinds.find((k) => k.kind === c.kind)?.states[c.state];
  const last = c.deadline ? lastDayText(c.deadline) : "";
  return (
    <>
      <span class="govuk-caption-l">{c.id.slice(0, 8)} · {office || <span lang="en">{c.office}</span>}</span>
      <h1 class="govuk-heading-l">{say(`kind.${c.kind}`)}</h1>
      <SummaryList rows={[
        { key: t("desk.state"), value: <strong class="govuk-tag">{stateTitle(country.kinds, c.state, c.kind)}</strong> },
        ...(last ? [{ key: t(state?.final ? "desk.appeal_until" : "desk.due"), value: last }] : []),
        ...(c.band ? [{ key: t("desk.band"), value: <>{c.band.title}{c.band.law ? <> · {local(c.band.law)}</> : null}</> }] : []),
        ...(c.fee && c.fee.amount > 0 ? [{ key: t("desk.fee"), value: <>{digits(c.fee.amount)} {c.fee.currency}{c.fee.law ? <> · {local(c.fee.law)}</> : null}</> }] : []),
        ...(c.evidence_expected.length ? [{ key: t("desk.expected"), value: c.evidence_expected.map((k) => say(`evidence.${k}`)).join(", ") }] : []),
      ]} />
      {c.holder ? <Notice>{t(c.holder === me()?.id ? "desk.held_by_me" : "desk.held_by_other")}</Notice> : null}
    </>
  );
}

/** What registering gave. */
function Registered({ moved }: { moved: Moved }) {
  if (!("entry" in moved)) return null;
  return (
    <div class="govuk-panel govuk-panel--confirmation civis-panel" role="status">
      <h2 class="govuk-panel__title govuk-heading-m">{t("desk.registered")}</h2>
      <div class="govuk-panel__body">
        {moved.personal_number ? <>{t("desk.number")}<br /><strong lang="en">{numberText(moved.personal_number)}</strong><br /></> : null}
        {t("desk.entry")}<br /><strong lang="en">{moved.entry.text}</strong>
      </div>
    </div>
  );
}

export default function CaseScreen({ path }: ScreenProps) {
  return path[0] ? <CasePage id={path[0]} /> : <ByCode />;
}

function CasePage({ id }: { id: string }) {
  const country = useCountry();
  const [c, setCase] = useState<Case | null>(null);
  const [form, setForm] = useState<FormShape | null>(null);
  const [moved, setMoved] = useState<Moved | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const load = async (): Promise<void> => {
    try {
      setFailure(null);
      const [opened] = await Promise.all([openCase(id), needCountry()]);
      setForm(await formOf(opened.kind));
      setCase(opened);
    } catch (e) {
      setFailure(failureText(e));
    }
  };
  useEffect(() => {
    setCase(null);
    setMoved(null);
    void load();
  }, [id]);
  const again = failure ? <Notice>{failure} <Button kind="secondary" onPress={() => void load()}>{t("core.again")}</Button></Notice> : null;
  if (again && !c) return <><BackLink href={address("queue")} /><h1 class="govuk-heading-l">{t("desk.case")}</h1>{again}</>;
  if (!c || !form || !country) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  return (
    <>
      <BackLink href={address("queue")} />
      {again}
      {moved ? <Registered moved={moved} /> : null}
      <Heading c={c} country={country} />
      <Duplicates c={c} form={form} />
      {c.act_id ? <Issued actId={c.act_id} personId={c.person_id} /> : null}
      <div class="govuk-grid-row">
        <div class="govuk-grid-column-one-half"><Declared key={c.id} form={form} c={c} /></div>
        <div class="govuk-grid-column-one-half">
          <Evidence c={c} form={form} onAdded={() => void load()} />
          <h2 class="govuk-heading-m">{t("desk.history")}</h2>
          <History c={c} country={country} />
        </div>
      </div>
      <Moves key={c.id} c={c} form={form} onReload={load} onMoved={(m) => { setMoved(m); void load(); }} onGone={() => go("queue")} />
      {c.next.length === 0 && !c.holder ? <Warning>{t("desk.nothing_to_do")}</Warning> : null}
    </>
  );
}
