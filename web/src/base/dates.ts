// SPDX-License-Identifier: MPL-2.0
// Dates as people know them: perhaps only the year, perhaps about; and as the country writes them.
//
// Chromium has no Khmer or Burmese month names, so they come from the country's pack.
import { localDigits } from "./text";

export type Precision = "day" | "month" | "year" | "about" | "unknown";
export interface PartialDate {
  value?: string;
  precision: Precision;
}

export interface DateWords {
  digits: string[];
  months: string[];
  date: string;
  month_year: string;
  year_only: string;
  about: string;
  unknown: string;
  time: string;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** "2026-02-30" is none. */
export function isDate(text: string): boolean {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!m) return false;
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const made = new Date(Date.UTC(y, mo - 1, d));
  return y >= 1800 && made.getUTCMonth() === mo - 1 && made.getUTCDate() === d;
}

/** From three boxes; undefined if they do not make a date of that precision. */
export function fromBoxes(day: string, month: string, year: string): { value: string; precision: "day" | "month" | "year" } | undefined {
  const num = (text: string, max: number) => (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= max ? Number(text) : undefined);
  const y = /^\d{4}$/.test(year) ? year : undefined;
  if (!y) return undefined;
  if (!month && !day) return { value: y, precision: "year" };
  const mo = num(month, 12);
  if (!mo) return undefined;
  if (!day) return { value: `${y}-${two(mo)}`, precision: "month" };
  const d = num(day, 31);
  const value = d ? `${y}-${two(mo)}-${two(d)}` : "";
  return isDate(value) ? { value, precision: "day" } : undefined;
}

/** Today in the country's zone. */
export function today(zoneMinutes: number, now = Date.now()): string {
  return new Date(now + zoneMinutes * 60_000).toISOString().slice(0, 10);
}

const fill = (pattern: string, values: Record<string, string>): string => pattern.replace(/\{(\w+)\}/g, (w, k: string) => values[k] ?? w);

/** "2026-11-22", "2026-11" or "2026" in the words of a language. */
export function dateText(value: string, words: DateWords, language: string): string {
  const [year = "", month, day] = value.split("-");
  const digits = (text: string) => localDigits(String(Number(text)), language);
  const values = { year: digits(year), month: month ? words.months[Number(month) - 1] ?? month : "", day: day ? digits(day) : "" };
  return fill(day ? words.date : month ? words.month_year : words.year_only, values);
}

export function partialDateText(date: PartialDate, words: DateWords, language: string): string {
  if (date.precision === "unknown" || !date.value) return words.unknown;
  const text = dateText(date.value, words, language);
  return date.precision === "about" ? fill(words.about, { date: text }) : text;
}

/** An instant (RFC 3339) as a day and a time of day in the country's zone. */
export function instantText(instant: string, words: DateWords, language: string, zoneMinutes: number, withTime = false): string {
  const local = new Date(Date.parse(instant) + zoneMinutes * 60_000).toISOString();
  const day = dateText(local.slice(0, 10), words, language);
  return withTime ? `${day} ${localDigits(local.slice(11, 16), language)}` : day;
}

/** The last day of a period that ends at this instant: a deadline at midnight is the day before. */
export const lastDay = (deadline: string, zoneMinutes: number): string => today(zoneMinutes, Date.parse(deadline) - 1);

/** Whole days from one day to another. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
