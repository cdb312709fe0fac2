// SPDX-License-Identifier: MPL-2.0
// One large answer: a sign, a word, a sentence; then only what the document itself discloses.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useCountry } from "../../form/country";
import { lineOf, placeLabel, placeOf } from "../../form/places";
import type { Credential, Entry, Extract } from "../../trust/credential";
import { Button, SummaryList, Warning } from "../../ui/page";
import { Verdict as Large, type Sign, type Tone } from "../../ui/verdict";
import { dayText, whenText } from "../../ui/when";
import { digits, t, type Key } from "../../words/words";
import type { Answer, Verdict } from "./judge";

const SIGNS: Record<Verdict, { sign: Sign; tone: Tone }> = {
  valid: { sign: "tick", tone: "good" },
  changed: { sign: "again", tone: "bad" },
  revoked: { sign: "cross", tone: "bad" },
  suspended: { sign: "pause", tone: "bad" },
  altered: { sign: "cross", tone: "bad" },
  foreign: { sign: "cross", tone: "bad" },
  unusable: { sign: "cross", tone: "bad" },
  unknown: { sign: "ask", tone: "open" },
};

const scriptOf = (text: string): string | undefined => (/[\u1780-\u17ff]/.test(text) ? "km" : /[\u1000-\u109f]/.test(text) ? "my" : undefined);

const SEXES: Record<string, Key> = { f: "check.sex.f", m: "check.sex.m", u: "check.sex.u" };

function entryText(e: Entry): string {
  return t("check.entry", { office: digits(e.office), register: e.register, book: digits(e.book), year: digits(e.year), serial: digits(e.serial) });
}

/** The names that this device knows already; to ask for more would tell which document is looked at. */
function placeText(code: string): string {
  const names = lineOf(code).map(placeOf).filter((p) => p !== undefined).map(placeLabel);
  return names.length ? t("check.place", { name: names.join(" "), code }) : t("check.place_code", { code });
}

type Row = { key: ComponentChildren; value: ComponentChildren };

/** The lines of an extract, as the paper has them. */
export function extractRows(x: Extract): Row[] {
  const rows: Row[] = [];
  const row = (key: Key, value: string | undefined, lang?: string) => {
    if (value !== undefined) rows.push({ key: t(key), value: lang ? <span lang={lang}>{value}</span> : value });
  };
  row("check.field.kind", x.kind === "b" ? t("check.kind.b") : x.kind);
  row("check.field.name_native", x.nameNative, x.nameNative && scriptOf(x.nameNative));
  row("check.field.name_latin", x.nameLatin, "en");
  row("check.field.sex", x.sex && (SEXES[x.sex] ? t(SEXES[x.sex] as Key) : x.sex));
  row("check.field.birth_date", x.birthDate && dayText(x.birthDate));
  row("check.field.birth_place", x.birthPlace && placeText(x.birthPlace));
  row("check.field.entry", x.entry && entryText(x.entry));
  row("check.field.registered", x.registered && dayText(x.registered));
  return rows;
}

/** A document that no longer counts is named, and no more repeated as if it did. */
function Says({ credential: c, counts }: { credential: Credential; counts: boolean }) {
  const own: Row[] = [
    { key: t("check.field.serial"), value: <span lang="en">{c.serial}</span> },
    { key: t("check.field.issued"), value: dayText(new Date(c.issued * 1000).toISOString().slice(0, 10)) },
  ];
  return (
    <>
      <h2 class="govuk-heading-m">{t(counts ? "check.says" : "check.which")}</h2>
      <SummaryList rows={[...extractRows(counts ? c.extract : c.extract.entry ? { entry: c.extract.entry } : {}), ...own]} />
    </>
  );
}

function How({ answer }: { answer: Answer }) {
  const { finding } = answer, signed = finding?.credential !== undefined, list = finding?.list;
  return (
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("check.how")}</span></summary>
      <div class="govuk-details__text">
        <ul class="govuk-list govuk-list--bullet">
          <li>{t(signed ? "check.how_signed" : finding ? "check.how_unsigned" : "check.how_nothing")}</li>
          <li>{list ? t("check.how_list", { when: whenText(list.issued * 1000) }) : t("check.how_no_list")}</li>
          <li>{t(answer.fromPdf ? "check.how_pdf" : "check.how_paper")}</li>
          <li>{t("check.how_private")}</li>
          <li>{t("check.how_operator")}</li>
        </ul>
      </div>
    </details>
  );
}

export function AnswerView({ answer, onAnother }: { answer: Answer; onAnother: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useCountry();
  useEffect(() => {
    heading.current?.focus();
    scrollTo(0, 0);
  }, []);
  const { verdict, finding } = answer, { sign, tone } = SIGNS[verdict], list = finding?.list, credential = finding?.credential;
  const counts = verdict === "valid" || verdict === "unknown";
  return (
    <>
      <Large tone={tone} sign={sign} word={t(`check.${verdict}`)} name={verdict} heading={heading}>
        <p class="govuk-body-l">{t(answer.why, { when: list ? whenText(list.issued * 1000) : "" })}</p>
        {finding?.since === undefined ? null : <p class="govuk-body">{t("check.since", { date: dayText(new Date(finding.since * 86_400_000).toISOString().slice(0, 10)) })}</p>}
        {list && !counts ? <p class="govuk-body">{t("check.as_of", { when: whenText(list.issued * 1000) })}</p> : null}
      </Large>
      {credential && counts ? <Warning>{t(answer.fromPdf ? "check.compare_pdf" : "check.compare")}</Warning> : null}
      {credential ? <Says credential={credential} counts={counts} /> : null}
      <Button onPress={onAnother}>{t("check.another")}</Button>
      <How answer={answer} />
    </>
  );
}
