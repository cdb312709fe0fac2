// SPDX-License-Identifier: MPL-2.0
// What a family may do with its case beside answering anew: withdraw it, appeal. Done once, whatever the line does.
import { useRef, useState } from "preact/hooks";
import { Refusal, request } from "../../api/client";
import type { NextMove, Tracked } from "../../api/types";
import { today } from "../../base/dates";
import { getAt, setAt, type Members } from "../../base/pointer";
import { check } from "../../form/check";
import { Control, controlId } from "../../form/controls";
import { say } from "../../form/country";
import { fieldErrors } from "../../form/errors";
import { Radios } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, type FieldError } from "../../ui/page";
import { t } from "../../words/words";
import { OnPaper, type Ready } from "./ready";
import { ruleText } from "./words";

const PREFIX = "-d";

export function FamilyMoveForm({ ready, c, secret, move, onDone }: { ready: Ready; c: Tracked; secret: string; move: NextMove; onDone: () => void }) {
  const [reason, setReason] = useState<string | undefined>(undefined);
  const [details, setDetails] = useState<Members>({});
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID());
  const small = move.form;

  function wrong(): FieldError[] {
    const list: FieldError[] = move.reason && !reason ? [{ id: "reason", text: t("family.wrong_choose") }] : [];
    if (small)
      list.push(...fieldErrors(check({ ...ready.form, ...small }, small.fields, details, ready.country, today(ready.country.zone_minutes)), small.fields,
        (w, field) => ruleText(w.code, field), PREFIX));
    return list;
  }

  async function submit(): Promise<void> {
    const list = wrong();
    setErrors(list);
    if (list.length || busy) return;
    setBusy(true);
    try {
      await request(`/api/v1/cases/${c.id}/${move.transition}`, {
        body: { ...(reason ? { reason } : {}), ...(small ? { details } : {}) }, key: key.current, match: c.version, secret });
      onDone();
    } catch (e) {
      if (e instanceof Refusal) key.current = crypto.randomUUID(); // answered: the next try is another request
      const fields = e instanceof Refusal ? e.problem.errors ?? [] : [];
      setErrors(fields.length ? fields.map((f) => ({ id: controlId(f.pointer.replace(/^\/details/, ""), PREFIX), text: f.message })) : [{ id: "", text: failureText(e) }]);
    } finally {
      setBusy(false);
    }
  }

  const error = (id: string) => errors.find((e) => e.id === id)?.text;
  return (
    <Form onSubmit={() => void submit()}>
      <BackLink onBack={() => history.back()} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{move.title}</h1>
      <p class="govuk-body">{t("family.move_text")}</p>
      {move.reasons.length ? <Radios id="reason" label={t(move.reason ? "family.reason" : "family.reason_may")} value={reason} onValue={setReason} error={error("reason")}
        choices={move.reasons.map((r) => ({ value: r, label: say(`reason.${r}`) }))} /> : null}
      {small?.fields.map((f) => <Control key={f.path} prefix={PREFIX} field={f} value={getAt(details, f.path)} error={error(controlId(f.path, PREFIX))}
        onValue={(v) => setDetails((d) => setAt(d, f.path, v))} />)}
      <Button busy={busy} {...(small ? {} : { kind: "warning" as const })}>{move.title}</Button>
      <OnPaper office={c.office} />
    </Form>
  );
}
