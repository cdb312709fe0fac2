// SPDX-License-Identifier: MPL-2.0
// What was shown or photographed. A picture is fetched when it is asked for: each opening is recorded.
import { useEffect, useRef, useState } from "preact/hooks";
import { upload } from "../../api/upload";
import { fileUrl, type Attachment, type Case } from "../../desk/api";
import { say } from "../../form/country";
import type { FormShape } from "../../form/types";
import { Select } from "../../ui/fields";
import { FileField } from "../../ui/file";
import { Button, failureText } from "../../ui/page";
import { drawnAnew } from "../../ui/photo";
import { digits, language, t } from "../../words/words";

/** As large as the window, until it is closed. */
function Enlarged({ url, title, onClose }: { url: string; title: string; onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog class="civis-enlarged" ref={box} onClose={onClose} aria-label={title}>
      <Button kind="secondary" onPress={() => box.current?.close()}>{t("desk.close")}</Button>
      <div class="civis-enlarged__picture" tabIndex={0} role="region" aria-label={title}><img src={url} alt={title} /></div>
    </dialog>
  );
}

function Shown({ c, file }: { c: Case; file: Attachment }) {
  const [url, setUrl] = useState<string | null>(null);
  const [large, setLarge] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => () => { if (url) URL.revokeObjectURL(url); }, [url]);
  const title = say(`evidence.${file.kind}`);
  const open = () => void fileUrl(`/api/v1/cases/${c.id}/attachments/${file.id}`).then(setUrl, (e: unknown) => setFailure(failureText(e)));
  if (failure) return <p class="govuk-error-message">{failure}</p>;
  if (!url) return <Button kind="secondary" onPress={open}>{t("desk.show_file", { what: title, size: digits(Math.ceil(file.length / 1024)) })}</Button>;
  if (file.media_type === "application/pdf") return <Paper url={url} name={file.kind} title={title} />;
  return (
    <>
      <button type="button" class="civis-thumb" onClick={() => setLarge(true)}>
        <img class="civis-picture" src={url} alt="" /><span class="govuk-body-s">{title} · {t("desk.enlarge")}</span>
      </button>
      {large ? <Enlarged url={url} title={title} onClose={() => setLarge(false)} /> : null}
    </>
  );
}

/** A PDF is looked at in a window of its own, which every browser can, or kept; phones draw none inside a page. */
export function Paper({ url, name, title }: { url: string; name: string; title: string }) {
  return (
    <p class="govuk-body">
      <a class="govuk-link govuk-link--target" href={url} target="_blank" rel="noopener">{t("desk.open_paper", { what: title })}</a>
      <br />
      <a class="govuk-link govuk-link--target" href={url} download={`${name}.pdf`}>{t("desk.keep_paper", { what: title })}</a>
    </p>
  );
}

/** A paper of the server: made when it is asked for. */
export function AskPaper({ path, name, title, button }: { path: string; name: string; title: string; button: string }) {
  const [url, setUrl] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => () => { if (url) URL.revokeObjectURL(url); }, [url]);
  const ask = () => {
    setFailure(null);
    void fileUrl(path).then(setUrl, (e: unknown) => setFailure(failureText(e)));
  };
  return (
    <div role="status">
      {failure ? <p class="govuk-error-message">{failure}</p> : null}
      {url ? <Paper url={url} name={name} title={title} /> : <Button kind="secondary" onPress={ask}>{button}</Button>}
    </div>
  );
}

/** A photograph or a scanned page, for this case. */
function Add({ c, form, onAdded }: { c: Case; form: FormShape; onAdded: () => void }) {
  const choices = form.fields.find((f) => f.path === form.evidence)?.items?.find((f) => f.path === "/kind")?.choices ?? [];
  const [kind, setKind] = useState<string | undefined>(undefined);
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<string | undefined>(undefined);
  async function take(file: File): Promise<void> {
    if (!kind) return;
    setError(undefined);
    const content = file.type === "application/pdf" ? file : await drawnAnew(file);
    if (!content) return setError(t("desk.unreadable"));
    setSent(0);
    try {
      await upload({ case: c.id, kind, content, begun: () => undefined, progress: (n) => setSent(Math.round((n * 100) / content.size)) });
      onAdded();
    } catch (e) {
      setError(failureText(e));
    }
    setSent(null);
  }
  if (!choices.length) return null;
  return (
    <details class="govuk-details civis-no-print">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("desk.add_evidence")}</span></summary>
      <div class="govuk-details__text">
        <Select id="evidence-kind" label={t("desk.evidence_kind")} empty={t("form.choose")} value={kind} onValue={setKind}
          choices={choices.map((k) => ({ value: k.value, label: say(k.title) }))} />
        {kind ? <FileField id="evidence-file" label={t("desk.file")} button={t("desk.choose_file")} accept="image/*,application/pdf" error={error} busy={sent !== null} onFile={(f) => void take(f)} /> : null}
        <p class="govuk-body" role="status">{sent === null ? "" : t("desk.sending", { percent: digits(sent) })}</p>
      </div>
    </details>
  );
}

export function Evidence({ c, form, onAdded }: { c: Case; form: FormShape; onAdded: () => void }) {
  const declared = form.evidence === "/evidence" ? c.declaration["evidence"] : undefined;
  const listed = Array.isArray(declared) ? declared.map((e) => (e && typeof e === "object" && !Array.isArray(e) ? e : {})) : [];
  return (
    <>
      <h2 class="govuk-heading-m">{t("desk.evidence")}</h2>
      {listed.length || c.attachments.length ? null : <p class="govuk-body">{t("desk.no_evidence")}</p>}
      {listed.length ? (
        <ul class="govuk-list govuk-list--bullet">
          {listed.map((e, i) => <li key={i}>{say(`evidence.${String(e["kind"] ?? "other")}`)}{typeof e["note"] === "string" ? `: ${e["note"]}` : ""}</li>)}
        </ul>
      ) : null}
      {c.attachments.map((file) => (
        <div key={file.id}>
          {file.current ? null : <p class="govuk-body-s">{t("desk.of_earlier")}</p>}
          <Shown c={c} file={file} />
        </div>
      ))}
      {c.next.length ? <Add c={c} form={form} onAdded={onAdded} /> : null}
      <div class="civis-no-print">
        <AskPaper path={`/api/v1/cases/${c.id}/draft.pdf?language=${language.get()}`} name="draft" title={t("desk.draft_title")} button={t("desk.draft")} />
        <AskPaper path={`/api/v1/cases/${c.id}/slip.pdf?language=${language.get()}`} name="slip" title={t("desk.slip_title")} button={t("desk.slip")} />
      </div>
    </>
  );
}
