// SPDX-License-Identifier: MPL-2.0
// Code and secret, as people type them, or as the QR of a slip has them.
import { useState } from "preact/hooks";
import { Refusal } from "../../api/client";
import type { Tracked } from "../../api/types";
import { TextField } from "../../ui/fields";
import { FileField } from "../../ui/file";
import { Button, ErrorSummary, failureText, Form, type FieldError } from "../../ui/page";
import { t } from "../../words/words";
import { Camera } from "../check/camera";
import { readPicture } from "../check/scan";
import { plainCode } from "../../base/text";
import { trackTyped } from "./tracked";

export interface Found {
  case: Tracked;
  code: string;
  secret: string;
}

/** Somebody may paste the whole address of the QR into one of the boxes. */
function fromAddress(text: string): { code: string; secret: string } | null {
  const m = /#\/track\/([^/\s]+)\/([^/\s]+)/.exec(text);
  return m ? { code: m[1] ?? "", secret: m[2] ?? "" } : null;
}

export function CodeForm({ button, onFound }: { button: string; onFound: (found: Found) => void }) {
  const [code, setCode] = useState("");
  const [secret, setSecret] = useState("");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [camera, setCamera] = useState(false);

  async function find(code: string, secret: string): Promise<void> {
    const list = [...(code.trim() ? [] : [{ id: "code", text: t("family.code_missing") }]), ...(secret.trim() ? [] : [{ id: "secret", text: t("family.secret_missing") }])];
    setErrors(list);
    if (list.length || busy) return;
    setBusy(true);
    try {
      const found = await trackTyped(code, secret);
      onFound({ case: found.case, secret: found.secret, code: plainCode(code) });
    } catch (e) {
      setErrors([{ id: "code", text: e instanceof Refusal && (e.status === 404 || e.status === 422) ? t("family.code_unknown") : failureText(e) }]);
    } finally {
      setBusy(false);
    }
  }

  const typed = (text: string, put: (text: string) => void) => {
    const whole = fromAddress(text);
    if (!whole) return put(text);
    setCode(whole.code);
    setSecret(whole.secret);
  };
  /** The text of a QR, undefined where there was none to read. */
  const scanned = (text: string | undefined): void => {
    const whole = text === undefined ? null : fromAddress(text);
    setCamera(false);
    if (!whole) return setErrors([{ id: "picture", text: t(text === undefined ? "check.picture_unread" : "family.scan_other") }]);
    setCode(whole.code);
    setSecret(whole.secret);
    void find(whole.code, whole.secret);
  };
  const error = (id: string) => errors.find((e) => e.id === id)?.text;
  return (
    <Form onSubmit={() => void find(code, secret)}>
      <ErrorSummary errors={errors} />
      {camera ? <Camera onText={scanned} onStop={() => setCamera(false)} />
        : <Button kind="secondary" onPress={() => { setErrors([]); setCamera(true); }} busy={busy}>{t("check.camera")}</Button>}
      <FileField id="picture" label={t("family.scan_picture")} error={error("picture")} button={t("check.choose")} accept="image/*" busy={busy}
        onFile={(file) => void readPicture(file).then(scanned, () => setErrors([{ id: "picture", text: t("check.picture_not") }]))} />
      <TextField id="code" label={t("family.code")} hint={t("family.code_hint")} lang="en" value={code} onValue={(v) => typed(v, setCode)} error={error("code")} width={20} />
      <TextField id="secret" label={t("family.secret")} hint={t("family.secret_hint")} lang="en" value={secret} onValue={(v) => typed(v, setSecret)} error={error("secret")} />
      <Button busy={busy}>{button}</Button>
    </Form>
  );
}
