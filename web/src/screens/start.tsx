// SPDX-License-Identifier: MPL-2.0
// The first screen: what one can do here, without an account.
import { address } from "../app/router";
import { t, type Key } from "../words/words";

const DOORS: { to: string[]; title: Key; text: Key }[] = [
  { to: ["declare"], title: "core.start.declare", text: "core.start.declare_text" },
  { to: ["track"], title: "core.start.track", text: "core.start.track_text" },
  { to: ["claim"], title: "core.start.claim", text: "core.start.claim_text" },
  { to: ["check"], title: "core.start.check", text: "core.start.check_text" },
  { to: ["counts"], title: "core.start.counts", text: "core.start.counts_text" },
  { to: ["log"], title: "core.start.log", text: "core.start.log_text" },
];

export function Start() {
  return (
    <>
      <h1 class="govuk-heading-l">{t("core.start.heading")}</h1>
      <p class="govuk-body-l">{t("core.start.lead")}</p>
      <ul class="civis-cards">
        {DOORS.map((door) => (
          <li key={door.title}>
            <a class="civis-card govuk-body" href={address(...door.to)}>
              <strong>{t(door.title)}</strong>
              {t(door.text)}
            </a>
          </li>
        ))}
      </ul>
      <p class="govuk-body">{t("core.start.paper")}</p>
    </>
  );
}
