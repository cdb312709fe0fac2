// SPDX-License-Identifier: MPL-2.0
// What this officer may do with a case now. Each move is asked for, filled in, and done once: its key stays the same until an answer
// is known. When somebody else was faster, the case is read anew and what was typed stays.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Refusal } from "../../api/client";
import { today } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { below, getAt, setAt } from "../../base/pointer";
import { moveCase, type Case, type Move, type MoveBody, type Moved } from "../../desk/api";
import { dropTyped, keepTyped, notKept, placeOfMove, typedBefore, type TypedMove } from "../../desk/typed";
import { check } from "../../form/check";
import { Control, controlId } from "../../form/controls";
import { say, useCountry } from "../../form/country";
import { fieldErrors } from "../../form/errors";
import { fieldsOf } from "../../form/pages";
import type { Country, Field, FormShape } from "../../form/types";
import { Radios, TextField } from "../../ui/fields";
import { Button, ErrorSummary, failureText, Form, Notice, Warning, type FieldError } from "../../ui/page";
import { t } from "../../words/words";
import { Amend, askedPages } from "./amend";
import { OfficePicker } from "./office_picker";

interface Props {
  c: Case;
  form: FormShape;
  onReload: () => Promise<void>;
  onMoved: (moved: Moved) => void;
  onGone: () => void;
}

const DANGER = new Set(["reject", "cancel", "withdraw", "uphold"]);
const DETAIL = "-d";

type Typed = TypedMove["typed"];

/** Where a pointer of the server's is shown: at its field, or at the list that holds it. */
function fieldId(fields: readonly Field[], pointer: string, prefix: string): string {
  const field = fields.find((f) => below(pointer, f.path));
  return field ? controlId(field.path, prefix) : "";
}

function placed(form: FormShape, move: Move, pointer: string): string {
  const [, first = "", ...rest] = pointer.split("/"), inner = `/${rest.join("/")}`;
  if (first === "details") return fieldId(move.form?.fields ?? [], inner, DETAIL);
  if (first === "declaration") return move.declaration ? fieldId(form.fields, inner, "") : "";
  return first === "reason" || first === "office" || first === "note" ? first : "";
}

const NEEDS = { listed: "desk.needs", attached: "desk.needs_attached", current: "desk.needs_current" } as const;

/** The state in which the case will be. */
const targetOf = (country: Country, form: FormShape, move: Move, state: string) =>
  country.kinds.find((k) => k.kind === form.kind)?.states[move.to ?? state];

/** What can be told at once. A notification is the server's to judge: it needs less than the form says. */
function wrongOf(form: FormShape, move: Move, typed: Typed, country: Country, state: string): FieldError[] {
  const day = today(country.zone_minutes), list: FieldError[] = [];
  const target = targetOf(country, form, move, state);
  if (move.declaration && !target?.notice) list.push(...fieldErrors(check(form, askedPages(form, typed.declaration, target?.transcribes ?? false).flatMap((p) => fieldsOf(form, p)), typed.declaration, country, day), form.fields));
  if (move.reason && move.reasons.length && !typed.reason) list.push({ id: "reason", text: t("desk.reason_missing") });
  if (move.form) list.push(...fieldErrors(check({ ...form, ...move.form, base: null }, move.form.fields, typed.details, country, day), move.form.fields, undefined, DETAIL));
  if (move.office && !typed.office) list.push({ id: "office", text: t("desk.office_missing") });
  return list;
}

const bodyOf = (move: Move, typed: Typed): MoveBody => ({
  ...(typed.reason ? { reason: typed.reason } : {}), ...(typed.note.trim() ? { note: typed.note.trim() } : {}),
  ...(typed.office ? { office: typed.office } : {}), ...(move.form ? { details: typed.details } : {}),
  ...(move.declaration ? { declaration: typed.declaration } : {}),
});

/** What was typed for a case is sent, or not wanted. */
export const dropFor = (c: Case): void => dropTyped(placeOfMove(c.id));

/** `act`: makes the move; what it throws is shown at its place. */
export function MoveForm({ c, form, move, before, possible, onReload, act, onCancel }: {
  c: Case; form: FormShape; move: Move; before?: TypedMove | undefined; possible: boolean; onReload: () => Promise<void>; act: (body: MoveBody, key: string) => Promise<void>; onCancel: () => void;
}) {
  const country = useCountry();
  const [typed, setTyped] = useState<Typed>(before?.typed ?? { note: "", details: {}, declaration: c.declaration });
  const [errors, setErrors] = useState<FieldError[]>(before && before.version !== c.version ? [{ id: "", text: t("desk.changed_meanwhile") }] : []);
  const [busy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID()), untouched = useRef(typed), full = useObservable(notKept);
  // Before anything else can happen on the page: the last letter as well.
  useLayoutEffect(() => {
    if (typed !== untouched.current) keepTyped(placeOfMove(c.id), { transition: move.transition, version: c.version, typed } satisfies TypedMove);
  }, [typed]);
  if (!country) return null;
  const put = (change: Partial<Typed>) => setTyped((before) => ({ ...before, ...change }));

  async function refused(e: unknown): Promise<void> {
    if (e instanceof Refusal) key.current = crypto.randomUUID(); // answered: the next try is another request
    if (e instanceof Refusal && (e.code === "changed_meanwhile" || e.code === "wrong_state" || e.code === "held")) {
      await onReload();
      return setErrors([{ id: "", text: e.code === "changed_meanwhile" ? t("desk.changed_meanwhile") : failureText(e) }]);
    }
    const fields = e instanceof Refusal ? e.problem.errors ?? [] : [];
    setErrors(fields.length ? fields.map((f) => ({ id: placed(form, move, f.pointer), text: f.message })) : [{ id: "", text: failureText(e) }]);
  }

  async function submit(): Promise<void> {
    if (!country || busy) return;
    const list = wrongOf(form, move, typed, country, c.state);
    setErrors(list);
    if (list.length) return;
    setBusy(true);
    try {
      await act(bodyOf(move, typed), key.current);
    } catch (e) {
      await refused(e);
    } finally {
      setBusy(false);
    }
  }

  const error = (id: string) => errors.find((e) => e.id === id)?.text;
  return (
    <Form onSubmit={() => void submit()}>
      <ErrorSummary errors={errors} />
      <h3 class="govuk-heading-m" id="move" tabIndex={-1}>{move.title}</h3>
      {possible ? null : <Warning>{t("desk.no_more")}</Warning>}
      <div role="status">{full ? <Warning>{t("form.not_kept")}</Warning> : null}</div>
      {move.needs.map((n) => <Notice key={n.of.join()}>{t(NEEDS[n.shown], { kinds: n.of.map((k) => say(`evidence.${k}`)).join(", ") })}</Notice>)}
      {move.declaration ? <Amend form={form} transcribes={targetOf(country, form, move, c.state)?.transcribes ?? false} value={typed.declaration} error={error} onValue={(change) => setTyped((b) => ({ ...b, declaration: change(b.declaration) }))} /> : null}
      {move.reasons.length ? (
        <Radios id="reason" label={t("desk.reason")} value={typed.reason} onValue={(reason) => put({ reason })} error={error("reason")}
          choices={move.reasons.map((r) => ({ value: r, label: say(`reason.${r}`) }))} />
      ) : null}
      {move.form?.fields.map((f) => <Control key={f.path} prefix={DETAIL} field={f} value={getAt(typed.details, f.path)} error={error(controlId(f.path, DETAIL))}
        onValue={(v) => setTyped((b) => ({ ...b, details: setAt(b.details, f.path, v) }))} />)}
      {move.office ? <OfficePicker value={typed.office} onValue={(office) => put({ office })} error={error("office")} /> : null}
      {move.reason || move.reasons.length ? <TextField id="note" label={t("desk.note")} hint={t("desk.note_hint")} rows={3} value={typed.note} error={error("note")} onValue={(note) => put({ note })} /> : null}
      <div class="govuk-button-group">
        {possible ? <Button busy={busy} {...(DANGER.has(move.transition) ? { kind: "warning" as const } : {})}>{move.title}</Button> : null}
        <Button kind="secondary" onPress={onCancel}>{t("desk.not_now")}</Button>
      </div>
    </Form>
  );
}

/** To take in hand and to put back: nothing to fill in, and nothing that could not be undone. */
const isPlain = (m: Move): boolean => m.to === null && !m.form && !m.declaration && !m.office && !m.reason && !m.reasons.length;

/** The step that the case is here for, unlike one that sends it back, changes or ends it. */
const leadsOn = (m: Move): boolean => m.to !== null && !m.declaration && !m.reason && !m.reasons.length && !DANGER.has(m.transition);

export function Moves({ c, form, onReload, onMoved, onGone }: Props) {
  const [chosen, setChosen] = useState<Move | null>(null);
  const [before, setBefore] = useState<TypedMove | undefined>(undefined);
  const [done, setDone] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const busy = useRef(false);
  useEffect(() => {
    void typedBefore<TypedMove>(placeOfMove(c.id)).then((kept) => {
      const move = c.next.find((m) => m.transition === kept?.transition);
      if (!move) return;
      setBefore(kept);
      setChosen((already) => already ?? move);
    }, () => undefined);
  }, [c.id]);
  const leave = () => { dropFor(c); setBefore(undefined); setChosen(null); };
  const now = chosen && c.next.find((m) => m.transition === chosen.transition);
  async function plain(m: Move): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setFailure(null);
    try {
      const moved = await moveCase(c, m.transition, {}, crypto.randomUUID());
      setDone(m.title ?? m.transition);
      onMoved(moved);
    } catch (e) {
      setFailure(failureText(e));
      await onReload();
    }
    busy.current = false;
  }
  const main = c.next.find(leadsOn) ?? c.next.find((m) => !isPlain(m));
  if (!c.next.length && !chosen && !done) return null;
  return (
    <section aria-labelledby="moves" class="civis-moves civis-no-print">
      <h2 class="govuk-heading-m" id="moves">{t("desk.moves")}</h2>
      <div role="status">{done ? <p class="govuk-body"><strong>{t("desk.done", { what: done })}</strong></p> : null}</div>
      <div role="alert">{failure ? <Notice>{failure}</Notice> : null}</div>
      {chosen
        ? <MoveForm key={chosen.transition} c={c} form={form} move={now ?? chosen} possible={Boolean(now)} onReload={onReload} onCancel={leave}
            before={before?.transition === chosen.transition ? before : undefined}
            act={async (body, key) => { const moved = await moveCase(c, chosen.transition, body, key); setDone(chosen.title ?? chosen.transition); leave(); if (chosen.office) onGone(); else onMoved(moved); }} />
        : <div class="govuk-button-group">
            {c.next.map((m) => <Button key={m.transition} {...(m === main ? {} : { kind: "secondary" as const })}
              onPress={() => { setDone(null); if (isPlain(m)) void plain(m); else setChosen(m); }}>{m.title}</Button>)}
          </div>}
    </section>
  );
}
