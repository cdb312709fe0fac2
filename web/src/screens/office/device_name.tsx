// SPDX-License-Identifier: MPL-2.0
// What the office calls the device that one holds.
import { useEffect, useState } from "preact/hooks";
import { NoAnswer, session } from "../../api/client";
import { me } from "../../app/me";
import { online } from "../../app/online";
import { LABEL_FIGURES, labelFault, labelOf, name } from "../../office/device";
import { TextField } from "../../ui/fields";
import { Button, failureText, Form } from "../../ui/page";
import { digits, t } from "../../words/words";

export function DeviceName({ onKept }: { onKept: () => void }) {
  const office = me()?.office ?? "";
  const [label, setLabel] = useState("");
  const [said, setSaid] = useState("");
  const [error, setError] = useState<string | undefined>();
  useEffect(() => { void labelOf(office).then(setLabel, () => undefined); }, [office]);
  async function keepIt(): Promise<void> {
    const fault = labelFault(label.normalize("NFC"));
    setSaid("");
    setError(fault === "long" ? t("device.name_long") : fault ? t("device.name_figures", { n: digits(LABEL_FIGURES) }) : undefined);
    if (fault) return;
    try {
      await name(office, label);
      setSaid(t(online.get() && session.get() ? "device.name_kept" : "device.name_told_later"));
      onKept();
    } catch (e) {
      if (e instanceof NoAnswer) setSaid(t("device.name_told_later"));
      else setError(failureText(e));
    }
  }
  return (
    <Form onSubmit={() => void keepIt()}>
      <TextField id="device-name" label={t("device.name")} hint={t("device.name_hint")} error={error} value={label} onValue={setLabel} width={20} />
      <Button kind="secondary" type="submit">{t("device.name_keep")}</Button>
      <p class="govuk-body" role="status">{said}</p>
    </Form>
  );
}
