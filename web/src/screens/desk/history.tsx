// SPDX-License-Identifier: MPL-2.0
// What became of a case, step by step, with what was said.
import { dateText, instantText, isDate } from "../../base/dates";
import type { Json } from "../../base/pointer";
import { localDigits } from "../../base/text";
import type { Case, Step } from "../../desk/api";
import { dateWords, hasWord, say } from "../../form/country";
import type { Country } from "../../form/types";
import { language, t } from "../../words/words";
import { AskPaper } from "./evidence";
import { stateTitle } from "./queue";

/** A step's details are told without their form: a choice has its word in the country's, all else stands as it was written. */
function detailText(name: string, value: Json): string {
  if (typeof value !== "string") return typeof value === "number" ? localDigits(value, language.get()) : typeof value === "boolean" ? t(value ? "form.yes" : "form.no") : "";
  if (isDate(value)) return `${hasWord(`form.${name}`) ? `${say(`form.${name}`)}: ` : ""}${dateText(value, dateWords(), language.get())}`;
  for (const key of [`${name}.${value}`, `identified.${value}`]) if (hasWord(key)) return say(key);
  return value;
}

function Details({ step }: { step: Step }) {
  const all = Object.entries(step.details ?? {}).map(([name, value]) => detailText(name, value)).filter(Boolean);
  return all.length ? <p class="govuk-body-s civis-said">{all.join(" · ")}</p> : null;
}

export function History({ c, country }: { c: Case; country: Country }) {
  return (
    <ol class="govuk-list govuk-list--number">
      {c.history.map((h) => (
        <li key={h.version}>
          <strong>{h.transition === "create" ? stateTitle(country.kinds, h.to, c.kind) : say(`transition.${h.transition}`)}</strong>
          {" · "}{instantText(h.at, dateWords(), language.get(), country.zone_minutes, true)}
          {h.staff ? null : <> · {t("desk.by_family")}</>}
          {h.reason ? <> · {say(`reason.${h.reason}`)}</> : null}
          {h.note ? <p class="govuk-body-s civis-said">{h.note}</p> : null}
          <Details step={h} />
          {h.paper ? (
            <div class="civis-no-print">
              <AskPaper path={`/api/v1/cases/${c.id}/decision.pdf?version=${h.version}&language=${language.get()}`} name="decision" title={h.paper} button={t("desk.in_writing", { what: h.paper })} />
            </div>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
