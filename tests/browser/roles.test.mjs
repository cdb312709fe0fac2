// SPDX-License-Identifier: MPL-2.0
// What each role is here for, from its first screen to the end, in each language, by keyboard alone.
import assert from "node:assert/strict";
import { PNG } from "pngjs";
import { codeOf, photograph } from "./code.mjs";
import { answerPage, asOfficer, beginDeclaring, choose, familyOf, give, onward, pick, press, signInByHand, write } from "./hands.mjs";
import { countries, expectFault, looks, made, noLatinMonths, passphrase, visit } from "./lib.mjs";

const READERS = [["khm", "en"], ["khm", "km"], ["mmr", "my"]];
const PICTURE = { name: "paper.png", mimeType: "image/png", buffer: PNG.sync.write(Object.assign(new PNG({ width: 40, height: 30 }), { data: Buffer.alloc(40 * 30 * 4, 0x99) })) };
let seed = 8000;

const words = new Map();

/** A word of the country's, as the page's reader has it. */
async function word(page, key) {
  const at = `${countries[page.country].url}/api/v1/country/strings/${page.language}`;
  if (!words.has(at)) words.set(at, (await (await fetch(at)).json()).strings);
  return words.get(at)[key];
}

/** From the first page, by the door of that address; staff by the one of their work. */
const door = (page, to) => press(page, `main a[href="#/${to}"]`);

/** From a long queue, which shows its first rows and more as one comes to their end. */
async function inQueue(page, id) {
  await page.locator("main tbody tr").first().waitFor();
  for (let tries = 0; tries < 100 && !(await page.locator(`main a[href="#/case/${id}"]`).count()); tries++) {
    await page.keyboard.press("End");
    await page.waitForTimeout(100);
  }
  await door(page, `case/${id}`);
}

async function signsIn(page, who, to) {
  await visit(page);
  await press(page, '.civis-footer a[href="#/sign-in"]');
  await signInByHand(page, who, passphrase);
  await door(page, to);
}

async function moves(page, transition) {
  await press(page, page.locator(".civis-moves").getByRole("button", { name: await word(page, `transition.${transition}`), exact: true }));
  await page.locator("#move").waitFor();
}
const confirms = (page) => press(page, ".civis-moves form button[type=submit]");
const becomes = async (page, state) => page.waitForFunction((title) => document.querySelector(".govuk-summary-list .govuk-tag")?.textContent === title, await word(page, `state.${state}`));

const STORIES = {
  async "a family declares, and follows it with its code"(page) {
    await visit(page);
    await door(page, "declare");
    await beginDeclaring(page);
    for (let i = 0; i < 40 && !page.url().endsWith("/add-photographs"); i++) {
      await answerPage(page);
      await onward(page);
    }
    await onward(page);
    assert.match(page.url(), /check-answers$/);
    assert.match(await page.locator("main").innerText(), new RegExp(familyOf(page.country).child[0]));
    await press(page, page.locator("main > .govuk-button").last());
    await page.waitForFunction(() => location.hash.endsWith("/sent"));
    const [code, secret] = await page.locator(".civis-codes__text").allInnerTexts();
    await press(page, ".govuk-inset-text button"); // nothing stays on this phone
    await page.locator(".civis-card").first().waitFor();
    await door(page, "track");
    await write(page, "#code", code.trim());
    await write(page, "#secret", secret.replace(/\s/g, ""));
    await page.keyboard.press("Enter");
    await page.locator(".civis-timeline").waitFor();
  },

  async "an official writes for a family, photographs a paper, and it arrives"(page) {
    await signsIn(page, "official", "drafts");
    await choose(page, 'input[name="kind"][value="birth"]');
    await onward(page);
    const list = page.locator(".govuk-task-list a");
    await list.first().waitFor();
    await press(page, list.first());
    await page.locator("main form").waitFor();
    for (let i = 0; i < 40 && !page.url().endsWith("/evidence"); i++) {
      await answerPage(page);
      await onward(page);
    }
    await pick(page, "#kind", "health_card");
    await give(page, "#photo", PICTURE);
    await page.locator(".civis-picture").waitFor();
    await press(page, ".govuk-back-link");
    await list.first().waitFor();
    await press(page, page.locator("main .govuk-button-group button").first()); // finish and seal
    await page.waitForFunction(() => location.hash === "#/outbox");
    await page.locator(".govuk-tag--green").first().waitFor();
  },

  async "a verifier takes the case from the queue and verifies it"(page) {
    const { id } = await made(page.country, "declare", { seed: (seed += 1) });
    await signsIn(page, "verifier", "queue");
    await inQueue(page, id);
    await page.locator(".civis-moves").waitFor();
    await moves(page, "verify");
    await confirms(page);
    await becomes(page, "verified");
  },

  async "a registrar registers with the signed draft, and shows a record at the counter"(page) {
    const { id } = await made(page.country, "declare", { seed: (seed += 1) });
    const verifier = await asOfficer(page.country, "verifier", passphrase), { version } = await verifier(`/api/v1/cases/${id}`);
    await verifier(`/api/v1/cases/${id}/verify`, { body: {}, "If-Match": `"${version}"` });
    await signsIn(page, "registrar", "queue");
    await inQueue(page, id);
    await page.locator(".civis-moves").waitFor();
    await press(page, page.locator("main details", { has: page.locator("#evidence-kind") }).locator("summary"));
    await pick(page, "#evidence-kind", "signed_draft");
    await give(page, "#evidence-file", PICTURE);
    await page.locator("main li, main button", { hasText: "KB" }).first().waitFor();
    await moves(page, "register");
    await confirms(page);
    await page.locator(".civis-panel").waitFor();
    const registered = await (await asOfficer(page.country, "registrar", passphrase))(`/api/v1/cases/${id}`);
    await press(page, `a[href="#/person/${registered.person_id}"]`);
    await choose(page, "#why-first");
    await page.keyboard.press("Enter");
    await page.locator("#start").waitFor();
    await press(page, `a[href="#/person/${registered.person_id}/looks"]`);
    await page.locator("tbody tr").first().waitFor();
  },

  async "anyone checks a document by its photograph"(page) {
    const act = await made(page.country, "register", { seed: (seed += 1) }), { url } = countries[page.country];
    const session = await (await fetch(`${url}/api/v1/sessions`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "registrar", passphrase }) })).json();
    let pdf;
    for (let tries = 0; tries < 100 && !pdf?.ok; tries++) // once the log has it
      pdf = await new Promise((done) => setTimeout(done, 100)).then(() => fetch(`${url}/api/v1/acts/${act.act_id}/certificate.pdf`, { headers: { Authorization: `Bearer ${session.token}` } }));
    expectFault(page, /404.*\/status\//); // where the lists end is told by the first that is not there
    await visit(page);
    await door(page, "check");
    await give(page, "#picture", { name: "code.png", mimeType: "image/png", buffer: await photograph(codeOf(await pdf.arrayBuffer())) });
    await page.locator("[data-verdict]").waitFor();
  },

  async "a person completes what a hospital told, with the hospital's code"(page) {
    const secret = "H0SP1TA1SECRET00000000000000", { office, language } = countries[page.country];
    const clerk = await asOfficer(page.country, "clerk", passphrase);
    const notice = await clerk("/api/v1/cases", { body: { id: crypto.randomUUID(), kind: "birth", office, language, tracking_secret: secret,
      declaration: { child: { sex: "female", live_born: true, birth: { date: new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10) } }, notice: { visit_consent: false } } } });
    await visit(page);
    await door(page, "claim");
    await choose(page, "#what-first");
    await onward(page);
    await page.locator("#secret").waitFor();
    await write(page, "#code", notice.tracking_code);
    await write(page, "#secret", secret);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.startsWith("#/declare/birth/naming"));
  },

  async "a manager goes from the nation to a place, and takes the table along"(page) {
    await signsIn(page, "secretary" in countries[page.country].officers ? "secretary" : "verifier", "counts");
    await page.locator("table").nth(2).waitFor();
    await press(page, page.locator("table").first().locator("tbody a").first());
    await page.waitForFunction(() => location.hash.includes("%2F"));
    await page.locator("table").first().waitFor();
    await pick(page, "#period", "1");
    const link = page.locator('a[download="counts-office.csv"]');
    await link.waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), press(page, link)]);
    assert.equal(file.suggestedFilename(), "counts-office.csv");
  },

  async "an auditor reads who looked, and follows the log"(page) {
    const child = await made(page.country, "register", { seed: (seed += 1) });
    await signsIn(page, "auditor", "person");
    await choose(page, "#by-2");
    await write(page, "#typed", child.personal_number);
    await page.keyboard.press("Enter");
    await page.locator("tbody tr").first().waitFor();
    await press(page, '.civis-bar a[href="#/work"]');
    await door(page, "log");
    await page.locator("main [data-verdict]").first().waitFor();
  },

  async "an administrator ends an account's sessions, and looks at health"(page) {
    await asOfficer(page.country, "registrar2", passphrase);
    await signsIn(page, "admin", "staff");
    const ends = page.locator("tbody tr", { hasText: "registrar2" }).first().getByRole("button").first();
    await press(page, ends);
    await page.keyboard.press("Enter"); // asked twice
    await page.locator("[role=status] strong").waitFor();
    await press(page, '.civis-bar a[href="#/work"]');
    await door(page, "health");
    await page.locator(".govuk-summary-list").nth(1).waitFor();
  },
};

for (const who of ["official", "clerk", "verifier", "registrar", "auditor", "admin"])
  looks(`every door of the ${who}'s work opens`, { language: "en" }, async (page) => {
    expectFault(page, /40[34]/);
    await visit(page, "sign-in");
    await signInByHand(page, who, passphrase);
    const doors = await page.locator("main .civis-card").evaluateAll((all) => all.map((a) => a.getAttribute("href").slice(2)));
    assert.ok(doors.length >= 2, doors.join());
    for (const to of doors) {
      await visit(page, to);
      assert.notEqual(await page.locator("main h1").first().innerText(), "This page belongs to another role", to);
    }
  });

for (const [country, language] of READERS)
  for (const [name, story] of Object.entries(STORIES))
    looks(`${name}: in ${language}, by keyboard alone`, { country, language, width: 1280 }, async (page) => {
      await story(page);
      await noLatinMonths(page);
    });
