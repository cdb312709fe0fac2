// SPDX-License-Identifier: MPL-2.0
// Where an officer begins: what this role does here.
import type { Role } from "../../api/types";
import { me } from "../../app/me";
import { address } from "../../app/router";
import { SCREENS, type ScreenProps } from "../../app/screens";
import { t, type Key } from "../../words/words";

/** `roles`: of those who may use the screen, those whose work it is; absent: all of them. */
const DOORS: { to: string; title: Key; text: Key; roles?: Role[] }[] = [
  { to: "tasks", title: "office.work.tasks", text: "office.work.tasks_text" },
  { to: "queue", title: "office.work.queue", text: "office.work.queue_text" },
  { to: "drafts", title: "office.work.declare", text: "office.work.declare_text" },
  { to: "outbox", title: "office.work.outbox", text: "office.work.outbox_text" },
  { to: "person", title: "office.work.person", text: "office.work.person_text" },
  { to: "register", title: "office.work.register", text: "office.work.register_text" },
  { to: "forms", title: "office.work.forms", text: "office.work.forms_text", roles: ["commune_official", "hospital_clerk", "registrar"] },
  { to: "staff", title: "office.work.staff", text: "office.work.staff_text" },
  { to: "health", title: "office.work.health", text: "office.work.health_text" },
  { to: "counts", title: "office.work.counts", text: "office.work.counts_text", roles: ["commune_official", "district_verifier", "registrar", "national_administrator", "auditor"] },
  { to: "log", title: "office.work.log", text: "office.work.log_text", roles: ["auditor", "national_administrator"] },
];

const isOf = (role: Role, to: string, roles?: Role[]): boolean =>
  (SCREENS[to]?.roles?.includes(role) ?? true) && (roles?.includes(role) ?? true);

export default function Work(_: ScreenProps) {
  const role = me()?.role;
  return (
    <>
      <h1 class="govuk-heading-l">{t("core.my_work")}</h1>
      <ul class="civis-cards">
        {DOORS.filter((d) => role && isOf(role, d.to, d.roles)).map((d) => (
          <li key={d.to}><a class="civis-card govuk-body" href={address(d.to)}><strong>{t(d.title)}</strong>{t(d.text)}</a></li>
        ))}
      </ul>
    </>
  );
}
