// SPDX-License-Identifier: MPL-2.0
// Evidence, photographed at the door. Nothing is mandatory.
import { useEffect, useState } from "preact/hooks";
import { address, go } from "../../app/router";
import { isFull } from "../../base/kept";
import { say } from "../../form/country";
import { addFile, fileOf, removeFile, type DraftFile, type OfficeDraft } from "../../office/drafts";
import { drawnAnew } from "../../ui/photo";
import { FileField } from "../../ui/file";
import { Select } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, type FieldError } from "../../ui/page";
import { digits, t } from "../../words/words";
import type { DraftProps } from "./draft";

const FILES_MAX = 16;

function Shown({ d, file }: { d: OfficeDraft; file: DraftFile }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made = "";
    if (!file.parcel) void fileOf(file.id).then((blob) => { if (blob) setUrl((made = URL.createObjectURL(blob))); });
    return () => URL.revokeObjectURL(made);
  }, [file.id]);
  const title = say(`evidence.${file.kind}`);
  return (
    <li class="civis-item">
      {url ? <img class="civis-picture" src={url} alt={title} /> : null}
      {file.parcel ? <p class="govuk-body">{t("office.photo_sealed")}</p> : null}
      <p class="govuk-body">{title}{file.size ? ` · ${digits(Math.max(1, Math.round(file.size / 1024)))} KB` : ""}</p>
      <Button kind="secondary" onPress={() => void removeFile(d, file)}>{t("form.remove")}</Button>
    </li>
  );
}

export function Files({ d, form, notice }: DraftProps) {
  const list = form.fields.find((f) => f.path === form.evidence)?.items?.find((f) => f.path === "/kind")?.choices ?? [];
  const [kind, setKind] = useState<string | undefined>(undefined);
  const [errors, setErrors] = useState<FieldError[]>([]);
  async function take(file: File | undefined): Promise<void> {
    if (!file || !kind) return;
    const picture = await drawnAnew(file);
    if (!picture) return setErrors([{ id: "photo", text: t("office.photo_unreadable") }]);
    setErrors([]);
    try {
      await addFile(d, kind, picture);
    } catch (e) {
      setErrors([{ id: "photo", text: isFull(e) ? t("office.full") : failureText(e) }]);
    }
  }
  return (
    <>
      <BackLink href={address("draft", d.id)} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("office.evidence")}</h1>
      <p class="govuk-body">{t("office.evidence_text")}</p>
      <ul class="govuk-list">{d.files.filter((f) => f.kind !== "signed_draft").map((f) => <Shown key={f.id} d={d} file={f} />)}</ul>
      {d.files.length < FILES_MAX ? (
        <>
          <Select id="kind" label={t("office.evidence_kind")} empty={t("form.choose")} value={kind} onValue={setKind}
            choices={list.filter((c) => c.value !== "signed_draft").map((c) => ({ value: c.value, label: say(c.title) }))} />
          {kind ? (
            <FileField id="photo" label={t("office.photo")} button={t("office.photo")} accept="image/*" error={errors.find((e) => e.id === "photo")?.text}
              onFile={(file) => void take(file)} />
          ) : null}
        </>
      ) : null}
      <Button onPress={() => (notice ? go("draft", d.id) : go("draft", d.id, "reading"))}>{t("core.continue")}</Button>
    </>
  );
}
