// SPDX-License-Identifier: MPL-2.0
// #/track: where a declaration stands, by whoever has its code and secret.
//
//   #/track                 the list of this phone, or code and secret
//   #/track/CODE/SECRET     what a QR or a bookmark opens; replaced at once by
//   #/track/case            where it stands, and #/track/case/MOVE for what one may do
import { useEffect, useState } from "preact/hooks";
import { address, go, replace } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { instantText } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { getAt, type Members } from "../../base/pointer";
import { dateWords, say } from "../../form/country";
import { BackLink } from "../../ui/page";
import { language, t } from "../../words/words";
import { CodeForm } from "./code_form";
import { forgetSent, sent, type Sent } from "./draft";
import { OnPaper, useReady, type Ready } from "./ready";
import { CasePage } from "./case_page";
import { follow, followed } from "./tracked";

/** How a person knows a declaration on their own phone again. */
export function nameOf(ready: Ready, answers: Members): string {
  const { name_native: native, name_latin: latin } = ready.form.event;
  for (const path of language.get() === ready.country.native_language ? [native, latin] : [latin, native]) {
    const name = path ? getAt(answers, path) : undefined;
    if (typeof name === "string" && name) return name;
  }
  return "";
}

function Mine({ ready, one }: { ready: Ready; one: Sent }) {
  const [sure, setSure] = useState(false);
  const title = nameOf(ready, one.answers) || say(`kind.${one.kind}`);
  return (
    <li class="civis-mine">
      <a class="civis-card govuk-body" href={address("track", "case")} onClick={() => follow(one)}>
        <strong>{title}</strong>
        <span class="civis-line">{instantText(one.at, dateWords(), language.get(), ready.country.zone_minutes)} · <span lang="en">{one.code}</span></span>
      </a>
      <button type="button" class="civis-plain govuk-body" onClick={() => { if (sure) forgetSent(one.case); else setSure(true); }}>
        {t(sure ? "family.remove_sure" : "family.remove_code")}<span class="govuk-visually-hidden"> {title}</span>
      </button>
    </li>
  );
}

function Find({ ready }: { ready: Ready }) {
  const known = useObservable(sent);
  return (
    <>
      <BackLink />
      <h1 class="govuk-heading-l">{t("core.start.track")}</h1>
      {known.length ? (
        <>
          <h2 class="govuk-heading-m">{t("family.on_this_phone")}</h2>
          <ul class="civis-cards">{known.map((s) => <Mine key={s.case} ready={ready} one={s} />)}</ul>
          <h2 class="govuk-heading-m">{t("family.another_code")}</h2>
        </>
      ) : null}
      <p class="govuk-body">{t("family.track_text")}</p>
      <CodeForm button={t("family.look")} onFound={(f) => { follow({ code: f.code, secret: f.secret }); go("track", "case"); }} />
      <p class="govuk-body">{t("family.track_camera")}</p>
      <p class="govuk-body">{t("family.track_lost")}</p>
      <OnPaper />
    </>
  );
}

/** By QR or bookmark. */
function Arrived({ code, secret }: { code: string; secret: string }) {
  useEffect(() => {
    follow({ code, secret });
    replace("track", "case");
  }, []);
  return null;
}

export default function Track({ path }: ScreenProps) {
  const { ready, instead } = useReady(null);
  const what = useObservable(followed);
  const [first, second] = path;
  useEffect(() => {
    if (ready && first === "case" && !what) replace("track");
  }, [ready === null, first, what]);
  if (!ready) return <>{instead}</>;
  if (first && first !== "case" && second) return <Arrived key={first + second} code={first} secret={second} />;
  if (first === "case") return what ? <CasePage key={what.code} ready={ready} code={what.code} secret={what.secret} move={second} /> : null;
  return <Find ready={ready} />;
}
