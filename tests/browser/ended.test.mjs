// SPDX-License-Identifier: MPL-2.0
// An officer who is interrupted: the device locks, the session ends, the account is taken away, the device is full. What they typed is
// there again, for them alone, and the page says how it goes on.
import assert from "node:assert/strict";
import { asOfficer, familyOf } from "./hands.mjs";
import { countries, expectFault, launch, looks, made, offline, passphrase, ready, signIn, sound, typing, visit } from "./lib.mjs";

const MINUTE = 60_000, NOTE = "Bring the notice of the health centre";
const OFFICIAL = { country: "khm", language: "en" };
const refused = (page) => expectFault(page, /40[13]/);
let seed = 7000;

const isGone = async (page, text) => assert.ok(!(await page.content()).includes(text), "it stands on the page no more");
const hasAgain = (page, selector, text) => page.waitForFunction(([s, wanted]) => document.querySelector(s)?.value === wanted, [selector, text]);

async function again(page, who) {
  await page.locator('a[href^="#/sign-in/"]').first().click();
  await page.locator("#name").fill(who);
  await page.locator("#passphrase").fill(passphrase);
  await page.locator("main button[type=submit]").click();
}

/** A verifier writes why a case goes back. */
async function returning(page, who = "verifier") {
  const { id } = await made("khm", "declare", { seed: (seed += 1) });
  await signIn(page, who, "case", id);
  await page.locator(".civis-moves").getByRole("button", { name: "Return for completion" }).first().click();
  await page.locator("#reason-first").check({ force: true });
  await page.locator("#note").fill(NOTE);
  return id;
}

looks("a device that was put down warns, locks and ends the session; a draft is there again", OFFICIAL, async (page) => {
  refused(page);
  await page.clock.install();
  await signIn(page, "official", "drafts");
  const name = familyOf("khm").child[0];
  await typing(page, name);
  const warning = page.getByText("it locks within a minute");
  await page.clock.fastForward(14 * MINUTE + 10_000);
  await warning.waitFor();
  await sound(page);
  await page.keyboard.press("Shift");
  await warning.waitFor({ state: "detached" });
  const [ended] = await Promise.all([page.waitForResponse((r) => r.request().method() === "DELETE" && r.url().endsWith("/sessions/current")), page.clock.fastForward(15 * MINUTE + 10_000)]);
  assert.equal(ended.status(), 204, "the session is over on the server as well");
  await page.getByRole("heading", { name: "Sign in first" }).waitFor();
  await isGone(page, name);
  assert.equal(await page.getByRole("button", { name: "Sign out" }).count(), 0);
  await again(page, "official");
  await hasAgain(page, "#f-child-name-native", name);
});

looks("a device that is covered locks sooner", OFFICIAL, async (page) => {
  await page.clock.install();
  await signIn(page, "official", "drafts");
  const cover = (yes) => page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, yes);
  await cover(true);
  await page.clock.fastForward(4 * MINUTE);
  await cover(false);
  assert.equal(await page.getByRole("button", { name: "Sign out" }).count(), 1, "four minutes are not five");
  await cover(true);
  await page.clock.fastForward(5 * MINUTE + 10_000);
  await page.getByRole("heading", { name: "Sign in first" }).waitFor();
});

looks("without a network the device locks as well, and is unlocked with what was typed", OFFICIAL, async (page) => {
  expectFault(page, /ERR_INTERNET_DISCONNECTED/);
  await page.clock.install();
  await signIn(page, "official", "drafts");
  const name = familyOf("khm").child[0];
  await typing(page, name);
  await offline(page);
  await page.clock.fastForward(15 * MINUTE + 10_000);
  await page.getByRole("heading", { name: "Sign in first" }).waitFor();
  await isGone(page, name);
  await again(page, "official");
  await hasAgain(page, "#f-child-name-native", name);
});

looks("what a verifier typed at the desk is there after the lock, and gone once it is put aside", OFFICIAL, async (page) => {
  await page.clock.install();
  await returning(page);
  await page.clock.runFor(1000); // the page draws what was typed, and keeps it
  await page.clock.fastForward(15 * MINUTE + 10_000);
  await page.getByRole("heading", { name: "Sign in first" }).waitFor();
  await isGone(page, NOTE);
  await again(page, "verifier");
  await hasAgain(page, "#note", NOTE);
  assert.ok(await page.locator("#reason-first").isChecked());
  await page.getByRole("button", { name: "Not now" }).click();
  await page.reload();
  await ready(page);
  await again(page, "verifier");
  await page.locator(".civis-moves .govuk-button-group").waitFor();
  assert.equal(await page.locator("#note").count(), 0);
});

looks("a session that an administrator ended: the desk says so, and one signs in to the same words", OFFICIAL, async (page) => {
  refused(page);
  const id = await returning(page, "verifier2");
  const admin = await asOfficer("khm", "admin", passphrase), { staff } = await admin("/api/v1/staff?limit=100");
  await admin(`/api/v1/staff/${staff.find((a) => a.name === "verifier2").id}/sessions`, { method: "DELETE" });
  await page.locator(".civis-moves form button[type=submit]").click();
  await page.locator(".govuk-error-summary").waitFor();
  assert.equal(await page.locator("#note").inputValue(), NOTE);
  await again(page, "verifier2");
  await hasAgain(page, "#note", NOTE);
  assert.equal(new URL(page.url()).hash, `#/case/${id}`);
  await page.locator(".civis-moves form button[type=submit]").click();
  await page.locator(".civis-moves form").waitFor({ state: "detached" });
  const verifier = await asOfficer("khm", "verifier2", passphrase), { history } = await verifier(`/api/v1/cases/${id}`);
  assert.ok(history.some((h) => h.note === NOTE));
});

looks("a case that moved meanwhile is read anew, and whoever comes back is told before they press", OFFICIAL, async (page) => {
  const id = await returning(page);
  await visit(page, "queue");
  const official = await asOfficer("khm", "official", passphrase), { version, declaration } = await official(`/api/v1/cases/${id}`);
  await official(`/api/v1/cases/${id}/amend`, { body: { declaration }, "If-Match": `"${version}"` });
  await visit(page, "case", id);
  await hasAgain(page, "#note", NOTE);
  await page.locator(".govuk-error-summary", { hasText: "Somebody else moved this case" }).waitFor();
});

/** A device whose store takes nothing more while globalThis.full is set. */
const canFill = (page) => page.addInitScript(() => {
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function put(...args) {
    if (globalThis.full) throw new DOMException("full", "QuotaExceededError");
    return real.apply(this, args);
  };
});

looks("what is typed at a full device stands on the page, which says so", OFFICIAL, async (page) => {
  await canFill(page);
  await returning(page);
  await page.evaluate(() => { globalThis.full = true; });
  await page.locator("#note").fill(`${NOTE}, please`);
  const said = page.getByText("This device has no room");
  await said.waitFor();
  await sound(page);
  await page.evaluate(() => { globalThis.full = false; });
  await page.locator("#note").fill(NOTE);
  await said.waitFor({ state: "detached" });
  await page.locator(".civis-moves form button[type=submit]").click();
  await page.locator(".civis-moves form").waitFor({ state: "detached" });
});

looks("a family's own phone that is full says so, and has room again", OFFICIAL, async (page) => {
  await canFill(page);
  await visit(page, "declare");
  await page.locator("#whose-1").check(); // one's own
  await page.locator("main form button:not([type=button])").last().click();
  await page.locator("#office-input").waitFor();
  await page.evaluate(() => { globalThis.full = true; });
  const { office } = familyOf("khm"), choose = (i) => page.locator(i ? `#office-${i}` : "#office-input").selectOption(office[i]);
  for (const i of office.keys()) await choose(i);
  const said = page.getByText("This device has no room");
  await said.waitFor();
  await sound(page);
  await page.evaluate(() => { globalThis.full = false; });
  await page.locator("main form button:not([type=button])").last().click();
  await page.waitForFunction(() => !location.hash.endsWith("/which-office"));
  await page.locator("main form").waitFor();
  await page.locator('input[type="radio"]').first().check();
  await said.waitFor({ state: "detached" });
});

looks("an account that was taken away: what was typed stays on the device, sealed, and the page says why nothing is sent", { country: "khm", language: "en" }, async (page, t) => {
  refused(page);
  await signIn(page, "scribe", "drafts");
  const name = familyOf("khm").child[0], draft = await typing(page, name);
  const admin = await asOfficer("khm", "admin", passphrase), { staff } = await admin("/api/v1/staff?limit=100");
  await admin(`/api/v1/staff/${staff.find((a) => a.name === "scribe").id}/close`, { body: {} });
  await visit(page, "queue"); // the first thing that is asked of the server
  await page.getByText("not signed in: what you do stays on this device").waitFor();
  await visit(page, "draft", draft, "name");
  await hasAgain(page, "#f-child-name-native", name);
  await again(page, "scribe");
  await page.locator(".govuk-error-summary").waitFor();
  await sound(page);
  await visit(page, "draft", draft, "name");
  await hasAgain(page, "#f-child-name-native", name);

  const colleague = await launch({ language: "en" });
  t.after(() => colleague.context().close());
  await signIn(colleague, "official", "drafts");
  await isGone(colleague, name);
});

looks("a correction that was begun at the counter is there when one has signed in again", OFFICIAL, async (page) => {
  const child = await made("khm", "register", { seed: (seed += 1) }), asks = "#f-correction-requester-name-native", mother = child.declaration.mother.name.native;
  const opens = async () => {
    await page.locator("#why-first").check({ force: true });
    await page.locator("main button[type=submit]").click();
  };
  await signIn(page, "registrar", "person", child.person_id, "act", "correction");
  await opens();
  await page.locator(asks).fill(mother);
  await page.getByRole("button", { name: "Change" }).first().click();
  await page.reload();
  await ready(page);
  await isGone(page, mother);
  await again(page, "registrar");
  await page.locator("#why-first").waitFor();
  await opens();
  await hasAgain(page, asks, mother);
});
