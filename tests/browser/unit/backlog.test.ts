// SPDX-License-Identifier: MPL-2.0
// How many cases wait at each office, and how long: in days of the country, at the edges of each band.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseRow } from "../../../web/src/desk/api";
import { backlogOf } from "../../../web/src/screens/desk/backlog";

const ZONE = 420, NOW = Date.parse("2026-11-22T16:59:00Z"); // 23:59 there
const row = (office: string, created: string, deadline: string | null): CaseRow =>
  ({ id: "x", kind: "birth", state: "declared", office, created, deadline }) as unknown as CaseRow;

test("a backlog counts by days of the country, the longest wait first", () => {
  const found = backlogOf([
    row("khm/1", "2026-11-22T10:00:00Z", "2026-12-01T17:00:00Z"), row("khm/1", "2026-11-14T17:00:00Z", null), // the 15th: seven days
    row("khm/1", "2026-11-14T16:59:00Z", "2026-11-21T17:00:00Z"), // the 14th: eight days; its last day was yesterday
    row("khm/2", "2026-10-22T17:00:00Z", "2026-11-22T17:00:00Z"), // the 23rd: thirty days; its last day is today
    row("khm/2", "2026-10-22T16:59:00Z", null),
  ], ZONE, NOW);
  assert.deepEqual(found, [
    { office: "khm/2", waiting: 2, ages: [0, 1, 1], overdue: 0, oldest: 31 },
    { office: "khm/1", waiting: 3, ages: [2, 1, 0], overdue: 1, oldest: 8 },
  ]);
  assert.deepEqual(backlogOf([], ZONE, NOW), []);
});
