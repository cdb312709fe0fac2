// SPDX-License-Identifier: MPL-2.0
// For the family to keep: code and secret, as text and as a QR, to show on the screen, to copy by hand or to print.
import { address } from "../../app/router";
import { inFours } from "../../base/text";
import { say } from "../../form/country";
import type { Item } from "../../office/outbox";
import { BackLink, Button, Notice } from "../../ui/page";
import { t } from "../../words/words";
import { Qr } from "../family/qr";
import { trackAddress } from "../family/tracked";

export function Slip({ item }: { item: Item }) {
  return (
    <>
      <BackLink href={address("outbox")} />
      <span class="govuk-caption-l">{say(`kind.${item.kind}`)}</span>
      <h1 class="govuk-heading-l">{item.name || item.case.slice(0, 8)}</h1>
      <p class="govuk-body">{t("office.slip_text")}</p>
      <div class="govuk-panel govuk-panel--confirmation civis-codes">
        <p class="civis-codes__label">{t("office.slip_code")}</p>
        <p class="civis-codes__text" lang="en">{item.tracking ?? "…"}</p>
        <p class="civis-codes__label">{t("office.slip_secret")}</p>
        <p class="civis-codes__text" lang="en">{inFours(item.secret).split(" ").map((g) => <span key={g} class="civis-codes__group">{g}</span>)}</p>
      </div>
      {item.tracking ? <Qr text={trackAddress(item.tracking, item.secret)} label={t("office.slip_qr")} /> : <Notice>{t("office.slip_no_code")}</Notice>}
      <p class="govuk-body">{t("office.slip_where", { host: location.host })}</p>
      <Button onPress={() => print()}>{t("office.slip_print")}</Button>
    </>
  );
}
