// SPDX-License-Identifier: MPL-2.0
// How many events were registered, how soon, and what came of them: the same figures for everybody.
import { useEffect, useState } from "preact/hooks";
import { session } from "../../api/client";
import type { CountsRow } from "../../api/types";
import { address, go } from "../../app/router";
import { SCREENS, type ScreenProps } from "../../app/screens";
import { dateText } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { dateWords, needCountry, useCountry } from "../../form/country";
import { placeLabel, placesBelow, type Place } from "../../form/places";
import { Select } from "../../ui/fields";
import { BackLink, Button, failureText, Notice } from "../../ui/page";
import { Row, Table } from "../../ui/table";
import { digits, language, t } from "../../words/words";
import { askCounts, counters, counterText, countsPath, countText, exact, inTime, percentText, period, PERIODS, type Question } from "./counts";
import { Devices } from "./devices";
import { Legend, TileMap } from "./map";

interface Figures {
  question: Question;
  office: CountsRow[];
  month: CountsRow[];
  sex: CountsRow[];
  places: Place[];
}

const SEXES = ["f", "m", "u"] as const;

const monthText = (month: string): string => dateText(month, dateWords(), language.get());

async function load(question: Question, country: string): Promise<Figures> {
  const depth = question.office.split("/").length;
  const [office, month, sex, places] = await Promise.all([
    askCounts(question, "office"), askCounts(question, "month"), depth <= 2 ? askCounts(question, "sex") : [],
    placesBelow(question.office === country ? null : question.office.split("/").at(-1) ?? null).catch(() => []),
  ]);
  return { question, office, month, sex, places };
}

/** The whole bar is the greatest month, its dark part what was registered in time; the numbers stand beside it. */
function Bar({ row, most }: { row: CountsRow; most: number }) {
  const all = exact(row.counts["registered"]) ?? 0, on = exact(row.counts["registered_on_time"]) ?? 0;
  const wide = (n: number) => (most ? (Math.max(n, 0) / most) * 100 : 0);
  return (
    <svg class="civis-barchart" viewBox="0 0 100 14" width="100" height="14" aria-hidden="true">
      <rect width={wide(all)} height="14" class="civis-barchart__all" />
      <rect width={wide(on)} height="14" class="civis-barchart__part" />
    </svg>
  );
}

function Months({ rows }: { rows: readonly CountsRow[] }) {
  const months = rows.slice(1), most = Math.max(0, ...months.map((r) => exact(r.counts["registered"]) ?? 0));
  return (
    <Table caption={t("figures.by_month")} head={[t("figures.month"), t("figures.declared"), t("figures.registered"), t("figures.in_time"), t("figures.bar")]}>
      {months.map((r) => <Row key={r.from} head={monthText(r.from)} cells={[countText(r.counts["declared"]), countText(r.counts["registered"]), percentText(inTime(r)), <Bar row={r} most={most} />]} />)}
    </Table>
  );
}

function Everything({ f }: { f: Figures }) {
  const total = f.office[0];
  if (!total) return null;
  const bySex = SEXES.map((s) => f.sex.find((r) => r.sex === s)).filter((r) => r !== undefined);
  return (
    <Table caption={t("figures.all")} head={[t("figures.what"), t("figures.total"), ...bySex.map((r) => t(`figures.sex_${r.sex as "f" | "m" | "u"}`))]}>
      {counters(total).map((name) => <Row key={name} head={counterText(name)} cells={[total, ...bySex].map((r) => countText(r.counts[name]))} />)}
    </Table>
  );
}

function ByPlace({ f, country, months }: { f: Figures; country: string; months: number }) {
  const below = f.office.filter((r) => r.part === "all").slice(1), own = f.office.find((r) => r.part === "own");
  const label = (scope: string): string => { const p = f.places.find((x) => x.office === scope); return p ? placeLabel(p) : scope; };
  const code = (scope: string) => scope.split("/").at(-1) ?? "";
  const cells = (r: CountsRow) => [countText(r.counts["declared"]), countText(r.counts["registered"]), percentText(inTime(r)), countText(r.counts["uncollected"])];
  if (!below.length) return null;
  return (
    <>
      {f.question.office === country ? (
        <section aria-labelledby="map">
          <h2 class="govuk-heading-m" id="map">{t("figures.map_title")}</h2>
          <p class="govuk-body">{t("figures.map_text")}</p>
          <div class="civis-map"><TileMap country={country} rows={below} /><Legend /></div>
        </section>
      ) : null}
      <Table caption={t("figures.by_place")} head={[t("figures.place"), t("figures.declared"), t("figures.registered"), t("figures.in_time"), t("figures.uncollected")]}>
        {below.map((r) => <Row key={r.office} cells={cells(r)} head={<a class="govuk-link govuk-link--target" href={address("counts", r.office, String(months))}>{code(r.office)} {label(r.office)}</a>} />)}
        {own ? <Row head={t("figures.own")} cells={cells(own)} /> : null}
      </Table>
    </>
  );
}

/** What staff see beside the figures: of the office that is shown, where it is theirs to lead, else of their own. */
function Work({ office, zone }: { office: string; zone: number }) {
  const staff = useObservable(session)?.staff;
  if (!staff) return null;
  const leads = office === staff.office || office.startsWith(`${staff.office}/`);
  return (
    <>
      {SCREENS["queue"]?.roles?.includes(staff.role) ? <p class="govuk-body civis-no-print"><a class="govuk-link govuk-link--target" href={address("queue", "backlog")}>{t("figures.backlog")}</a></p> : null}
      <Devices office={leads ? office : staff.office} zone={zone} />
    </>
  );
}

export default function FiguresScreen({ path }: ScreenProps) {
  const country = useCountry();
  const office = path[0] ?? country?.code ?? "", months = PERIODS.find((n) => String(n) === path[1]) ?? 12;
  const [figures, setFigures] = useState<Figures | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let wanted = true;
    setFailure(null);
    setFigures(null);
    needCountry().then((c) => load({ office: path[0] ?? c.code, ...period(c.zone_minutes, months) }, c.code))
      .then((f) => { if (wanted) setFigures(f); }, (e: unknown) => { if (wanted) setFailure(failureText(e)); });
    return () => { wanted = false; };
  }, [path[0], months, again]);
  const above = office.split("/").slice(0, -1).join("/");
  const q = figures?.question;
  return (
    <>
      <BackLink href={above ? address("counts", above, String(months)) : "#/"} />
      <span class="govuk-caption-l"><span lang="en">{office}</span></span>
      <h1 class="govuk-heading-l">{t("figures.title")}</h1>
      <div class="civis-no-print">
        <Select id="period" label={t("figures.period")} empty={t("form.choose")} value={String(months)} onValue={(v) => { if (v) go("counts", office, v); }}
          choices={PERIODS.map((n) => ({ value: String(n), label: n === 1 ? t("figures.last_month") : t("figures.last_months", { n: digits(n) }) }))} />
      </div>
      {failure ? <Notice>{failure} <Button kind="secondary" onPress={() => setAgain(again + 1)}>{t("core.again")}</Button></Notice> : null}
      {!figures && !failure ? <p class="govuk-body" aria-live="polite">{t("core.loading")}</p> : null}
      {figures && q && country ? (
        <>
          <p class="govuk-body">{t("figures.from_to", { from: monthText(q.from), to: monthText(q.to) })}</p>
          <Notice>{t("figures.small", { n: digits(5) })}</Notice>
          <ByPlace f={figures} country={country.code} months={months} />
          <Months rows={figures.month} />
          <Everything f={figures} />
          <Work office={q.office} zone={country.zone_minutes} />
          <ul class="govuk-list civis-no-print">
            {(["office", "month", "sex"] as const).filter((by) => by !== "sex" || figures.sex.length).map((by) => (
              <li key={by}><a class="govuk-link govuk-link--target" href={countsPath(q, by, "csv")} download={`counts-${by}.csv`}>{t(`figures.csv_${by}`)}</a></li>
            ))}
          </ul>
          <Button kind="secondary" onPress={() => print()}>{t("figures.print")}</Button>
        </>
      ) : null}
    </>
  );
}
