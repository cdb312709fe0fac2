// SPDX-License-Identifier: MPL-2.0
// A page of a register of one's own office, to print and bind: ten entries with their notes. Each opening is recorded.
import { useEffect, useState } from "preact/hooks";
import { me } from "../../app/me";
import { address } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { today } from "../../base/dates";
import { asciiDigits } from "../../base/text";
import { fileUrl } from "../../desk/api";
import { needCountry, say, useCountry } from "../../form/country";
import type { Kind } from "../../form/types";
import { Checkbox, Select, TextField } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, type FieldError } from "../../ui/page";
import { digits, language, t } from "../../words/words";
import { Paper } from "./evidence";

const FIELDS = ["year", "book", "page"] as const;
type Numbers = Record<(typeof FIELDS)[number], string>;

/** "B: birth, foundling": a register by what is entered in it. */
function registers(kinds: readonly Kind[]): { value: string; label: string }[] {
  return [...new Set(kinds.map((k) => k.register))].map((r) => ({ value: r, label: `${r}: ${kinds.filter((k) => k.register === r).map((k) => say(`kind.${k.kind}`)).join(", ")}` }));
}

export default function Register(_: ScreenProps) {
  const known = useCountry();
  const [register, setRegister] = useState<string | undefined>(undefined);
  const [numbers, setNumbers] = useState<Numbers>({ year: "", book: digits(1), page: digits(1) });
  const [paper, setPaper] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [url, setUrl] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    needCountry().then((c) => setNumbers((n) => ({ ...n, year: n.year || digits(today(c.zone_minutes).slice(0, 4)) })), (e: unknown) => setErrors([{ id: "", text: failureText(e) }]));
  }, []);
  useEffect(() => () => { if (url) URL.revokeObjectURL(url); }, [url]);
  async function submit(): Promise<void> {
    const plain = FIELDS.map((f) => [f, asciiDigits(numbers[f]).trim()] as const);
    const list = [...(register ? [] : [{ id: "register", text: t("desk.register_missing") }]),
      ...plain.filter(([, v]) => !/^[1-9]\d{0,4}$/.test(v)).map(([f]) => ({ id: f, text: t("desk.number_missing") }))];
    setErrors(list);
    setUrl(null);
    if (list.length || !register || busy) return;
    setBusy(true);
    try {
      const query = new URLSearchParams({ register, ...Object.fromEntries(plain), paper: paper ? "1" : "0", language: language.get() });
      setUrl(await fileUrl(`/api/v1/register-pages?${query}`));
    } catch (e) {
      setErrors([{ id: "", text: failureText(e) }]);
    }
    setBusy(false);
  }
  const error = (id: string) => errors.find((e) => e.id === id)?.text;
  return (
    <>
      <BackLink href={address("work")} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("desk.register")}</h1>
      <p class="govuk-body">{t("desk.register_text")} <span lang="en">{me()?.office}</span></p>
      <Form onSubmit={() => void submit()}>
        <Select id="register" label={t("desk.register_which")} empty={t("form.choose")} value={register} onValue={setRegister} error={error("register")} choices={known ? registers(known.kinds) : []} />
        {FIELDS.map((f) => <TextField key={f} id={f} label={t(`desk.register_${f}`)} value={numbers[f]} width={5} inputMode="numeric" error={error(f)}
          onValue={(v) => setNumbers((n) => ({ ...n, [f]: v }))} />)}
        {known && known.regimes.length > 1 ? <Checkbox id="paper" label={t("desk.register_paper")} value={paper} onValue={setPaper} /> : null}
        <Button busy={busy}>{t("desk.register_show")}</Button>
      </Form>
      <div role="status">{url ? <Paper url={url} name={`register-${register ?? ""}`} title={t("desk.register_page_title")} /> : null}</div>
    </>
  );
}
