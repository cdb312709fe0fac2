// SPDX-License-Identifier: MPL-2.0
// An answer as people read it.
import { dateText, lastDay, partialDateText, type PartialDate } from "../base/dates";
import { getAt, isMembers, type Json, type Members } from "../base/pointer";
import { localDigits } from "../base/text";
import { language, t } from "../words/words";
import { country, dateWords, hasWord, say } from "./country";
import { partKeys } from "./pages";
import { placeName } from "./places";
import type { Field, FormShape, Page } from "./types";

export function partTitle(path: string): string {
  for (const key of partKeys(path)) if (hasWord(key)) return say(key);
  return "";
}

export function valueText(field: Field, value: Json | undefined): string {
  const of = language.get(), words = dateWords();
  if (value === undefined || value === null) return t("form.blank");
  switch (field.type) {
    case "date": return dateText(String(value), words, of);
    case "partial_date": return isMembers(value) ? partialDateText(value as unknown as PartialDate, words, of) : "";
    case "time": {
      const [hour = "", minute = ""] = String(value).split(":");
      return words.time.replace("{hour}", localDigits(hour, of)).replace("{minute}", localDigits(minute, of));
    }
    case "bool": return t(value ? "form.yes" : "form.no");
    case "choice": {
      const choice = field.choices?.find((c) => c.value === value);
      return choice ? say(choice.title) : String(value);
    }
    case "place": return placeName(String(value));
    case "number": return localDigits(String(value), of);
    case "list": return Array.isArray(value)
      ? value.map((item) => (field.items ?? []).map((f) => getAt(item, f.path) === undefined ? "" : valueText(f, getAt(item, f.path))).filter(Boolean).join(", ")).join("; ")
      : "";
    default: return String(value);
  }
}

/** The last day of a period that ends at this instant. */
export const lastDayText = (deadline: string): string =>
  dateText(lastDay(deadline, country.get()?.zone_minutes ?? 0), dateWords(), language.get());

/** The words because of which a page is asked: who confirms a spelling must see it. */
export function askedAbout(form: FormShape, page: Page, answers: Members): { text: string; lang?: string } | undefined {
  const field = form.fields.find((f) => f.path === page.when?.field && (f.type === "name" || f.type === "text"));
  const value = field && page.when?.value === undefined ? getAt(answers, field.path) : undefined;
  return typeof value === "string" ? { text: value, ...(field?.script === "latin" ? { lang: "en" } : {}) } : undefined;
}

/** A personal number in the groups of the country's pattern. */
export function numberText(number: string): string {
  const pattern = country.get()?.number_pattern ?? "";
  if ((pattern.match(/#/g) ?? []).length !== number.length) return number;
  let at = 0;
  return pattern.replace(/#/g, () => number[at++] ?? "");
}

/** The declaration line by line, in the order of the form, under the names of who it is about. */
export function lines(form: FormShape, answers: Members): { field: Field; part: string; title: string; text: string; value: Json }[] {
  const all = [];
  for (const field of form.fields) {
    const value = getAt(answers, field.path);
    if (value === undefined) continue;
    all.push({ field, part: partTitle(field.path), title: say(field.title), text: valueText(field, value), value });
  }
  return all;
}
