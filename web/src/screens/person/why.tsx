// SPDX-License-Identifier: MPL-2.0
// Before a record is opened: why. What is chosen stands in the list that the person can read.
import { useState } from "preact/hooks";
import type { Purpose } from "../../api/types";
import { me } from "../../app/me";
import { address } from "../../app/router";
import { Radios } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, Notice, type FieldError } from "../../ui/page";
import { t } from "../../words/words";
import { openPerson } from "./opened";

const PURPOSES = ["counter_service", "certificate", "registration", "appeal"] as const satisfies Purpose[];

export function Why({ id }: { id: string }) {
  const [purpose, setPurpose] = useState<(typeof PURPOSES)[number] | undefined>(undefined);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const mine = me()?.role === "registrar" ? PURPOSES : PURPOSES.slice(0, 2);
  async function open(): Promise<void> {
    if (!purpose) return setErrors([{ id: "why", text: t("person.why_missing") }]);
    if (busy) return;
    setBusy(true);
    try {
      await openPerson(id, purpose);
    } catch (e) {
      setErrors([{ id: "", text: failureText(e) }]);
      setBusy(false);
    }
  }
  return (
    <Form onSubmit={() => void open()}>
      <BackLink href={address("person")} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("person.open_title")}</h1>
      <Notice>{t("person.identify_first")}</Notice>
      <Radios id="why" label={t("person.why")} hint={t("person.why_hint")} value={purpose} onValue={setPurpose}
        error={errors.find((e) => e.id === "why")?.text}
        choices={mine.map((p) => ({ value: p, label: t(`person.purpose.${p}`), hint: t(`person.purpose_hint.${p}`) }))} />
      <Button busy={busy}>{t("person.open")}</Button>
      <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("person", id, "looks")}>{t("person.looks")}</a></p>
    </Form>
  );
}
