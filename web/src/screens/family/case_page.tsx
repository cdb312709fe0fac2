// SPDX-License-Identifier: MPL-2.0
// One declaration as its family follows it: where it stands, who has it, by when, what was said, what one may do.
import { useEffect, useState } from "preact/hooks";
import { NoAnswer, Refusal } from "../../api/client";
import type { NextMove, Tracked, TrackedStep } from "../../api/types";
import { address, go } from "../../app/router";
import { instantText } from "../../base/dates";
import { dateWords, formOf, hasWord, say } from "../../form/country";
import { lastDayText } from "../../form/display";
import { useOfficeName } from "../../form/offices";
import { BackLink, Button, failureText, Notice, SummaryList, useHeadingOf, Warning } from "../../ui/page";
import { language, t } from "../../words/words";
import { draft, sent, startDraft } from "./draft";
import { saveDecision } from "./save";
import { Codes } from "./sent";
import { FamilyMoveForm } from "./family_move";
import { OnPaper, type Ready } from "./ready";
import { followed, officeAbove, trackCase } from "./tracked";

const state = (ready: Ready, c: Tracked, name: string): string => {
  const title = ready.country.kinds.find((k) => k.kind === c.kind)?.states[name]?.title;
  return title ? say(title) : name;
};

/** What the office said with a step: why, and what it wrote. */
function Said({ step }: { step: TrackedStep }) {
  const grounds = step.details?.grounds;
  const reason = step.reason && hasWord(`reason.${step.reason}`) ? say(`reason.${step.reason}`) : step.reason;
  if (!reason && !grounds) return null;
  return (
    <div class="govuk-inset-text">
      {reason ? <p class="govuk-body"><strong>{t("family.reason")}</strong> {reason}</p> : null}
      {grounds ? <p class="govuk-body"><strong>{say("form.grounds")}:</strong> {grounds}</p> : null}
    </div>
  );
}

/** The same in writing, with who hears an appeal and until when. */
function InWriting({ c, code, secret, step }: { c: Tracked; code: string; secret: string; step: TrackedStep }) {
  const [failure, setFailure] = useState("");
  if (!step.paper || !step.version) return null;
  const save = () => saveDecision({ case: c.id, code, secret }, step.version ?? 0).then(() => setFailure(""), (e: unknown) => setFailure(failureText(e)));
  return (
    <div class="civis-no-print" role="status">
      {failure ? <p class="govuk-error-message">{failure}</p> : null}
      <Button kind="secondary" onPress={() => void save()}>{t("family.in_writing", { what: step.paper })}</Button>
    </div>
  );
}

function Timeline({ ready, c, code, secret }: { ready: Ready; c: Tracked; code: string; secret: string }) {
  const day = (at: string) => instantText(at, dateWords(), language.get(), ready.country.zone_minutes);
  return (
    <>
      <h2 class="govuk-heading-m">{t("family.timeline")}</h2>
      <ol class="civis-timeline">
        {c.timeline.map((step, i) => (
          <li key={step.at + step.transition}>
            <strong>{i ? step.state ? state(ready, c, step.state) : step.transition : t("family.step_sent")}</strong>
            <span class="civis-line">{day(step.at)}</span>
            <Said step={step} />
            <InWriting c={c} code={code} secret={secret} step={step} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** The questions again, with the answers that this phone still has. */
function answerAnew(c: Tracked, code: string, secret: string, move: NextMove): void {
  const known = sent.get().find((s) => s.case === c.id);
  startDraft(c.kind, {
    case: c.id, secret, office: c.office, about: { transition: move.transition, version: c.version, code },
    ...(known ? { answers: known.answers, parts: known.parts } : {}),
  });
  go("declare", c.kind, known ? "check-answers" : "first");
}

function Moves({ c, code, secret }: { c: Tracked; code: string; secret: string }) {
  const known = sent.get().some((s) => s.case === c.id);
  const busy = draft.get() !== null;
  if (!c.next.length) return null;
  return (
    <section class="civis-no-print">
      <h2 class="govuk-heading-m">{t("family.you_may")}</h2>
      {c.next.some((m) => m.declaration) && !known ? <p class="govuk-body">{t("family.answers_not_here")}</p> : null}
      {c.next.some((m) => m.declaration) && busy ? <p class="govuk-body">{t("family.another_begun")}</p> : null}
      <div class="govuk-button-group">
        {c.next.map((m, i) => m.declaration
          ? busy ? null : <Button key={m.transition} onPress={() => answerAnew(c, code, secret, m)}>{t("family.answer_anew")}</Button>
          : <Button key={m.transition} {...(i ? { kind: "secondary" as const } : {})} onPress={() => go("track", "case", m.transition)}>{m.title}</Button>)}
      </div>
    </section>
  );
}

function Stands({ ready, c }: { ready: Ready; c: Tracked }) {
  const office = useOfficeName(c.office), above = useOfficeName(officeAbove(c.office));
  const day = (at: string) => instantText(at, dateWords(), language.get(), ready.country.zone_minutes);
  const over = c.deadline !== null && Date.parse(c.deadline) < Date.now();
  const last = c.timeline[c.timeline.length - 1];
  return (
    <>
      <SummaryList rows={[
        { key: t("family.stands"), value: <strong>{state(ready, c, c.state)}</strong> },
        { key: t("family.since"), value: day(c.since) },
        { key: t("family.who_has_it"), value: office || "…" },
        ...(c.deadline ? [{ key: t("family.promised"), value: lastDayText(c.deadline) }] : []),
      ]} />
      {last ? <Said step={last} /> : null}
      {over ? <Warning>{t("family.overdue")}</Warning> : null}
      {over || c.next.some((m) => m.transition === "appeal")
        ? <p class="govuk-body">{above ? say("sheet.slip.complain_above", { office: above }) : say("sheet.slip.complain")}</p> : null}
    </>
  );
}

export function CasePage({ ready: first, code, secret, move }: { ready: Ready; code: string; secret: string; move: string | undefined }) {
  const [c, setCase] = useState<Tracked | null>(null);
  const [ready, setReady] = useState(first);
  const [failure, setFailure] = useState<unknown>(null);
  const [codes, setCodes] = useState(false);

  async function look(): Promise<void> {
    try {
      const now = await trackCase(code, secret);
      const form = await formOf(now.kind);
      setReady({ country: first.country, form });
      setCase({ ...now, next: now.next ?? [] });
      setFailure(null);
    } catch (e) {
      setFailure(e);
    }
  }
  useEffect(() => void look(), [code, language.get()]);

  useHeadingOf(c);

  if (!c) {
    const unknown = failure instanceof Refusal && (failure.status === 404 || failure.status === 422);
    return (
      <>
        <BackLink href={address("track")} />
        <h1 class="govuk-heading-l">{t("core.start.track")}</h1>
        {failure
          ? <><p class="govuk-body" role="alert">{unknown ? t("family.code_unknown") : failureText(failure)}</p>
            {unknown ? null : <Button onPress={() => void look()}>{t("core.again")}</Button>}</>
          : <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>}
      </>
    );
  }
  const chosen = move ? c.next.find((m) => m.transition === move) : undefined;
  if (chosen) return <FamilyMoveForm ready={ready} c={c} secret={secret} move={chosen} onDone={() => { void look(); go("track", "case"); }} />;
  return (
    <>
      <BackLink href={address("track")} />
      <h1 class="govuk-heading-l">{say(`kind.${c.kind}`)}: {state(ready, c, c.state)}</h1>
      {failure instanceof NoAnswer ? <Notice>{t("core.no_answer")}</Notice> : null}
      <Stands ready={ready} c={c} />
      <Moves c={c} code={code} secret={secret} />
      <Timeline ready={ready} c={c} code={code} secret={secret} />
      <div class="govuk-button-group">
        <Button kind="secondary" onPress={() => void look()}>{t("family.look_again")}</Button>
        {codes ? null : <Button kind="secondary" onPress={() => setCodes(true)}>{t("family.show_codes")}</Button>}
      </div>
      {codes ? <Codes s={{ case: c.id, code, secret, kind: c.kind, office: c.office, at: c.since, answers: {}, parts: {} }} /> : null}
      {ready.country.kinds.find((k) => k.kind === c.kind)?.states[c.state]?.final
        ? <p class="govuk-body">{t("family.certificate_how")} <a class="govuk-link govuk-link--target" href={address("claim", "certificate")}>{t("family.claim_certificate")}</a></p> : null}
      {sent.get().some((s) => s.case === c.id) ? null
        : <p class="govuk-body"><button type="button" class="civis-plain" onClick={() => { followed.set(null); go("track"); }}>{t("family.close_case")}</button></p>}
      <OnPaper office={c.office} />
    </>
  );
}
