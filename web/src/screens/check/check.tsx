// SPDX-License-Identifier: MPL-2.0
// Check a document: scan its code, choose a picture or the PDF, or type the code's text. Works without a network.
import { useEffect, useRef, useState } from "preact/hooks";
import { needCountry } from "../../form/country";
import { placesBelow } from "../../form/places";
import { FileField } from "../../ui/file";
import { ErrorSummary, Button, Form, type FieldError } from "../../ui/page";
import { TextField } from "../../ui/fields";
import { t } from "../../words/words";
import { AnswerView } from "./answer";
import { Camera } from "./camera";
import { NoCode, judgeFile, judgeText, type Answer } from "./judge";
import { Kept } from "./kept";

/** Names for what a code states in codes, and the country's letters. The same for every document, so it is asked for before any is
    looked at, and not by what a document says. */
async function needWords(): Promise<void> {
  const { name } = await needCountry();
  for (const weight of ["", "bold "]) void document.fonts.load(`${weight}1em ${getComputedStyle(document.body).fontFamily}`, name.native);
  await placesBelow(null);
}

function TextForm({ error, onText }: { error: string | undefined; onText: (text: string) => void }) {
  const [text, setText] = useState("");
  return (
    <details class="govuk-details" open={error ? true : undefined}>
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("check.text_summary")}</span></summary>
      <div class="govuk-details__text">
        <Form onSubmit={() => onText(text)}>
          <TextField id="code" label={t("check.text")} hint={t("check.text_hint")} value={text} onValue={setText} rows={5} lang="en" error={error} />
          <Button>{t("check.check")}</Button>
        </Form>
      </div>
    </details>
  );
}

export default function Check() {
  const [camera, setCamera] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { void needWords().catch(() => undefined); }, []);

  const judge = (field: string, ask: () => Promise<Answer>) => {
    setCamera(false);
    setBusy(true);
    setErrors([]);
    ask().then(setAnswer, (e: unknown) => setErrors([{ id: field, text: t(e instanceof NoCode ? e.key : "core.unexpected") }]))
      .finally(() => setBusy(false));
  };
  const another = () => {
    setAnswer(null);
    setTimeout(() => heading.current?.focus());
  };
  const errorOf = (id: string) => errors.find((e) => e.id === id)?.text;

  if (answer) return <AnswerView answer={answer} onAnother={another} />;
  return (
    <>
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l" tabIndex={-1} ref={heading}>{t("check.heading")}</h1>
      <p class="govuk-body-l">{t("check.lead")}</p>
      {camera
        ? <Camera onText={(text) => judge("code", () => judgeText(text))} onStop={() => setCamera(false)} />
        : <Button onPress={() => { setErrors([]); setCamera(true); }} busy={busy}>{t("check.camera")}</Button>}
      <div role="status">{busy ? <p class="govuk-body">{t("check.busy")}</p> : null}</div>
      <FileField id="picture" label={t("check.picture")} hint={t("check.picture_hint")} error={errorOf("picture")} button={t("check.choose")}
        accept="image/*,application/pdf" busy={busy} onFile={(file) => judge("picture", () => judgeFile(file))} />
      <TextForm error={errorOf("code")} onText={(text) => (text.trim() ? judge("code", () => judgeText(text)) : setErrors([{ id: "code", text: t("check.text_empty") }]))} />
      <Kept />
    </>
  );
}
