// SPDX-License-Identifier: MPL-2.0
// Where cases wait, and how long already: for whoever leads several offices. It is made of the queue's rows alone, so it tells nobody
// more than the queue does, and nothing of it leaves the device unless somebody saves it.
import { useMemo } from "preact/hooks";
import { daysBetween, lastDay, today } from "../../base/dates";
import { useObservable } from "../../base/observable";
import type { CaseRow } from "../../desk/api";
import { officeName, officesKnown } from "../../desk/offices";
import { CsvLink, csvText } from "../../ui/csv";
import { Row, Table } from "../../ui/table";
import { digits, t } from "../../words/words";

export interface Backlog {
  office: string;
  waiting: number;
  /** By whole days since it came: up to a week, up to thirty days, longer. */
  ages: [number, number, number];
  overdue: number;
  oldest: number;
}

const BANDS = [7, 30] as const;

/** One for each office, the one that keeps people waiting longest first. */
export function backlogOf(rows: readonly CaseRow[], zone: number, now = Date.now()): Backlog[] {
  const day = today(zone, now), offices = new Map<string, Backlog>();
  for (const r of rows) {
    const b = offices.get(r.office) ?? { office: r.office, waiting: 0, ages: [0, 0, 0], overdue: 0, oldest: 0 };
    const age = daysBetween(today(zone, Date.parse(r.created)), day);
    b.waiting += 1;
    b.ages[age <= BANDS[0] ? 0 : age <= BANDS[1] ? 1 : 2] += 1;
    if (r.deadline && daysBetween(day, lastDay(r.deadline, zone)) < 0) b.overdue += 1;
    b.oldest = Math.max(b.oldest, age);
    offices.set(r.office, b);
  }
  return [...offices.values()].sort((a, b) => b.oldest - a.oldest || a.office.localeCompare(b.office));
}

const csvOf = (all: readonly Backlog[]): string =>
  csvText([["office", "waiting", "days_0_7", "days_8_30", "days_31_up", "overdue", "oldest_days"], ...all.map((b) => [b.office, b.waiting, ...b.ages, b.overdue, b.oldest])]);

export function BacklogTable({ rows, zone, open }: { rows: readonly CaseRow[]; zone: number; open: boolean }) {
  useObservable(officesKnown);
  const all = useMemo(() => backlogOf(rows, zone), [rows, zone]);
  return (
    <details class="govuk-details" open={open}>
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("desk.backlog")}</span></summary>
      <Table caption={t("desk.backlog")} head={[t("desk.office"), t("desk.backlog_waiting"), t("desk.backlog_week"), t("desk.backlog_month"), t("desk.backlog_longer"), t("desk.backlog_overdue"), t("desk.backlog_oldest")]}>
        {all.map((b) => <Row key={b.office} head={officeName(b.office)} cells={[b.waiting, ...b.ages, b.overdue, b.oldest].map(digits)} />)}
      </Table>
      <p class="govuk-body"><CsvLink name="backlog.csv" text={csvOf(all)}>{t("desk.backlog_csv")}</CsvLink></p>
    </details>
  );
}
