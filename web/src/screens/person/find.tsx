// SPDX-License-Identifier: MPL-2.0
// Whose record: by a document's code or number, the personal number, or the entry. Nobody is looked up by a name or a place.
import { useState } from "preact/hooks";
import { Refusal } from "../../api/client";
import { me } from "../../app/me";
import { address, go } from "../../app/router";
import { asciiDigits, plainCode } from "../../base/text";
import { country, say } from "../../form/country";
import { readCredential, unpack } from "../../trust/credential";
import { Checkbox, Radios, TextField } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, Notice, type FieldError } from "../../ui/page";
import { t } from "../../words/words";
import { Camera } from "../check/camera";
import { findPerson, type Brought } from "./opened";

type By = "scan" | "document" | "number" | "entry";
const WAYS: By[] = ["scan", "document", "number", "entry"];
const BOXES = ["register", "year", "book", "serial"] as const;
type Boxes = { office: string; register: string; year: string; book: string; serial: string };

/** "k7qm 2xwd9f" → "K7QM-2XWD-9F" */
const serialOf = (typed: string): string => plainCode(typed).replace(/^(.{4})(.{4})(.*)$/, "$1-$2-$3");

const positive = (typed: string): number => Number(/^\d{1,9}$/.exec(asciiDigits(typed).trim())?.[0] ?? "0");

/** What the server is asked, or what is missing. */
function brought(by: By, typed: string, boxes: Boxes, paper: boolean): Brought | FieldError[] {
  const wrong: FieldError[] = [];
  if (by === "number") {
    const number = asciiDigits(typed).replace(/\D/g, "");
    return /^[2-9]\d{9}$/.test(number) ? { number } : [{ id: "typed", text: t("person.number_wrong") }];
  }
  if (by === "document") {
    const document = serialOf(typed);
    return /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/.test(document) ? { document } : [{ id: "typed", text: t("person.document_wrong") }];
  }
  const entry = { office: boxes.office.trim(), register: boxes.register.trim().toUpperCase(), year: positive(boxes.year), book: positive(boxes.book),
    serial: positive(boxes.serial), paper };
  for (const name of ["office", ...BOXES] as const) if (!entry[name]) wrong.push({ id: name, text: t("person.entry_missing", { what: t(`person.${name}`) }) });
  return wrong.length ? wrong : { entry };
}

export function Find() {
  const [by, setBy] = useState<By>("scan");
  const [scanning, setScanning] = useState(false);
  const [typed, setTyped] = useState("");
  const [boxes, setBoxes] = useState<Boxes>({ office: me()?.office ?? "", register: "", year: "", book: "1", serial: "" });
  const [paper, setPaper] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);

  async function find(what: Brought): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      go("person", await findPerson(what));
    } catch (e) {
      setErrors([{ id: e instanceof Refusal && by !== "scan" ? (by === "entry" ? "office" : "typed") : "", text: failureText(e) }]);
      setBusy(false);
    }
  }

  async function read(text: string): Promise<void> {
    setScanning(false);
    try {
      await find({ document: readCredential(await unpack(text)).credential.serial });
    } catch {
      setErrors([{ id: "", text: t("person.scan_wrong") }]);
    }
  }

  function submit(): void {
    setErrors([]);
    if (by === "scan") return setScanning(true);
    const what = brought(by, typed, boxes, paper);
    if (Array.isArray(what)) setErrors(what);
    else void find(what);
  }

  const error = (id: string) => errors.find((e) => e.id === id)?.text;
  const choose = (way: By): void => { setBy(way); setTyped(""); setErrors([]); setScanning(false); };
  return (
    <Form onSubmit={submit}>
      <BackLink href={address("work")} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("person.find")}</h1>
      <p class="govuk-body">{t("person.find_text")}</p>
      <Radios id="by" label={t("person.by")} value={by} onValue={choose} choices={WAYS.map((w) => ({ value: w, label: t(`person.by_${w}`) }))} />
      {by === "number" ? <TextField id="typed" label={t("person.number")} hint={t("person.number_hint")} lang="en" inputMode="numeric" width={20} value={typed} onValue={setTyped} error={error("typed")} /> : null}
      {by === "document" ? <TextField id="typed" label={t("person.document")} hint={t("person.document_hint")} lang="en" width={20} value={typed} onValue={setTyped} error={error("typed")} /> : null}
      {by === "entry" ? (
        <>
          <TextField id="office" label={t("person.office")} lang="en" width={20} value={boxes.office} onValue={(v) => setBoxes({ ...boxes, office: v })} error={error("office")} />
          <TextField id="register" label={t("person.register")} hint={registers()} lang="en" width={3} value={boxes.register} onValue={(v) => setBoxes({ ...boxes, register: v })} error={error("register")} />
          {(["year", "book", "serial"] as const).map((name) => (
            <TextField key={name} id={name} label={t(`person.${name}`)} inputMode="numeric" width={5} value={boxes[name]} onValue={(v) => setBoxes({ ...boxes, [name]: v })} error={error(name)} />
          ))}
          <Checkbox id="paper" label={t("person.paper")} value={paper} onValue={setPaper} />
        </>
      ) : null}
      {scanning ? <Camera onText={(text) => void read(text)} onStop={() => setScanning(false)} /> : <Button busy={busy}>{t(by === "scan" ? "person.scan" : "person.find_button")}</Button>}
      <Notice>{t("person.counted")}</Notice>
    </Form>
  );
}

/** The registers by their letters, as far as the pack tells them. */
function registers(): string {
  const kinds = (country.get()?.kinds ?? []) as { kind: string; register?: string }[];
  return kinds.filter((k) => k.register).map((k) => `${k.register ?? ""}: ${say(`kind.${k.kind}`)}`).join(" · ") || t("person.register_hint");
}
