// SPDX-License-Identifier: MPL-2.0
// Papers that tell of the birth: photographed here, or named and brought to the office. None is required.
import { useEffect, useState } from "preact/hooks";
import { go } from "../../app/router";
import { getAt, setAt, type Json } from "../../base/pointer";
import { say } from "../../form/country";
import { Select } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, Form, type FieldError } from "../../ui/page";
import { digits, t } from "../../words/words";
import { addPicture, answer, pictureOf, removePicture, type Draft, type Photograph } from "./draft";
import { OnPaper, type Ready } from "./ready";
import { drawnAnew } from "../../ui/photo";

/** As many as a case takes with room for the office's own. */
const PHOTOGRAPHS_MAX = 8;

/** The kinds of papers that the form knows, by its list of evidence. */
export function evidenceKinds(ready: Ready): { value: string; title: string }[] {
  const list = ready.form.fields.find((f) => f.path === ready.form.evidence);
  return list?.items?.find((i) => i.path === "/kind")?.choices ?? [];
}

export const kindTitle = (ready: Ready, kind: string): string => {
  const choice = evidenceKinds(ready).find((c) => c.value === kind);
  return choice ? say(choice.title) : kind;
};

/** Papers that are named without a photograph. */
export function broughtKinds(ready: Ready, d: Draft): string[] {
  const list = ready.form.evidence ? getAt(d.answers, ready.form.evidence) : undefined;
  return Array.isArray(list) ? list.map((i) => getAt(i, "/kind")).filter((k): k is string => typeof k === "string") : [];
}

function Picture({ ready, p }: { ready: Ready; p: Photograph }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    let made = "";
    void pictureOf(p.id).then((blob) => {
      if (!blob) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => URL.revokeObjectURL(made);
  }, [p.id]);
  const title = kindTitle(ready, p.kind);
  return (
    <li class="civis-photograph">
      {url ? <img src={url} alt={t("family.photograph_of", { kind: title })} /> : null}
      <div>
        <p class="govuk-body"><strong>{title}</strong><br />{t("family.photograph_size", { size: digits(Math.max(1, Math.round(p.size / 1024))) })}</p>
        <Button kind="secondary" onPress={() => void removePicture(p.id)}>{t("form.remove")}<span class="govuk-visually-hidden"> {title}</span></Button>
      </div>
    </li>
  );
}

export function Photographs({ ready, d, changing, progress }: { ready: Ready; d: Draft; changing: boolean; progress: string }) {
  const [kind, setKind] = useState<string | undefined>(undefined);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const evidence = ready.form.evidence ?? "";
  const brought = broughtKinds(ready, d);
  const wrong = d.wrong.filter((w) => w.pointer.startsWith(evidence || "/evidence"));

  async function take(files: FileList | null): Promise<void> {
    const file = files?.[0];
    if (!file || !kind) return;
    setBusy(true);
    const picture = await drawnAnew(file);
    setBusy(false);
    if (!picture) return setErrors([{ id: "photograph", text: t("family.photograph_unreadable") }]);
    setErrors([]);
    await addPicture(kind, picture);
    setKind(undefined);
  }

  function bring(): void {
    if (!kind) return;
    const list = getAt(d.answers, evidence);
    answer(evidence, [...(Array.isArray(list) ? list : []), setAt({}, "/kind", kind)] as Json);
    setKind(undefined);
  }

  function unbring(at: number): void {
    const list = getAt(d.answers, evidence);
    const rest = Array.isArray(list) ? list.filter((_, i) => i !== at) : [];
    answer(evidence, rest.length ? rest : undefined);
  }

  function next(): void {
    if (kind) return setErrors([{ id: "photograph", text: t("family.photograph_or_bring") }]);
    go("declare", d.kind, "check-answers");
  }

  const full = d.photographs.length >= PHOTOGRAPHS_MAX;
  return (
    <Form onSubmit={next}>
      <BackLink onBack={() => history.back()} />
      <ErrorSummary errors={[...wrong.map((w) => ({ id: "evidence", text: w.text })), ...errors]} />
      <p class="govuk-caption-l">{progress}</p>
      <h1 class="govuk-heading-l">{t("family.papers")}</h1>
      <p class="govuk-body">{t("family.papers_text")}</p>
      <p class="govuk-body">{t("family.papers_gps")}</p>
      <div role="status" class="govuk-visually-hidden">{t("family.papers_count", { n: digits(d.photographs.length + brought.length) })}</div>
      <ul class="govuk-list">
        {d.photographs.map((p) => <Picture key={p.id} ready={ready} p={p} />)}
        {brought.map((k, i) => (
          <li class="civis-photograph" key={k + String(i)}>
            <div>
              <p class="govuk-body"><strong>{kindTitle(ready, k)}</strong><br />{t("family.paper_brought")}</p>
              <Button kind="secondary" onPress={() => unbring(i)}>{t("form.remove")}<span class="govuk-visually-hidden"> {kindTitle(ready, k)}</span></Button>
            </div>
          </li>
        ))}
      </ul>
      {full ? <p class="govuk-body">{t("family.papers_full")}</p> : (
        <Select id="evidence" label={t("family.paper_add")} empty={t("family.paper_none_chosen")} value={kind} onValue={(k) => { setKind(k); setErrors([]); }}
          choices={evidenceKinds(ready).map((c) => ({ value: c.value, label: say(c.title) }))} />
      )}
      {kind ? (
        <div class={`govuk-form-group${errors.length ? " govuk-form-group--error" : ""}`}>
          {errors.length ? <p class="govuk-error-message" id="photograph-error">{errors[0]?.text}</p> : null}
          <input class="civis-file" id="photograph" type="file" accept="image/*" capture="environment" aria-busy={busy}
            aria-describedby={errors.length ? "photograph-error" : undefined}
            onChange={(e) => { void take(e.currentTarget.files); e.currentTarget.value = ""; }} />
          <label class="govuk-button" for="photograph">{t(busy ? "core.loading" : "family.photograph_take")}</label>
          <Button kind="secondary" onPress={bring}>{t("family.paper_bring")}</Button>
        </div>
      ) : null}
      <Button>{t(changing || d.photographs.length + brought.length ? "core.continue" : "family.papers_without")}</Button>
      <OnPaper office={d.office} />
    </Form>
  );
}
