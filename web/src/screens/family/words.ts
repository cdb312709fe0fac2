// SPDX-License-Identifier: MPL-2.0
// Mistakes in words that say what to do.
import { say } from "../../form/country";
import type { Field } from "../../form/types";
import { digits, t } from "../../words/words";
import type { Draft } from "./draft";

export function ruleText(code: string, field?: Field): string {
  switch (code) {
    case "not_a_date": return t("family.wrong_date");
    case "not_a_time": return t("family.wrong_time");
    case "required": return t("family.wrong_required");
    default: return say(`field.${code}`, { limit: digits((code === "too_short" ? field?.min_bytes : field?.max_bytes) ?? 0) });
  }
}

/** Of a field: the server's own words for what the server found. */
export function wrongText(d: Draft, pointer: string, code: string, field?: Field): string {
  return code ? ruleText(code, field) : d.wrong.find((w) => w.pointer === pointer || w.pointer.startsWith(`${pointer}/`))?.text ?? "";
}
