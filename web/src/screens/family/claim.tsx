// SPDX-License-Identifier: MPL-2.0
// #/claim: a code on paper. From a hospital: the family completes what was notified, with the same questions; nothing of it is shown.
// From an office: it draws one certificate.
import { useState } from "preact/hooks";
import { Refusal, request } from "../../api/client";
import { address, go } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { useObservable } from "../../base/observable";
import { plainCode } from "../../base/text";
import { Radios, TextField } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, Notice, type FieldError } from "../../ui/page";
import { language, t } from "../../words/words";
import { settle, WhosePhone } from "./begin";
import { CodeForm, type Found } from "./code_form";
import { device, type Device } from "./device";
import { draft, dropDraft, startDraft } from "./draft";
import { OnPaper, useReady } from "./ready";
import { offerFile } from "./save";
import { follow } from "./tracked";

function Which() {
  const [what, setWhat] = useState<"hospital" | "certificate" | undefined>(undefined);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const next = () => (what ? go("claim", what) : setErrors([{ id: "what", text: t("family.wrong_choose") }]));
  return (
    <Form onSubmit={next}>
      <BackLink />
      <ErrorSummary errors={errors} />
      <Radios id="what" heading label={t("core.start.claim")} value={what} onValue={setWhat} error={errors[0]?.text} choices={[
        { value: "hospital", label: t("family.claim_hospital"), hint: t("family.claim_hospital_hint") },
        { value: "certificate", label: t("family.claim_certificate"), hint: t("family.claim_certificate_hint") },
      ]} />
      <Button>{t("core.continue")}</Button>
      <OnPaper />
    </Form>
  );
}

function Hospital() {
  const [whose, setWhose] = useState<Device>(useObservable(device));
  const [failed, setFailed] = useState(false);

  async function found(f: Found): Promise<void> {
    const move = f.case.next?.find((m) => m.declaration);
    if (!move) { // it is completed already: here is where it stands
      follow({ code: f.code, secret: f.secret });
      return go("track", "case");
    }
    if (!(await settle(whose))) return setFailed(true);
    if (draft.get()) await dropDraft();
    startDraft(f.case.kind, { case: f.case.id, secret: f.secret, office: f.case.office,
      about: { transition: move.transition, version: f.case.version, code: f.code } });
    go("declare", f.case.kind, "first");
  }

  return (
    <>
      <BackLink href={address("claim")} />
      <h1 class="govuk-heading-l">{t("family.claim_hospital")}</h1>
      <p class="govuk-body">{t("family.claim_hospital_text")}</p>
      <WhosePhone value={whose} onValue={setWhose} />
      {failed ? <p class="govuk-error-message" role="alert">{t("family.keeps_nothing")}</p> : null}
      {draft.get() ? <Notice>{t("family.begun_replaced")}</Notice> : null}
      <CodeForm button={t("core.continue")} onFound={(f) => void found(f)} />
      <OnPaper />
    </>
  );
}

function Certificate() {
  const [code, setCode] = useState("");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [drawn, setDrawn] = useState<Blob | null>(null);

  async function draw(): Promise<void> {
    if (!code.trim()) return setErrors([{ id: "code", text: t("family.code_missing") }]);
    if (busy) return;
    setBusy(true);
    setErrors([]);
    try {
      const answer = await request("/api/v1/claims", { body: { code: plainCode(code) } });
      const pdf = await answer.blob();
      setDrawn(pdf);
      offerFile(pdf, "certificate.pdf");
    } catch (e) {
      const unknown = e instanceof Refusal && (e.status === 404 || e.status === 422), over = e instanceof Refusal && e.status === 410;
      setErrors([{ id: "code", text: unknown ? t("family.claim_unknown") : over ? t("family.claim_over") : failureText(e) }]);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Form onSubmit={() => void draw()}>
      <BackLink href={address("claim")} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("family.claim_certificate")}</h1>
      <p class="govuk-body">{t("family.claim_certificate_text")}</p>
      <TextField id="code" label={t("family.claim_code")} hint={t("family.claim_code_hint")} lang="en" width={20} value={code} onValue={setCode} error={errors[0]?.text} />
      <Button busy={busy}>{t("family.claim_draw")}</Button>
      <div role="status">{drawn ? (
        <Notice title={t("family.claim_drawn")}>
          <p class="govuk-body">{t("family.claim_drawn_text")}</p>
          <Button kind="secondary" onPress={() => offerFile(drawn, "certificate.pdf")}>{t("family.claim_save_again")}</Button>
        </Notice>
      ) : null}</div>
      <OnPaper />
    </Form>
  );
}

export default function Claim({ path }: ScreenProps) {
  const { ready, instead } = useReady(null);
  language.get();
  if (!ready) return <>{instead}</>;
  switch (path[0]) {
    case "hospital": return <Hospital />;
    case "certificate": return <Certificate />;
    default: return <Which />;
  }
}
