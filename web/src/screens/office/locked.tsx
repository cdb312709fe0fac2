// SPDX-License-Identifier: MPL-2.0
// What stands on the device is shown only while its officer has it unlocked.
import type { ComponentChildren } from "preact";
import { address, here } from "../../app/router";
import { useObservable } from "../../base/observable";
import { unlocked } from "../../office/drawer";
import { t } from "../../words/words";

export function Locked({ children }: { children: ComponentChildren }) {
  const open = useObservable(unlocked);
  if (open) return <>{children}</>;
  return (
    <>
      <h1 class="govuk-heading-l">{t("office.locked")}</h1>
      <p class="govuk-body"><a class="govuk-link govuk-link--target" href={address("sign-in", ...here.get())}>{t("office.unlock")}</a></p>
    </>
  );
}
