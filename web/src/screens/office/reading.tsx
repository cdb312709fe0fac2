// SPDX-License-Identifier: MPL-2.0
// The informant hears or reads what was written, in their language, and signs or puts a thumb on the glass.
import { useEffect, useRef, useState } from "preact/hooks";
import { address, go } from "../../app/router";
import { isFull } from "../../base/kept";
import { lines } from "../../form/display";
import { say } from "../../form/country";
import { addFile, declarationOf, removeFile } from "../../office/drafts";
import { BackLink, Button, ErrorSummary, failureText, Notice, SummaryList, type FieldError } from "../../ui/page";
import { language, t } from "../../words/words";
import type { DraftProps } from "./draft";

/** Where one signs by finger, pen or mouse. Without any of these: on paper, photographed as the signed draft. */
function Pad({ onSigned }: { onSigned: (picture: Blob) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  const pen = () => canvas.current?.getContext("2d") ?? null;
  const clear = () => {
    const c = canvas.current, p = pen();
    if (!c || !p) return;
    p.fillStyle = "#fff";
    p.fillRect(0, 0, c.width, c.height);
    setDrawn(false);
  };
  useEffect(clear, []);
  const at = (e: PointerEvent): [number, number] => {
    const c = canvas.current, box = c?.getBoundingClientRect();
    return c && box ? [((e.clientX - box.left) * c.width) / box.width, ((e.clientY - box.top) * c.height) / box.height] : [0, 0];
  };
  const begin = (e: PointerEvent) => {
    const p = pen();
    if (!p) return;
    canvas.current?.setPointerCapture(e.pointerId);
    p.lineWidth = 4;
    p.lineCap = "round";
    p.strokeStyle = "#0b0c0c";
    p.beginPath();
    p.moveTo(...at(e));
    p.lineTo(...at(e));
    p.stroke();
    setDrawn(true);
  };
  const draw = (e: PointerEvent) => {
    if (!e.buttons) return;
    const p = pen();
    p?.lineTo(...at(e));
    p?.stroke();
  };
  return (
    <>
      <canvas ref={canvas} class="civis-pad" width={800} height={320} role="img" aria-label={t("office.pad")} onPointerDown={begin} onPointerMove={draw} />
      <div class="govuk-button-group">
        <Button onPress={() => { if (drawn) canvas.current?.toBlob((b) => { if (b) onSigned(b); }, "image/png"); }}>{t("office.signed")}</Button>
        <Button kind="secondary" onPress={clear}>{t("office.pad_clear")}</Button>
      </div>
    </>
  );
}

export function Reading({ d, form, country, role, transcribes }: DraftProps) {
  const [errors, setErrors] = useState<FieldError[]>([]);
  const all = lines(form, declarationOf(form, d, role, transcribes)).filter((l) => l.field.keep !== "statistics" && l.field.path !== form.evidence);
  const parts = [...new Set(all.map((l) => l.part))];
  const signed = d.files.find((f) => f.kind === "signed_draft");
  return (
    <>
      <BackLink href={address("draft", d.id)} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("office.reading")}</h1>
      <p class="govuk-body">{t("office.reading_text")}</p>
      {parts.map((part) => (
        <section key={part}>
          <h2 class="govuk-heading-m">{part || say(`kind.${d.kind}`)}</h2>
          <SummaryList rows={all.filter((l) => l.part === part).map((l) => ({ key: l.title, value: l.text }))} />
        </section>
      ))}
      <Notice>{say("privacy.notice", { authority: language.get() === country.native_language ? country.name.native : country.name.latin })}</Notice>
      {signed ? (
        <>
          <p class="govuk-body"><strong>✓ {t("office.is_signed")}</strong></p>
          <div class="govuk-button-group">
            <Button onPress={() => go("draft", d.id)}>{t("core.continue")}</Button>
            <Button kind="secondary" onPress={() => void removeFile(d, signed)}>{t("office.sign_again")}</Button>
          </div>
        </>
      ) : (
        <>
          <h2 class="govuk-heading-m">{t("office.sign_here")}</h2>
          <Pad onSigned={(picture) => void addFile(d, "signed_draft", picture).catch((e: unknown) => setErrors([{ id: "", text: isFull(e) ? t("office.full") : failureText(e) }]))} />
          <p class="govuk-body">{t("office.sign_paper")}</p>
        </>
      )}
    </>
  );
}
