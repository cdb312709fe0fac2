// SPDX-License-Identifier: MPL-2.0
// What an act gives: what stands on the certificate, the certificate to print and hand over, a code to draw it with, the receipt.
import { useEffect, useRef, useState } from "preact/hooks";
import { getJson } from "../../api/client";
import type { Act } from "../../api/types";
import { address } from "../../app/router";
import { SCREENS } from "../../app/screens";
import { instantText } from "../../base/dates";
import { useObservable } from "../../base/observable";
import type { Members } from "../../base/pointer";
import { fileUrl, type ClaimCode } from "../../desk/api";
import { dateWords, formOf, useCountry } from "../../form/country";
import { lines, numberText } from "../../form/display";
import { placesKnown } from "../../form/places";
import type { FormShape } from "../../form/types";
import { Button, failureText, Notice, SummaryList } from "../../ui/page";
import { language, t } from "../../words/words";
import { Paper } from "./evidence";

/** The act's own words in both scripts, and what stands in its margin. */
function Stands({ act, form }: { act: Act; form: FormShape }) {
  const country = useCountry();
  useObservable(placesKnown);
  const h = act.header;
  return (
    <>
      <SummaryList rows={[
        ...(h.personal_number ? [{ key: t("desk.number"), value: <span lang="en">{numberText(h.personal_number)}</span> }] : []),
        { key: t("desk.entry"), value: <span lang="en">{`${h.entry.register} ${h.entry.book}/${h.entry.year}/${h.entry.serial}`}</span> },
        { key: t("desk.registered_on"), value: country ? instantText(h.at, dateWords(), language.get(), country.zone_minutes) : "" },
        ...lines(form, act.declaration as Members).filter((l) => l.field.keep === "act").map((l) => ({
          key: <>{l.part ? `${l.part}: ` : ""}{l.title}</>, value: <span lang={l.field.script === "latin" ? "en" : undefined}>{l.text}</span> })),
      ]} />
      {h.notes.length ? <h3 class="govuk-heading-s">{t("desk.notes")}</h3> : null}
      {h.notes.map((n) => <Notice key={n.entry + n.date}>{language.get() === "en" ? n.text.latin : n.text.native}</Notice>)}
    </>
  );
}

export function Issued({ actId, personId }: { actId: string; personId: string }) {
  const [url, setUrl] = useState<string | null>(null);
  const [act, setAct] = useState<{ act: Act; form: FormShape } | null>(null);
  const [receipt, setReceipt] = useState<string | null>(null);
  const [code, setCode] = useState<ClaimCode | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID());
  const country = useCountry();
  useEffect(() => () => { for (const u of [url, receipt]) if (u) URL.revokeObjectURL(u); }, [url, receipt]);
  const kind = act?.act.header.kind ?? "";
  const certified = country?.kinds.find((k) => k.kind === kind)?.certificate ?? true;

  async function ask(what: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await what();
    } catch (e) {
      setFailure(failureText(e));
    }
    setBusy(false);
  }
  const path = `/api/v1/acts/${actId}`;
  const issue = () => ask(async () => {
    setUrl(await fileUrl(`${path}/certificate.pdf`, key.current)); // asked again after a lost answer, it is the same one
    key.current = crypto.randomUUID();
  });
  const show = () => ask(async () => {
    const opened = await getJson<Act>(path);
    setAct({ act: opened, form: await formOf(opened.header.kind) });
  });
  return (
    <section aria-labelledby="issued" class="civis-moves">
      <h2 class="govuk-heading-m" id="issued">{t("desk.issued")}</h2>
      <div role="alert">{failure ? <Notice>{failure}</Notice> : null}</div>
      {act ? <Stands act={act.act} form={act.form} /> : null}
      <div class="govuk-button-group civis-no-print">
        {act ? null : <Button kind="secondary" busy={busy} onPress={() => void show()}>{t("desk.show_act")}</Button>}
        {certified ? <Button busy={busy} onPress={() => void issue()}>{t(url ? "desk.reprint" : "desk.certificate")}</Button> : null}
        {certified ? <Button kind="secondary" busy={busy} onPress={() => void ask(async () => setCode(await getJson<ClaimCode>(`${path}/claim-codes`, { body: {} })))}>{t("desk.claim_code")}</Button> : null}
        {receipt ? null : <Button kind="secondary" busy={busy} onPress={() => void ask(async () => setReceipt(await fileUrl(`${path}/receipt`)))}>{t("desk.receipt")}</Button>}
        {SCREENS["person"] ? <a class="govuk-link govuk-link--target" href={address("person", personId)}>{t("desk.person")}</a> : null}
      </div>
      <div role="status">
        {url ? <Paper url={url} name="certificate" title={t("desk.issued")} /> : null}
        {receipt ? <p class="govuk-body"><a class="govuk-link govuk-link--target" href={receipt} download="receipt.cbor">{t("desk.keep_paper", { what: t("desk.receipt") })}</a></p> : null}
        {code ? (
          <Notice title={t("desk.claim_is")}>
            <span class="civis-code" lang="en">{code.code}</span> {t("desk.claim_until", { date: instantText(code.expires_at, dateWords(), language.get(), country?.zone_minutes ?? 0) })}
          </Notice>
        ) : null}
      </div>
    </section>
  );
}
