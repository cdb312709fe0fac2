// SPDX-License-Identifier: MPL-2.0
// Signing in; and without a network, unlocking what this officer keeps on this device.
import { useState } from "preact/hooks";
import { getJson, NoAnswer, Refusal, session } from "../../api/client";
import type { SessionMade } from "../../api/types";
import { go } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { discardDrawer, openAfterSignIn, openOffline } from "../../office/drawer";
import { watchIdle } from "../../office/idle";
import { watchOutbox } from "../../office/outbox";
import { TextField } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, type FieldError } from "../../ui/page";
import { t } from "../../words/words";

// Once, when this code is fetched.
watchOutbox();
watchIdle();

export default function SignIn({ path }: ScreenProps) {
  const [name, setName] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [earlier, setEarlier] = useState("");
  const [changed, setChanged] = useState<SessionMade | null>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const fail = (id: string, text: string) => setErrors([{ id, text }]);
  const onward = () => go(...(path.length ? path : ["work"]));

  async function offline(): Promise<void> {
    const how = await openOffline(name, passphrase);
    if (how === "open") onward();
    else fail(how === "wrong" ? "passphrase" : "name", t(how === "wrong" ? "office.unlock_wrong" : "office.unlock_unknown"));
  }

  async function enter(): Promise<void> {
    const made = await getJson<SessionMade>("/api/v1/sessions", { body: { name: name.trim(), passphrase } });
    session.set(made);
    if ((await openAfterSignIn(name.trim(), passphrase, made.staff)) === "changed") setChanged(made);
    else onward();
  }

  async function submit(): Promise<void> {
    if (busy) return;
    const missing = [...(name.trim() ? [] : [{ id: "name", text: t("office.name_missing") }]), ...(passphrase ? [] : [{ id: "passphrase", text: t("office.passphrase_missing") }])];
    if (missing.length) return setErrors(missing);
    setErrors([]);
    setBusy(true);
    try {
      await enter();
    } catch (e) {
      if (e instanceof NoAnswer) await offline();
      else fail(e instanceof Refusal && e.status === 401 ? "passphrase" : "", failureText(e));
    } finally {
      setBusy(false);
    }
  }

  async function withEarlier(): Promise<void> {
    if (changed && (await openAfterSignIn(name.trim(), passphrase, changed.staff, earlier)) === "open") onward();
    else fail("earlier", t("office.unlock_wrong"));
  }

  async function discard(): Promise<void> {
    await discardDrawer(name.trim());
    if (changed) await openAfterSignIn(name.trim(), passphrase, changed.staff);
    onward();
  }

  if (changed)
    return (
      <>
        <ErrorSummary errors={errors} />
        <h1 class="govuk-heading-l">{t("office.changed_heading")}</h1>
        <p class="govuk-body">{t("office.changed_text")}</p>
        <Form onSubmit={() => void withEarlier()}>
          <TextField id="earlier" label={t("office.earlier")} type="password" value={earlier} onValue={setEarlier} autocomplete="current-password"
            error={errors.find((e) => e.id === "earlier")?.text} />
          <Button>{t("core.continue")}</Button>
        </Form>
        <Button kind="warning" onPress={() => void discard()}>{t("office.discard")}</Button>
      </>
    );
  return (
    <>
      <BackLink />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("office.sign_in")}</h1>
      <Form onSubmit={() => void submit()}>
        <TextField id="name" label={t("office.name")} value={name} onValue={setName} autocomplete="username" width={20}
          error={errors.find((e) => e.id === "name")?.text} />
        <TextField id="passphrase" label={t("office.passphrase")} hint={t("office.passphrase_hint")} type="password" value={passphrase}
          onValue={setPassphrase} autocomplete="current-password" error={errors.find((e) => e.id === "passphrase")?.text} />
        <Button busy={busy}>{t("office.sign_in")}</Button>
        {busy ? <p class="govuk-body" role="status">{t("core.loading")}</p> : null}
      </Form>
    </>
  );
}
