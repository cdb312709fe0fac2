// SPDX-License-Identifier: MPL-2.0
// Check a receipt, or the one that a certificate's PDF carries: on this device, with the keys that it has.
import { useEffect, useRef, useState } from "preact/hooks";
import { equal, Unreadable, Unsupported } from "../../trust/bytes";
import { keptTrust, lastSeen } from "../../trust/kept";
import { readCheckpoint } from "../../trust/note";
import { PDF_MAX, attached, isPdf } from "../../trust/pdf";
import { RECEIPT_MAX, verifyReceipt, type ReceiptFinding } from "../../trust/receipt";
import { FileField } from "../../ui/file";
import { SummaryList } from "../../ui/page";
import { Verdict } from "../../ui/verdict";
import { whenText } from "../../ui/when";
import { digits, t } from "../../words/words";
import { extractRows } from "../check/answer";

type Word = "receipt_valid" | "receipt_signature" | "receipt_proof" | "receipt_unusable" | "receipt_fork" | "receipt_keys" | "receipt_browser";

interface Judged {
  word: Word;
  finding: ReceiptFinding | undefined;
}

/** The receipt's own signed tree and the one that this device saw: of one size they must be one. */
async function contradicts(f: ReceiptFinding): Promise<boolean> {
  const seen = await lastSeen();
  if (!seen || !f.checkpoint) return false;
  const before = readCheckpoint(seen.note);
  return before.origin === f.checkpoint.origin && before.size === f.checkpoint.size && !equal(before.root, f.checkpoint.root);
}

async function receiptOf(file: File): Promise<Uint8Array | undefined> {
  const pdf = isPdf(new Uint8Array(await file.slice(0, 1024).arrayBuffer()));
  if (file.size > (pdf ? PDF_MAX : RECEIPT_MAX)) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    return pdf ? attached(bytes, "receipt.cbor") : bytes;
  } catch (e) {
    if (e instanceof Unreadable) return undefined;
    throw e;
  }
}

async function judge(file: File): Promise<Judged> {
  const kept = await keptTrust();
  if (!kept) return { word: "receipt_keys", finding: undefined };
  const bytes = await receiptOf(file);
  if (!bytes) return { word: "receipt_unusable", finding: undefined };
  try {
    const finding = await verifyReceipt(bytes, kept.trust, Date.now());
    return { word: finding.reason === "valid" && (await contradicts(finding)) ? "receipt_fork" : `receipt_${finding.reason}`, finding };
  } catch (e) {
    if (e instanceof Unsupported) return { word: "receipt_browser", finding: undefined };
    throw e;
  }
}

function Proven({ finding: f }: { finding: ReceiptFinding }) {
  return (
    <SummaryList rows={[
      ...(f.extract ? extractRows(f.extract) : []),
      ...(f.time === undefined ? [] : [{ key: t("log.receipt_time"), value: whenText(f.time) }]),
      { key: t("log.origin"), value: <code class="civis-hash" lang="en">{f.checkpoint?.origin}</code> },
      { key: t("log.receipt_place"), value: t("log.receipt_place_value", { index: digits((f.index ?? 0) + 1), size: digits(f.checkpoint?.size ?? 0) }) },
      { key: t("log.receipt_opened"), value: t(f.opened === f.total ? "log.receipt_opened_all" : "log.receipt_opened_value", { opened: digits(f.opened ?? 0), total: digits(f.total ?? 0) }) },
    ]} />
  );
}

export function ReceiptForm() {
  const [judged, setJudged] = useState<Judged | null>(null);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { heading.current?.focus(); }, [judged]);
  const check = (file: File) => {
    setBusy(true);
    setJudged(null);
    judge(file).then(setJudged, () => setJudged({ word: "receipt_unusable", finding: undefined })).finally(() => setBusy(false));
  };
  const good = judged?.word === "receipt_valid", open = judged?.word === "receipt_keys" || judged?.word === "receipt_browser";
  return (
    <section>
      <h2 class="govuk-heading-m">{t("log.receipt")}</h2>
      <FileField id="receipt" label={t("log.receipt_file")} hint={t("log.receipt_hint")} button={t("check.choose")}
        accept=".cbor,application/cbor,application/pdf" busy={busy} onFile={check} />
      {judged ? (
        <>
          <Verdict level={2} tone={good ? "good" : open ? "open" : "bad"} word={t(`log.${judged.word}`)} name={judged.word} heading={heading}>
            <p class="govuk-body">{t(`log.${judged.word}_why`)}</p>
          </Verdict>
          {good && judged.finding ? <Proven finding={judged.finding} /> : null}
        </>
      ) : null}
    </section>
  );
}
