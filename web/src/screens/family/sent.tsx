// SPDX-License-Identifier: MPL-2.0
// It has arrived: the code and the secret to follow it, what happens next, by when, and where to complain.
import { useEffect, useState } from "preact/hooks";
import type { Tracked } from "../../api/types";
import { address, go } from "../../app/router";
import { useObservable } from "../../base/observable";
import { inFours } from "../../base/text";
import { say } from "../../form/country";
import { lastDayText } from "../../form/display";
import { useOfficeName } from "../../form/offices";
import { Button, failureText, Notice } from "../../ui/page";
import { t } from "../../words/words";
import { device } from "./device";
import { leaveNothing, sent, type Sent } from "./draft";
import { Qr } from "./qr";
import { OnPaper } from "./ready";
import { savePicture, saveSlip } from "./save";
import { follow, officeAbove, trackAddress, trackCase } from "./tracked";

/** Code and secret, large; as a QR; to save, print and take along. */
export function Codes({ s }: { s: Sent }) {
  const [failure, setFailure] = useState("");
  const slip = () => saveSlip(s).then(() => setFailure(""), (e: unknown) => setFailure(failureText(e)));
  return (
    <>
      <div class="govuk-panel govuk-panel--confirmation civis-codes">
        <p class="civis-codes__label">{t("family.code")}</p>
        <p class="civis-codes__text" lang="en">{s.code}</p>
        <p class="civis-codes__label">{t("family.secret")}</p>
        <p class="civis-codes__text" lang="en">{inFours(s.secret).split(" ").map((g) => <span key={g} class="civis-codes__group">{g}</span>)}</p>
      </div>
      <Qr text={trackAddress(s.code, s.secret)} label={t("family.qr_label")} />
      <p class="govuk-body">{t("family.codes_text")}</p>
      <div class="govuk-button-group">
        <Button onPress={() => void savePicture(s)}>{t("family.save_picture")}</Button>
        <Button kind="secondary" onPress={() => print()}>{t("family.print")}</Button>
        <Button kind="secondary" onPress={() => void slip()}>{t("family.slip")}</Button>
      </div>
      {failure ? <p class="govuk-error-message" role="alert">{failure}</p> : null}
    </>
  );
}

/** Removes everything and shows the first page to whoever comes next; also "back" leads to nothing. */
export async function finish(): Promise<void> {
  await leaveNothing();
  history.replaceState(null, "", address());
  location.reload();
}

export function SentPage() {
  const s = useObservable(sent)[0], whose = useObservable(device);
  const [case_, setCase] = useState<Tracked | null>(null);
  const office = useOfficeName(case_?.office ?? s?.office), above = useOfficeName(case_ ? officeAbove(case_.office) : null);
  useEffect(() => {
    if (s) trackCase(s.code, s.secret).then(setCase, () => undefined);
  }, [s?.case]);
  if (!s) {
    return (
      <>
        <h1 class="govuk-heading-l">{t("family.nothing_here")}</h1>
        <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("track")}>{t("core.start.track")}</a></p>
      </>
    );
  }
  const promised = case_?.deadline ? lastDayText(case_.deadline) : "";
  return (
    <>
      <h1 class="govuk-heading-l">{t("family.sent_title")}</h1>
      <p class="govuk-body-l">{t("family.sent_text")}</p>
      <Codes s={s} />
      <p class="govuk-body">{t("family.bookmark")} <a class="govuk-link govuk-link--target" href={address("track", "case")} onClick={() => follow({ code: s.code, secret: s.secret })}>{t("family.follow_now")}</a></p>
      <h2 class="govuk-heading-m">{t("family.next_title")}</h2>
      <ol class="govuk-list govuk-list--number">
        <li>{t("family.next_read", { office: office || t("family.the_office") })}</li>
        <li>{promised ? t("family.next_by", { date: promised }) : t("family.next_soon")}</li>
        <li>{t("family.next_sign")}</li>
        <li>{t("family.next_certificate")}</li>
      </ol>
      <h2 class="govuk-heading-m">{say("sheet.slip.complain_title")}</h2>
      <p class="govuk-body">{above ? say("sheet.slip.complain_above", { office: above }) : say("sheet.slip.complain")}</p>
      {whose === "mine" ? <Notice>{t("family.kept_mine")}</Notice> : (
        <Notice title={t("family.shared_title")}>
          <p class="govuk-body">{t("family.shared_finish_text")}</p>
          <Button onPress={() => void finish()}>{t("family.finish")}</Button>
        </Notice>
      )}
      <div class="govuk-button-group">
        <Button kind="secondary" onPress={() => go("declare")}>{t("family.another")}</Button>
      </div>
      <OnPaper office={s.office} />
    </>
  );
}

