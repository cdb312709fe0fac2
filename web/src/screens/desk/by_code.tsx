// SPDX-License-Identifier: MPL-2.0
// The case of a slip that somebody brings: found by its tracking code alone, where it is the office's.
import { useRef, useState } from "preact/hooks";
import { go } from "../../app/router";
import { plainCode } from "../../base/text";
import { caseByCode } from "../../desk/api";
import { TextField } from "../../ui/fields";
import { Button, failureText, Form } from "../../ui/page";
import { t } from "../../words/words";

export function ByCode() {
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | undefined>(undefined);
  const busy = useRef(false);
  async function find(): Promise<void> {
    const code = plainCode(typed);
    if (!code) return setError(t("desk.code_missing"));
    if (busy.current) return;
    busy.current = true;
    try {
      const found = await caseByCode(code);
      if (found) go("case", found.id);
      else setError(t("desk.code_unknown"));
    } catch (e) {
      setError(failureText(e));
    }
    busy.current = false;
  }
  return (
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("desk.by_code")}</span></summary>
      <div class="govuk-details__text">
        <Form onSubmit={() => void find()}>
          <TextField id="code" lang="en" width={20} label={t("desk.code")} hint={t("desk.code_hint")} error={error} value={typed} onValue={setTyped} />
          <Button kind="secondary" type="submit">{t("desk.code_find")}</Button>
        </Form>
      </div>
    </details>
  );
}
