// SPDX-License-Identifier: MPL-2.0
// The table of screens: the first word of an address, whose it is, what it needs. Each area is code of its own, fetched when asked for.
import type { ComponentType } from "preact";
import type { Role } from "../api/types";
import type { Area } from "../words/areas";

export interface ScreenProps {
  /** What follows the screen's own word in the address. */
  path: string[];
}

export interface Screen {
  areas: readonly Area[];
  /** Who may use it; absent: anyone. The server decides again, whatever stands here. */
  roles?: readonly Role[];
  load: () => Promise<{ default: ComponentType<ScreenProps> }>;
}

const STAFF: readonly Role[] = ["commune_official", "hospital_clerk", "district_verifier", "registrar", "national_administrator", "auditor"];

const CASES: readonly Role[] = ["commune_official", "hospital_clerk", "district_verifier", "registrar"];

const DECLARING: readonly Role[] = ["commune_official", "hospital_clerk", "registrar"];

export const SCREENS: Record<string, Screen> = {
  "declare": { areas: ["form", "family"], load: () => import("../screens/family/declare") },
  "track": { areas: ["form", "family", "check"], load: () => import("../screens/family/track") },
  "claim": { areas: ["form", "family", "check"], load: () => import("../screens/family/claim") },
  "check": { areas: ["check"], load: () => import("../screens/check/check") },
  "log": { areas: ["check", "log"], load: () => import("../screens/log/log") },
  "work": { areas: ["office"], roles: STAFF, load: () => import("../screens/office/work") },
  "queue": { areas: ["form", "desk"], roles: CASES, load: () => import("../screens/desk/queue") },
  "case": { areas: ["form", "desk"], roles: CASES, load: () => import("../screens/desk/case") },
  "register": { areas: ["form", "desk"], roles: ["registrar"], load: () => import("../screens/desk/register") },
  "forms": { areas: ["form", "desk"], roles: CASES, load: () => import("../screens/desk/forms") },
  "tasks": { areas: ["form", "office", "desk"], roles: ["commune_official"], load: () => import("../screens/office/tasks") },
  "drafts": { areas: ["form", "office"], roles: DECLARING, load: () => import("../screens/office/drafts") },
  "draft": { areas: ["form", "office"], roles: DECLARING, load: () => import("../screens/office/draft") },
  "outbox": { areas: ["form", "office", "device"], roles: DECLARING, load: () => import("../screens/office/outbox") },
  "person": { areas: ["form", "check", "desk", "person"], roles: ["commune_official", "registrar", "auditor"], load: () => import("../screens/person/person") },
  "counts": { areas: ["form", "figures", "device"], load: () => import("../screens/figures/figures") },
  "staff": { areas: ["admin"], roles: ["national_administrator"], load: () => import("../screens/admin/staff") },
  "health": { areas: ["admin"], roles: ["national_administrator"], load: () => import("../screens/admin/health") },
  "sign-in": { areas: ["office"], load: () => import("../screens/office/sign_in") },
};
