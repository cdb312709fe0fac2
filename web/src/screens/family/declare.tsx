// SPDX-License-Identifier: MPL-2.0
// #/declare: a family declares, one question a page. Each question has an address, so that "back" does what people expect.
//
//   #/declare                      before you start
//   #/declare/birth/which-office   #/declare/birth/PAGE…   #/declare/birth/add-photographs
//   #/declare/birth/check-answers  #/declare/birth/send    #/declare/birth/sent
//
// With "change" at the end an answer is changed, and the way leads back to the check page.
import { useEffect } from "preact/hooks";
import { replace } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { today } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { Warning } from "../../ui/page";
import { t } from "../../words/words";
import { Begin } from "./begin";
import { CheckAnswers, progressText } from "./check_answers";
import { draft, notKept, type Draft } from "./draft";
import { Photographs } from "./photographs";
import { Question } from "./question";
import { useDraft, useReady, type Ready } from "./ready";
import { SendingPage } from "./sending";
import { sending } from "./send";
import { SentPage } from "./sent";
import { stepsOf, wrongOf, type Step } from "./steps";
import { WhichOffice } from "./which_office";

/** To another page of this declaration, without a step of its own. */
function Onward({ to }: { to: string[] }) {
  useEffect(() => replace("declare", ...to), [to.join("/")]);
  return null;
}

const isAt = (step: Step, path: readonly string[]): boolean => step.path.join("/") === path.join("/");

/** The first question that still needs an answer. */
const openStep = (ready: Ready, d: Draft): Step | undefined =>
  stepsOf(ready.form, d).find((s) => wrongOf(ready.form, s, d, ready.country, today(ready.country.zone_minutes)).length);

/** After a change: what became a question by it, else the check page. */
function afterChange(ready: Ready, kind: string): string[] {
  const d = draft.get(), open = d && openStep(ready, d);
  return open ? ["declare", kind, ...open.path, "change"] : ["declare", kind, "check-answers"];
}

function afterStep(ready: Ready, kind: string, step: Step): string[] {
  const d = draft.get();
  const steps = d ? stepsOf(ready.form, d) : [];
  const next = steps[steps.findIndex((s) => isAt(s, step.path)) + 1];
  return ["declare", kind, ...(next ? next.path : ["add-photographs"])];
}

function Asked({ ready, d, path }: { ready: Ready; d: Draft; path: string[] }) {
  const steps = stepsOf(ready.form, d), changing = path[path.length - 1] === "change";
  const where = changing ? path.slice(0, -1) : path;
  const open = where[0] === "next" ? openStep(ready, d) : undefined;
  const before = d.about ? 0 : 1, total = steps.length + before + 1;
  const at = steps.findIndex((s) => isAt(s, where)), step = steps[at];
  switch (where[0]) {
    case "which-office": return <WhichOffice ready={ready} d={d} changing={changing} progress={progressText(1, total)} />;
    case "add-photographs": return <Photographs ready={ready} d={d} changing={changing} progress={progressText(total, total)} />;
    case "check-answers": return <CheckAnswers ready={ready} d={d} steps={steps} />;
    case "next": return <Onward to={[d.kind, ...(open ? open.path : ["check-answers"])]} />;
    case "first": return <Onward to={[d.kind, ...(steps[0]?.path ?? ["add-photographs"])]} />;
    default: break;
  }
  if (!step) return <Onward to={[d.kind, "check-answers"]} />;
  return <Question key={where.join("/")} ready={ready} d={d} step={step} progress={progressText(at + before + 1, total)}
    onward={() => (changing ? afterChange(ready, d.kind) : afterStep(ready, d.kind, step))} />;
}

export default function Declare({ path }: ScreenProps) {
  const [kind, ...rest] = path;
  const { ready, instead } = useReady(kind ?? null);
  const d = useDraft(), full = useObservable(notKept);
  if (!ready) return <>{instead}</>;
  if (!kind) return <Begin country={ready.country} />;
  if (rest[0] === "sent") return <SentPage />;
  if (rest[0] === "send" && (d?.attempt || d?.made || sending.get().phase !== "idle")) return <SendingPage d={d} kind={kind} />;
  if (!d || d.kind !== kind) return <Onward to={[]} />;
  if (d.made || d.attempt) return <Onward to={[kind, "send"]} />;
  if (rest[0] === "send") return <Onward to={[kind, "check-answers"]} />; // it is sent by a press, never by an address
  return (
    <>
      <div role="status">{full ? <Warning>{t("form.not_kept")}</Warning> : null}</div>
      <Asked ready={ready} d={d} path={rest.length ? rest : ["first"]} />
    </>
  );
}
