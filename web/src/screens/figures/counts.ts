// SPDX-License-Identifier: MPL-2.0
// Figures of months that are over, as the server tells them: exact, "at least", or hidden since they are small.
import { getJson } from "../../api/client";
import type { Count, Counts, CountsRow } from "../../api/types";
import { today } from "../../base/dates";
import { hasWord, say } from "../../form/country";
import { digits, t, type Key } from "../../words/words";

export interface Question {
  office: string;
  from: string;
  to: string;
}

export const PERIODS = [1, 3, 12, 24] as const;

/** So many months before a month: monthBefore("2026-01", 1) is "2025-12". */
export function monthBefore(month: string, n: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 - n;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
}

/** The months of a period that ends with the last month that is over in the country. */
export function period(zone: number, months: number): { from: string; to: string } {
  const to = monthBefore(today(zone).slice(0, 7), 1);
  return { from: monthBefore(to, months - 1), to };
}

export const countsPath = (q: Question, by: "office" | "month" | "sex", format?: "csv"): string =>
  `/api/v1/counts?office=${encodeURIComponent(q.office)}&from=${q.from}&to=${q.to}&by=${by}${format ? `&format=${format}` : ""}`;

export const askCounts = async (q: Question, by: "office" | "month" | "sex"): Promise<CountsRow[]> => (await getJson<Counts>(countsPath(q, by))).rows;

export function countText(count: Count | undefined): string {
  if (count === undefined) return "–";
  if (count === null) return t("figures.hidden");
  return typeof count === "number" ? digits(count) : t("figures.at_least", { n: digits(count.at_least) });
}

export const exact = (count: Count | undefined): number | null => (typeof count === "number" ? count : null);

/** Of the registered, how many in time: percent, if both are told. */
export function inTime(row: CountsRow): number | null {
  const all = exact(row.counts["registered"]), on = exact(row.counts["registered_on_time"]);
  return all === null || on === null || all <= 0 ? null : Math.round((on / all) * 100);
}

export const percentText = (percent: number | null): string => (percent === null ? "–" : t("figures.percent", { n: digits(percent) }));

const KNOWN = ["declared", "notified", "returned", "refused", "appealed", "registered", "handed_over", "uncollected", "days_0_7", "days_8_30", "days_31_90",
  "days_91_365", "days_366_up"] as const;
const isOneOf = <T extends string>(all: readonly T[], name: string): name is T => (all as readonly string[]).includes(name);

function bandText(band: string): string {
  return hasWord(`band.${band}`) ? say(`band.${band}`) : band.replace(/_/g, " ");
}

/** What a counter counts. */
export function counterText(name: string): string {
  if (isOneOf(KNOWN, name)) return t(`figures.${name}` satisfies Key);
  const of = /^(.+)_(returned|refused|appealed)$/.exec(name);
  if (of && hasWord(`kind.${of[1]}`)) return t("figures.of_kind", { kind: say(`kind.${of[1]}`), what: t(`figures.${of[2] as "returned" | "refused" | "appealed"}`) });
  const m = /^(registered|death)_(.+)$/.exec(name);
  if (m) return t(m[1] === "death" ? "figures.death_in" : "figures.registered_in", { band: bandText(m[2] ?? "") });
  return name.replace(/_/g, " ");
}

const ORDER = ["declared", "notified", "returned", "registered", "registered_", "handed_over", "uncollected", "days_", "refused", "appealed", "death_"];
const rank = (name: string): number => {
  const at = ORDER.findIndex((o) => (o.endsWith("_") ? name.startsWith(o) : name === o));
  return at < 0 ? ORDER.length : at;
};

/** The counters of an answer, in the order in which a case goes. */
export const counters = (row: CountsRow): string[] => Object.keys(row.counts).map((name, i) => ({ name, i })).sort((a, b) => rank(a.name) - rank(b.name) || a.i - b.i).map((x) => x.name);
