// SPDX-License-Identifier: MPL-2.0
// Before one starts: what helps, how long it takes, the way on paper, and whose phone this is.
import { useState } from "preact/hooks";
import { address, go } from "../../app/router";
import { useObservable } from "../../base/observable";
import { say } from "../../form/country";
import type { Country } from "../../form/types";
import { Radios } from "../../ui/fields";
import { Button, Form, Notice } from "../../ui/page";
import { t } from "../../words/words";
import { device, keepHere, type Device } from "./device";
import { draft, dropDraft, keepWhatIsHere, leaveNothing, sent, startDraft, type Draft } from "./draft";
import { familyKinds, useDraft } from "./ready";

/** Where a declaration that was begun goes on. */
export const onward = (d: Draft): string[] =>
  ["declare", d.kind, d.made || d.attempt ? "send" : !d.office ? "which-office" : "next"];

/** Whose phone it is; "mine" is the only answer after which anything stays. */
export function WhosePhone({ value, onValue }: { value: Device; onValue: (d: Device) => void }) {
  return (
    <Radios id="whose" label={<span class="govuk-fieldset__legend--m">{t("family.whose")}</span>} value={value} onValue={onValue} choices={[
      { value: "shared", label: t("family.whose_shared"), hint: t("family.whose_shared_hint") },
      { value: "mine", label: t("family.whose_mine"), hint: t("family.whose_mine_hint") },
    ]} />
  );
}

/** Makes the phone what the person said it is. False: this browser keeps nothing. */
export async function settle(wanted: Device): Promise<boolean> {
  if (wanted === device.get()) return true;
  if (wanted === "mine") {
    if (!(await keepHere())) return false;
    await keepWhatIsHere();
    return true;
  }
  const writing = draft.get();
  await leaveNothing();
  draft.set(writing); // it goes on in this page's memory
  return true;
}

function Begun({ d }: { d: Draft }) {
  const [sure, setSure] = useState(false);
  return (
    <Notice title={t("family.begun")}>
      <p class="govuk-body">{t(d.made || d.attempt ? "family.begun_unsent" : "family.begun_text")}</p>
      <div class="govuk-button-group">
        <Button onPress={() => go(...onward(d))}>{t("family.go_on")}</Button>
        <Button kind={sure ? "warning" : "secondary"} onPress={() => { if (sure) void dropDraft(); else setSure(true); }}>
          {t(sure ? "family.remove_sure" : "family.remove_begun")}
        </Button>
      </div>
    </Notice>
  );
}

export function Begin({ country }: { country: Country }) {
  const d = useDraft(), now = useObservable(device), known = useObservable(sent);
  const kinds = familyKinds(country);
  const [whose, setWhose] = useState<Device>(now);
  const [kind, setKind] = useState(kinds[0] ?? "birth");
  const [failed, setFailed] = useState(false);

  async function start(): Promise<void> {
    if (!(await settle(whose))) {
      setFailed(true);
      setWhose("shared");
      return;
    }
    if (draft.get()) await dropDraft();
    startDraft(kind);
    go("declare", kind, "which-office");
  }

  return (
    <>
      <h1 class="govuk-heading-l">{t(kinds.length > 1 ? "family.begin_any" : "core.start.declare")}</h1>
      <p class="govuk-body-l">{t("family.begin_lead")}</p>
      {d ? <Begun d={d} /> : null}
      <h2 class="govuk-heading-m">{t("family.helps")}</h2>
      <ul class="govuk-list govuk-list--bullet">
        <li>{t("family.helps_notice")}</li>
        <li>{t("family.helps_identity")}</li>
        <li>{t("family.helps_names")}</li>
      </ul>
      <p class="govuk-body"><strong>{t("family.helps_none")}</strong></p>
      <h2 class="govuk-heading-m">{t("family.paper_title")}</h2>
      <p class="govuk-body">{t("family.on_paper")}</p>
      <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("track")}>{t("core.start.track")}</a></p>
      {d ? null : (
        <Form onSubmit={() => void start()}>
          {kinds.length > 1 ? <Radios id="kind" label={t("family.which_kind")} value={kind} onValue={setKind}
            choices={kinds.map((k) => ({ value: k, label: say(`kind.${k}`) }))} /> : null}
          <WhosePhone value={whose} onValue={setWhose} />
          {failed ? <p class="govuk-error-message" role="alert">{t("family.keeps_nothing")}</p> : null}
          {now === "mine" && whose === "shared" && known.length ? <Notice>{t("family.will_be_removed")}</Notice> : null}
          <Button>{t("family.start")}</Button>
        </Form>
      )}
    </>
  );
}
