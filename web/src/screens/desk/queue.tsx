// SPDX-License-Identifier: MPL-2.0
// The work queue of an office: the most urgent first. It tells kinds, states and days, and nobody's name: opening a case is what is
// recorded as a look.
import { useEffect, useMemo, useState } from "preact/hooks";
import { me } from "../../app/me";
import { address } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { instantText } from "../../base/dates";
import { observable, useObservable } from "../../base/observable";
import { queuePages, type CaseRow } from "../../desk/api";
import { needOffices, officeName, officesKnown } from "../../desk/offices";
import { dateWords, needCountry, say, useCountry } from "../../form/country";
import type { Kind } from "../../form/types";
import { Select } from "../../ui/fields";
import { Due } from "../../ui/due";
import { LongTable } from "../../ui/long_table";
import { BackLink, Button, failureText, Notice } from "../../ui/page";
import { digits, language, t } from "../../words/words";
import { BacklogTable } from "./backlog";

interface Filter {
  state?: string | undefined;
  office?: string | undefined;
  oldest?: boolean;
}

/** As it was left, when one comes back from a case. */
const filter = observable<Filter>({});
const FLUSH = 1000;

/** What is worked on; or what has ended in a state and waits there to be collected. Shown from the first page on. */
function useRows(waiting: string | undefined): { rows: CaseRow[]; all: boolean; failure: string | null; again: () => void } {
  const [rows, setRows] = useState<CaseRow[]>([]);
  const [all, setAll] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true, held: CaseRow[] = [], first = true;
    setRows([]);
    setAll(false);
    setFailure(null);
    const put = (more: CaseRow[], done: boolean): boolean => {
      held.push(...more);
      if (wanted && (first || done || held.length >= FLUSH)) {
        const now = held;
        held = [];
        first = false;
        setRows((before) => [...before, ...now]);
        setAll(done);
      }
      return wanted;
    };
    Promise.all([queuePages(put, waiting), needCountry()]).catch((e: unknown) => wanted && setFailure(failureText(e)));
    return () => { wanted = false; };
  }, [waiting, turn]);
  return { rows, all, failure, again: () => setTurn((n) => n + 1) };
}

const waitingStates = (kinds: readonly Kind[]): string[] =>
  [...new Set(kinds.flatMap((k) => Object.entries(k.states).filter(([, s]) => s.waits).map(([name]) => name)))];

function Filters({ rows, kinds, offices }: { rows: CaseRow[]; kinds: readonly Kind[]; offices: string[] }) {
  const f = useObservable(filter);
  const waits = useMemo(() => waitingStates(kinds), [kinds]);
  const seen = useMemo(() => [...new Set(rows.map((r) => r.state))].filter((s) => !waits.includes(s)), [rows, waits]);
  const states = f.state && !waits.includes(f.state) && !seen.includes(f.state) ? [...seen, f.state] : seen;
  return (
    <div class="civis-filters">
      <Select id="state" label={t("desk.state")} empty={t("desk.all_states")} value={f.state} onValue={(state) => filter.set({ ...f, state, office: undefined })}
        choices={[...states.map((s) => ({ value: s, label: stateTitle(kinds, s) })), ...waits.map((s) => ({ value: s, label: t("desk.to_collect", { state: stateTitle(kinds, s) }) }))]} />
      {offices.length > 1 || f.office ? (
        <Select id="office" label={t("desk.office")} empty={t("desk.all_offices")} value={f.office} onValue={(office) => filter.set({ ...f, office })}
          choices={offices.map((o) => ({ value: o, label: officeName(o) }))} />
      ) : null}
      <Select id="order" label={t("desk.order")} empty={t("desk.order_due")} value={f.oldest ? "age" : undefined} onValue={(o) => filter.set({ ...f, oldest: o === "age" })}
        choices={[{ value: "age", label: t("desk.order_age") }]} />
    </div>
  );
}

function Rows({ rows, all, kinds, zone, more }: { rows: CaseRow[]; all: boolean; kinds: readonly Kind[]; zone: number; more: boolean }) {
  const f = useObservable(filter);
  useObservable(officesKnown);
  if (!rows.length) return all ? <p class="govuk-body">{t("desk.queue_empty")}</p> : null;
  return (
    <LongTable caption={t("desk.queue")} rows={rows} list={JSON.stringify(f)} keyOf={(r) => r.id}
      columns={[t("desk.case"), t("desk.due"), t("desk.state"), t("desk.since"), ...(more ? [t("desk.office")] : [])]}
      more={(n, of) => t("desk.more", { shown: digits(n), all: digits(of) })}
      cells={(r) => [
        <a class="govuk-link govuk-link--target" href={address("case", r.id)}>{`${say(`kind.${r.kind}`)} ${r.id.slice(0, 8)}`}</a>,
        <Due deadline={r.deadline} zone={zone} />, stateTitle(kinds, r.state, r.kind), instantText(r.created, dateWords(), language.get(), zone),
        ...(more ? [officeName(r.office)] : []),
      ]} />
  );
}

export default function Queue({ path }: ScreenProps) {
  const country = useCountry();
  const f = useObservable(filter);
  const waiting = f.state && country && waitingStates(country.kinds).includes(f.state) ? f.state : undefined;
  const { rows, all, failure, again } = useRows(waiting);
  const offices = useMemo(() => [...new Set(rows.map((r) => r.office))].sort(), [rows]);
  const own = me()?.office;
  useEffect(() => { if (own && offices.length > 1) void needOffices(own).catch(() => undefined); }, [own, offices.length > 1]);
  const shown = useMemo(() => {
    const some = rows.filter((r) => (!f.state || r.state === f.state) && (!f.office || r.office === f.office));
    return f.oldest || waiting ? some.sort((a, b) => a.created.localeCompare(b.created)) : some;
  }, [rows, f]);
  return (
    <>
      <BackLink href={address("work")} />
      <h1 class="govuk-heading-l">{t("desk.queue")}</h1>
      {failure ? <Notice>{failure} <Button kind="secondary" onPress={again}>{t("core.again")}</Button></Notice> : null}
      <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("case")}>{t("desk.by_code")}</a></p>
      {country ? <Filters rows={rows} kinds={country.kinds} offices={offices} /> : null}
      <p class="govuk-body" role="status">
        {country && (all || rows.length)
          ? t(waiting ? "desk.waiting_count" : all ? "desk.queue_count" : "desk.queue_more", { n: digits(shown.length), date: instantText(new Date().toISOString(), dateWords(), language.get(), country.zone_minutes) })
          : failure ? "" : t("core.loading")}
      </p>
      {country && all && !waiting && offices.length > 1 ? <BacklogTable rows={rows} zone={country.zone_minutes} open={path[0] === "backlog"} /> : null}
      {country ? <Rows rows={shown} all={all} kinds={country.kinds} zone={country.zone_minutes} more={offices.length > 1} /> : null}
    </>
  );
}

export function stateTitle(kinds: readonly Kind[], state: string, kind?: string): string {
  const found = kinds.find((k) => (!kind || k.kind === kind) && k.states[state]);
  return say(found?.states[state]?.title ?? `state.${state}`);
}
