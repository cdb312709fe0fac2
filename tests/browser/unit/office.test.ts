// SPDX-License-Identifier: MPL-2.0
// The judgements of the road: what a failure means, when to try again, when to lock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NoAnswer, Refusal, type Refused } from "../../../web/src/api/client";
import { HIDDEN_MS, IDLE_MS, WARNING_MS, idleState } from "../../../web/src/office/idle";
import { isDue, meaningOf, waitAfter } from "../../../web/src/office/judge";
import { lineOfOffice } from "../../../web/src/office/road";
import { registeringOffice } from "../../../web/src/office/drafts";
import type { Country } from "../../../web/src/form/types";

const refusal = (status: number, code: string): Refusal => new Refusal(status, { type: "about:blank", title: code, status, code } as Refused, null);

test("only what will never be taken is refused", () => {
  const table: [unknown, string][] = [
    [new NoAnswer("x"), "no_answer"], [refusal(401, "unauthenticated"), "no_session"], [refusal(429, "quota_reached"), "later"],
    [refusal(503, "vault_unavailable"), "later"], [refusal(500, "internal"), "later"], [refusal(502, "unreadable"), "later"],
    [refusal(200, "unreadable"), "later"], [refusal(409, "busy"), "later"], [refusal(409, "conflict"), "later"], [refusal(403, "forbidden"), "refused"],
    [refusal(404, "not_found"), "refused"], [refusal(409, "wrong_state"), "refused"], [refusal(412, "changed_meanwhile"), "refused"],
    [refusal(413, "too_large"), "refused"], [refusal(422, "invalid"), "refused"], [new TypeError("ours"), "later"],
  ];
  for (const [e, meaning] of table) assert.equal(meaningOf(e), meaning, e instanceof Refusal ? `${e.status} ${e.code}` : String(e));
});

test("the next try is later each time, as the server says, and never hours away", () => {
  assert.deepEqual([1, 2, 3, 8, 9, 50].map((n) => waitAfter(n, null)), [2000, 4000, 8000, 256_000, 300_000, 300_000]);
  assert.equal(waitAfter(1, 30), 30_000);
  assert.equal(waitAfter(1, 1e9), 3_600_000);
});

test("a clock that was set makes nothing wait for years", () => {
  const now = 1_800_000_000_000;
  assert.equal(isDue(now, now), true);
  assert.equal(isDue(now + 300_000, now), false);
  assert.equal(isDue(now + 3_600_000, now), false);
  assert.equal(isDue(now + 365 * 86_400_000, now), true);
});

test("a device that was put down warns, and locks", () => {
  assert.equal(idleState(0, 0), "open");
  assert.equal(idleState(IDLE_MS - WARNING_MS - 1, 0), "open");
  assert.equal(idleState(IDLE_MS - WARNING_MS, 0), "warn");
  assert.equal(idleState(IDLE_MS, 0), "lock");
  assert.equal(idleState(HIDDEN_MS, HIDDEN_MS), "lock");
  assert.equal(idleState(HIDDEN_MS, HIDDEN_MS - 1), "open");
});

test("an office's line of places, and the office that keeps the register", () => {
  const country = { levels: [["province", 2], ["district", 4], ["commune", 6], ["village", 8]].map(([name, code_length]) => ({ name, code_length, office: true })),
    kinds: [{ kind: "birth", level: "commune" }, { kind: "leaving", level: null }] } as unknown as Country;
  assert.deepEqual(lineOfOffice("khm/04/0499/049901/H001", country), ["04", "0499", "049901"]);
  assert.deepEqual(lineOfOffice("khm/04", country), ["04"]);
  assert.equal(registeringOffice(country, "birth", "khm/04/0499/049901/H001"), "khm/04/0499/049901");
  assert.equal(registeringOffice(country, "birth", "khm/04/0499/049901"), "khm/04/0499/049901");
  assert.equal(registeringOffice(country, "birth", "khm/C1"), "khm/C1");
  assert.equal(registeringOffice(country, "leaving", "khm/04/0499"), "khm");
});
