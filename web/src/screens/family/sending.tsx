// SPDX-License-Identifier: MPL-2.0
// While it is being sent: how far it is, why it waits, and that nothing is lost.
import { useEffect } from "preact/hooks";
import { go, replace } from "../../app/router";
import { useObservable } from "../../base/observable";
import { Button, Warning } from "../../ui/page";
import { digits, t } from "../../words/words";
import { device } from "./device";
import type { Draft } from "./draft";
import { OnPaper } from "./ready";
import { leavePhotographs, send, sending, stopWaiting, type Sending as State } from "./send";

function said(state: State): string {
  switch (state.phase) {
    case "waiting": return t("family.waiting");
    case "photographs": return t("family.sending_photographs", { number: digits(state.number), of: digits(state.of), percent: digits(state.percent) });
    case "stopped": return state.text;
    default: return t("family.sending_declaration");
  }
}

export function SendingPage({ d, kind }: { d: Draft | null; kind: string }) {
  const state = useObservable(sending), whose = useObservable(device);
  useEffect(() => {
    if (d && state.phase === "idle") void send(); // opened again on the person's own phone
  }, []);
  useEffect(() => {
    if (state.phase === "sent") replace("declare", kind, "sent");
    if (state.phase === "wrong") replace("declare", kind, "check-answers");
  }, [state.phase]);
  const waiting = state.phase === "waiting", stopped = state.phase === "stopped" ? state : null;
  return (
    <>
      <h1 class="govuk-heading-l">{t(waiting ? "family.waiting_title" : stopped ? "family.stopped_title" : "family.sending_title")}</h1>
      <p class="govuk-body-l" role="status">{said(state)}</p>
      {state.phase === "photographs" ? <progress class="civis-progress" max={100} value={state.percent} aria-label={said(state)} /> : null}
      {waiting ? <Warning>{t(whose === "mine" ? "family.waiting_mine" : "family.waiting_shared")}</Warning> : null}
      <div class="govuk-button-group">
        {waiting || stopped ? <Button onPress={() => void send()}>{t(waiting ? "family.send_now" : "core.again")}</Button> : null}
        {stopped?.photographs ? <Button kind="secondary" onPress={() => void leavePhotographs()}>{t("family.without_photographs")}</Button> : null}
        {(waiting || stopped) && d && !d.attempt && !d.made
          ? <Button kind="secondary" onPress={() => { stopWaiting(); go("declare", kind, "check-answers"); }}>{t("family.back_to_answers")}</Button> : null}
      </div>
      {d?.made ? <p class="govuk-body">{t("family.declaration_is_there")}</p> : null}
      <OnPaper office={d?.office ?? null} />
    </>
  );
}
