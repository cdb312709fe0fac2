// SPDX-License-Identifier: MPL-2.0
// By keyboard alone: Tab until it has the focus, then the keys that a person presses. Nothing here clicks or focuses by itself.
import assert from "node:assert/strict";
import { countries } from "./lib.mjs";

const isFocused = (locator) => locator.evaluate((e) => e === document.activeElement);

/** Tab until it has the focus. */
export async function reach(page, what, most = 200) {
  const locator = typeof what === "string" ? page.locator(what).first() : what.first();
  await locator.waitFor();
  for (let i = 0; i < most; i++) {
    if (await isFocused(locator)) return locator;
    await page.keyboard.press("Tab");
  }
  return assert.fail(`the keyboard does not reach ${what}`);
}

export async function press(page, what, key = "Enter") {
  await reach(page, what);
  await page.keyboard.press(key);
}

export async function write(page, what, text) {
  await reach(page, what);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Of a group of round buttons: Tab leads into the group, the arrows from one to the next. */
export async function choose(page, what) {
  const wanted = typeof what === "string" ? page.locator(what) : what;
  const name = await wanted.getAttribute("name"), group = page.locator(`input[name="${name}"]`);
  for (let i = 0; i < 200 && !(await page.evaluate((n) => document.activeElement?.name === n, name)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  for (let i = await group.count(); i > 0 && !(await wanted.isChecked()); i--) await page.keyboard.press("ArrowDown");
  assert.ok(await wanted.isChecked(), `chosen: ${name}`);
}

/** Of a list: up or down, until it is the one. */
export async function pick(page, what, value) {
  const list = typeof what === "string" ? page.locator(what) : what;
  await list.locator(`option[value="${value}"]`).waitFor({ state: "attached" });
  await reach(page, list);
  const far = (e, wanted) => [...e.options].findIndex((o) => o.value === wanted) - e.selectedIndex;
  for (let i = await list.locator("option").count(), n; i > 0 && (n = await list.evaluate(far, value)) !== 0; i--) await page.keyboard.press(n < 0 ? "ArrowUp" : "ArrowDown");
  assert.equal(await list.inputValue(), value);
}

/** A file, from the dialogue that the key opens. */
export async function give(page, what, file) {
  const chooser = page.waitForEvent("filechooser", { timeout: 60_000 }); // from before the key is pressed
  await reach(page, what);
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(file);
}

export async function signInByHand(page, who, passphrase) {
  await write(page, "#name", who);
  await write(page, "#passphrase", passphrase);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !location.hash.startsWith("#/sign-in"));
  await page.locator("main h1").first().waitFor();
}

// ---- the questions of a birth ----

const born = new Date(Date.now() - 3 * 86_400_000);
const FAMILIES = {
  khm: { child: ["ស៊ុន ម៉ាលីស", "SUN MALIS"], mother: ["ឈឹម សុភ័ក្រ", "CHHIM SOPHEAK"], office: ["04", "0499", "049901"], village: "04990101" },
  mmr: { child: ["ယုယုလှိုင်", "YU YU HLAING"], mother: ["မြသန္တာ", "MYA THANDAR"], office: ["07", "0799", "079901"], village: "079901001" },
};
export const familyOf = (country) => FAMILIES[country];

const answersOf = ({ child, mother, office, village }) => ({
  "/child/naming": "named", "/child/name/native": child[0], "/child/name/latin": child[1], "/informant/latin_confirmed": "true", "/child/sex": "female",
  "/child/birth/date": { day: born.getUTCDate(), month: born.getUTCMonth() + 1, year: born.getUTCFullYear() },
  "/child/birth/place": [...office, village], "/child/live_born": "true", "/mother/name/native": mother[0], "/mother/name/latin": mother[1],
  "/informant/name/native": mother[0], "/informant/relation": "mother",
});

export async function pickPlace(page, id, codes) {
  for (const [i, code] of codes.entries()) await pick(page, i ? `#${id}-${i}` : `#${id}-input`, code);
}

async function fill(page, id, value) {
  if (Array.isArray(value)) return pickPlace(page, id, value);
  if (typeof value === "object") {
    for (const [part, n] of Object.entries(value)) {
      const named = page.locator(`#${id}-${part}`);
      await write(page, (await named.count()) ? named : `#${id}-input`, String(n));
    }
    return undefined;
  }
  const round = page.locator(`input[type=radio][name="${id}"][value="${value}"]`);
  return (await round.count()) ? choose(page, round) : write(page, `#${id}`, value);
}

/** What this page asks: of the optional parts the mother alone is entered. */
export async function answerPage(page) {
  const at = await page.evaluate(() => location.hash.split("/")[3]);
  const ask = page.locator(`input[name="ask"][value="${at === "mother" ? "yes" : "no"}"]`);
  if (await ask.count()) await choose(page, ask);
  if (at === "mother" && (await ask.count()) && page.url().includes("#/draft/")) await page.locator("#f-mother-name-native").waitFor();
  for (const [path, value] of Object.entries(answersOf(FAMILIES[page.country]))) {
    const id = `f${path.replace(/\//g, "-")}`;
    if (await page.locator(`main #${id}, main input[name="${id}"]`).count()) await fill(page, id, value);
  }
}

/** Sends the page's form, and waits for the next. */
export async function onward(page) {
  const was = await page.evaluate(() => location.hash);
  await press(page, page.locator("main form button:not([type=button])").last());
  await page.waitForFunction((before) => location.hash !== before && !/\/(first|next)$/.test(location.hash), was);
  await page.locator("main h1").first().waitFor();
}

/** From the beginning of a declaration, on a phone that others use as well, to its first question. */
export async function beginDeclaring(page) {
  await press(page, page.locator("main form button:not([type=button])").last());
  await pickPlace(page, "office", FAMILIES[page.country].office);
  await page.locator("main form .govuk-inset-text").waitFor();
  await onward(page);
}

// ---- past the browser ----

/** As an officer of that name, who is not the one at the page. */
export async function asOfficer(country, name, passphrase) {
  const { url } = countries[country];
  const made = await fetch(`${url}/api/v1/sessions`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, passphrase }) });
  assert.equal(made.status, 201, `${name} may sign in`);
  const { token } = await made.json();
  return async (path, { method, body, ...headers } = {}) => {
    const answer = await fetch(url + path, { method: method ?? (body ? "POST" : "GET"), ...(body ? { body: JSON.stringify(body) } : {}),
      headers: { Authorization: `Bearer ${token}`, ...(body ? { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() } : {}), ...headers } });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
}
