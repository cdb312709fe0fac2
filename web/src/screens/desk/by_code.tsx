// SPDX-License-Identifier: MPL-2.0
// The case of a slip that somebody brings: found by its tracking code alone, where it is the office's.
import { useRef, useState } from "preact/hooks";
import { address, go } from "../../app/router";
import { plainCode } from "../../base/text";
import { caseByCode } from "../../desk/api";
import { TextField } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, type FieldError } from "../../ui/page";
import { t } from "../../words/words";

export function ByCode() {
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const busy = useRef(false);
  async function find(): Promise<void> {
    const code = plainCode(typed);
    const setError = (text: string) => setErrors([{ id: "code", text }]);
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
    <Form onSubmit={() => void find()}>
      <BackLink href={address("queue")} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("desk.by_code")}</h1>
      <TextField id="code" lang="en" width={20} label={t("desk.code")} hint={t("desk.code_hint")} error={errors[0]?.text} value={typed} onValue={setTyped} />
      <Button>{t("desk.code_find")}</Button>
    </Form>
  );
}
