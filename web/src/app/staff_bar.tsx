// SPDX-License-Identifier: MPL-2.0
// Who is signed in, where they may go, and the way out.
import { request, session } from "../api/client";
import type { Session } from "../api/types";
import { useObservable } from "../base/observable";
import { language, t } from "../words/words";
import { lockingSoon } from "./me";
import { address, go, here } from "./router";

async function signOut(): Promise<void> {
  try {
    if (session.get()) await request("/api/v1/sessions/current", { method: "DELETE" });
  } catch {
    // Offline: the session ends by itself; this device forgets it now.
  }
  session.set(null);
  (await import("../office/drawer")).lock();
  go();
}

export function StaffBar({ staff }: { staff: Session["staff"] }) {
  const name = staff.display_name;
  const signedIn = useObservable(session), soon = useObservable(lockingSoon), at = useObservable(here);
  return (
    <div class="civis-bar">
      <div role="alert">{soon ? <div class="govuk-width-container"><p class="govuk-body-s"><strong>! {t("office.locking_soon")}</strong></p></div> : null}</div>
      <div class="govuk-width-container civis-bar__row">
        <p class="govuk-body-s">
          {(language.get() === "en" ? name?.latin : name?.native) ?? staff.name} · <span lang="en">{staff.office}</span>
          {signedIn ? null : <> · <strong>{t("core.not_signed_in")}</strong></>}
        </p>
        <ul class="govuk-body-s">
          <li><a class="govuk-link" href={address("work")}>{t("core.my_work")}</a></li>
          {signedIn ? null : <li><a class="govuk-link" href={address(...(at[0] === "sign-in" ? at : ["sign-in", ...at]))}>{t("core.sign_in_again")}</a></li>}
          <li><button type="button" class="civis-plain" onClick={() => void signOut()}>{t("core.sign_out")}</button></li>
        </ul>
      </div>
    </div>
  );
}
