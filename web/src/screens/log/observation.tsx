// SPDX-License-Identifier: MPL-2.0
// What was seen of the log, and how it compares with what this device saw before.
import { toBase64 } from "../../base/bytes";
import type { Seen } from "../../trust/kept";
import { readCheckpoint } from "../../trust/note";
import type { Comparison, Epoch, Observation } from "../../trust/observe";
import { SummaryList, Warning } from "../../ui/page";
import { Verdict, type Tone } from "../../ui/verdict";
import { whenText } from "../../ui/when";
import { digits, t, type Key } from "../../words/words";

/** `at`: when it was fetched; `seen`: what this device had seen before. */
export type Looked =
  | (Observation & { at: number; seen: Seen | undefined })
  | { offline: Seen | undefined }
  | "empty" | "unsigned" | "browser" | "failed";

const TONES: Record<Comparison, Tone> = { first: "good", same: "good", grown: "good", unproven: "open", back: "bad", forked: "bad" };

const SENTENCES: Record<"empty" | "browser" | "failed", Key> = { empty: "log.empty", browser: "log.browser", failed: "log.failed" };

const monospace = (text: string) => <code class="civis-hash" lang="en">{text}</code>;

function Epochs({ epochs }: { epochs: readonly Epoch[] }) {
  if (!epochs.length) return null;
  return (
    <>
      <p class="govuk-body">{t("log.epochs_text")}</p>
      <div class="civis-scroll">
        <table class="govuk-table">
          <caption class="govuk-table__caption govuk-table__caption--m">{t("log.epochs")}</caption>
          <thead class="govuk-table__head">
            <tr class="govuk-table__row">
              {(["log.epoch", "log.entries", "log.lost", "log.linked"] as const).map((k) => <th key={k} class="govuk-table__header" scope="col">{t(k)}</th>)}
            </tr>
          </thead>
          <tbody class="govuk-table__body">
            {epochs.map((e) => (
              <tr key={e.number} class="govuk-table__row">
                <th class="govuk-table__header" scope="row">{digits(e.number)}</th>
                <td class="govuk-table__cell">{e.known ? digits(e.known.size) : t("log.not_told")}</td>
                <td class="govuk-table__cell">{e.lost === undefined ? t("log.not_told") : digits(e.lost)}</td>
                <td class="govuk-table__cell">{t(e.linked ? "log.linked_yes" : "log.linked_no")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Both signed notes: what an observer hands on when they contradict each other. */
function Evidence({ now, seen }: { now: string; seen: Seen }) {
  return (
    <>
      <h3 class="govuk-heading-s">{t("log.evidence_seen", { when: whenText(seen.at) })}</h3>
      <pre class="civis-note" lang="en" tabIndex={0}>{seen.note}</pre>
      <h3 class="govuk-heading-s">{t("log.evidence_now")}</h3>
      <pre class="civis-note" lang="en" tabIndex={0}>{now}</pre>
    </>
  );
}

function Checkpoint({ looked }: { looked: Observation & { at: number; seen: Seen | undefined } }) {
  const { checkpoint, earlier, seen, comparison } = looked, contradicts = comparison === "back" || comparison === "forked";
  const added = earlier && earlier.origin === checkpoint.origin ? checkpoint.size - earlier.size : undefined;
  return (
    <>
      <Verdict level={2} tone={TONES[comparison]} word={t(`log.${comparison}`)} name={comparison}>
        <p class="govuk-body">{t(`log.${comparison}_why`)}</p>
        {comparison === "grown" && added !== undefined ? <p class="govuk-body">{t("log.added", { count: digits(added) })}</p> : null}
      </Verdict>
      {contradicts ? <Warning>{t("log.alarm")}</Warning> : null}
      {contradicts && seen ? <Evidence now={looked.note} seen={seen} /> : null}
      <h2 class="govuk-heading-m">{t("log.newest")}</h2>
      <SummaryList rows={[
        { key: t("log.origin"), value: monospace(checkpoint.origin) },
        { key: t("log.entries"), value: digits(checkpoint.size) },
        { key: t("log.root"), value: monospace(toBase64(checkpoint.root)) },
        { key: t("log.signature"), value: t("log.signed") },
        { key: t("log.fetched"), value: whenText(looked.at) },
        ...(earlier && seen ? [{ key: t("log.seen"), value: t("log.seen_value", { count: digits(earlier.size), when: whenText(seen.at) }) }] : []),
      ]} />
      <Epochs epochs={looked.epochs} />
    </>
  );
}

function Offline({ seen }: { seen: Seen | undefined }) {
  return (
    <>
      <p class="govuk-body">{t("core.no_answer")}</p>
      {seen ? <p class="govuk-body">{t("log.seen_offline", { count: digits(readCheckpoint(seen.note).size), when: whenText(seen.at) })}</p> : null}
    </>
  );
}

export function ObservationView({ looked }: { looked: Looked }) {
  if (looked === "unsigned")
    return <Verdict level={2} tone="bad" word={t("log.unsigned")} name="unsigned"><p class="govuk-body">{t("log.unsigned_why")}</p></Verdict>;
  if (typeof looked === "string") return <p class="govuk-body" data-verdict={looked}>{t(SENTENCES[looked])}</p>;
  return "offline" in looked ? <Offline seen={looked.offline} /> : <Checkpoint looked={looked} />;
}
