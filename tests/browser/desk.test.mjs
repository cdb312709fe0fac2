// SPDX-License-Identifier: MPL-2.0
// The verifier's and the registrar's desk: the queue, a case, and what is done with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { WIDTHS, countries, expectFault, focusIsSeen, launch, looks, made, signIn, sound, visit } from "./lib.mjs";
import { ROWS, longQueue, presses } from "./long_queue.mjs";

const { passphrase } = JSON.parse(process.env.CIVIS_BROWSER);
const tokens = new Map();

/** Something that is done beside the page, by another officer. */
async function asks(country, who, path, body, headers = {}) {
  const { url } = countries[country];
  if (!tokens.has(country + who)) {
    const answer = await fetch(`${url}/api/v1/sessions`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: who, passphrase }) });
    tokens.set(country + who, (await answer.json()).token);
  }
  const answer = await fetch(url + path, {
    method: body ? "POST" : "GET", ...(body ? { body: JSON.stringify(body) } : {}),
    headers: { Authorization: `Bearer ${tokens.get(country + who)}`, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID(), ...headers } });
  assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? "" : await answer.text()}`);
  return answer.json();
}

const moves = async (country, who, id, transition, body = {}) => {
  const { version } = await asks(country, who, `/api/v1/cases/${id}`);
  return asks(country, who, `/api/v1/cases/${id}/${transition}`, body, { "If-Match": `"${version}"` });
};

const words = new Map();

/** A word of the country's, as the page's reader has it. */
async function word(page, key) {
  const at = `${countries[page.country].url}/api/v1/country/strings/${page.language}`;
  if (!words.has(at)) words.set(at, (await (await fetch(at)).json()).strings);
  return words.get(at)[key] ?? assert.fail(key);
}

/** Presses a move among those offered, and perhaps the button that then does it. */
async function chooses(page, transition) {
  await page.locator(".civis-moves").getByRole("button", { name: await word(page, `transition.${transition}`), exact: true }).click();
  await page.locator("#move").waitFor();
}

const does = (page) => page.locator(".civis-moves form button[type=submit]").click();
const becomes = async (page, state) => page.waitForFunction((title) => document.querySelector(".govuk-summary-list .govuk-tag")?.textContent === title, await word(page, `state.${state}`));
const opens = async (page, id) => {
  await visit(page, "case", id);
  await page.locator(".govuk-summary-list").first().waitFor();
};

/** A photograph of nothing. */
const PICTURE = PNG.sync.write(Object.assign(new PNG({ width: 40, height: 30 }), { data: Buffer.alloc(40 * 30 * 4, 0x99) }));

const READERS = [["khm", "km"], ["khm", "en"], ["mmr", "my"], ["mmr", "en"]];
let seed = 4000;

for (const [country, language] of READERS)
  looks(`who brings a slip is found by its code alone in ${country}, in ${language}`, { country, language, width: WIDTHS[0] }, async (page) => {
    const { id, tracking_code: code } = await made(country, "declare", { seed: (seed += 1) });
    const { offices: [office] } = await (await fetch(`${countries[country].url}/api/v1/offices?scope=${countries[country].office}&limit=1`)).json();
    await signIn(page, "registrar", "queue");
    await page.locator('main a[href="#/case"]').click();
    const find = async (typed) => {
      await page.locator("#code").fill(typed);
      await page.locator("main form button").click();
    };
    await find(" ");
    const missing = await page.locator("#code-error").innerText();
    await find(`${code.slice(0, 5)}ZZZZ-ZZ`);
    await page.waitForFunction((was) => document.querySelector("#code-error")?.innerText !== was, missing);
    await sound(page);
    await find(` ${code.toLowerCase().replaceAll("-", " ")} `);
    await page.waitForFunction((hash) => location.hash === hash, `#/case/${id}`);
    await page.getByText(language === "en" ? office.name.latin : office.name.native).first().waitFor();
  });

looks("the button of the step that a case is here for stands out", { language: "en", width: 1280 }, async (page) => {
  const main = () => page.locator(".civis-moves .govuk-button:not(.govuk-button--secondary)").allInnerTexts();
  const { id } = await made("khm", "declare", { seed: (seed += 1) });
  await signIn(page, "verifier");
  await opens(page, id);
  await page.locator(".civis-moves").waitFor();
  assert.deepEqual(await main(), [await word(page, "transition.verify")]);
  await moves("khm", "verifier", id, "verify");
  await page.locator(".civis-bar button").click();
  await page.waitForFunction(() => location.hash === "#/");
  await signIn(page, "registrar");
  await opens(page, id);
  await page.locator(".civis-moves").waitFor();
  assert.deepEqual(await main(), [await word(page, "transition.register")]);
});

for (const [country, language] of READERS)
  for (const width of WIDTHS)
    looks(`the verifier's day in ${country}, in ${language} at ${width} px`, { country, language, width }, async (page) => {
      const { id } = await made(country, "declare", { seed: (seed += 1) });
      await signIn(page, "verifier", "queue");
      const row = page.locator(`a[href="#/case/${id}"]`);
      await row.waitFor();
      await sound(page);
      await row.click();
      await page.locator(".civis-moves").waitFor();
      await sound(page);
      await chooses(page, "verify");
      await does(page);
      await becomes(page, "verified");
    });

for (const [country, language] of READERS)
  looks(`the registrar registers and hands over in ${country}, in ${language}`, { country, language, width: language === "en" ? 320 : 1280 }, async (page) => {
    const { id } = await made(country, "declare", { seed: (seed += 1) });
    await moves(country, "verifier", id, "verify");
    await signIn(page, "registrar", "case", id);
    await page.locator(".civis-moves").waitFor();
    await chooses(page, "register");
    await does(page); // nobody signed yet
    expectFault(page, /422/);
    await page.locator(".govuk-error-summary").waitFor();
    await page.locator("main details", { has: page.locator("#evidence-kind") }).locator("summary").click();
    await page.locator("#evidence-kind").selectOption("signed_draft");
    await page.locator("#evidence-file").setInputFiles({ name: "draft.png", mimeType: "image/png", buffer: PICTURE });
    await page.locator("main li, main button", { hasText: "KB" }).first().waitFor();
    await does(page);
    await page.locator(".civis-panel").waitFor();
    assert.match(await page.locator(".civis-panel").innerText(), /\d/);
    await sound(page);
    await page.locator("#issued").waitFor();
    expectFault(page, /409|503/); // the receipt comes with the log's next head
    const receipt = page.locator("a[download='receipt.cbor']"), ask = page.locator("section[aria-labelledby=issued] .govuk-button-group button");
    for (let tries = 0; tries < 30 && !(await receipt.count()); tries++) {
      await ask.last().click();
      await page.waitForTimeout(300);
    }
    await receipt.waitFor();
    await ask.nth(1).click();
    await page.locator("a[download='certificate.pdf']").waitFor();
    await ask.first().click();
    await page.locator("section[aria-labelledby=issued] dl").waitFor();
    await sound(page);
    await visit(page, "queue");
    await page.locator("#state").selectOption("registered");
    await page.locator(`a[href="#/case/${id}"]`).waitFor();
    await page.locator(`a[href="#/case/${id}"]`).click();
    await page.locator(".civis-moves").last().waitFor();
    await chooses(page, "hand_over");
    await does(page);
    assert.equal(await page.locator(".govuk-error-summary li").count(), 3, "to whom, in what relation, how identified");
    await page.locator(`#f-d-name`).fill(country === "khm" ? "គឹម បុប្ផា" : "ဒေါ်လှလှ");
    await page.locator("#f-d-relation-first").check({ force: true });
    await page.locator("#f-d-identified_by-first").check({ force: true });
    await does(page);
    await becomes(page, "handed_over");
    await sound(page);
  });

looks("what came back amended shows what it was", { country: "khm", language: "km", width: 1280 }, async (page) => {
  const { id } = await made("khm", "declare", { seed: (seed += 1) });
  await signIn(page, "verifier", "case", id);
  await page.locator(".civis-moves").waitFor();
  await chooses(page, "return");
  await does(page);
  assert.equal(await page.locator("#reason-error").count(), 1, "a reason is asked for");
  await page.locator("#reason-first").check({ force: true });
  await page.locator("#note").fill("សូមបង្ហាញសំបុត្រកំណើត");
  await does(page);
  await becomes(page, "returned");

  const official = await launch({ country: "khm", language: "en" });
  try {
    await signIn(official, "official", "case", id);
    await official.locator(".civis-moves").waitFor();
    assert.match(await official.locator("main").innerText(), /សូមបង្ហាញសំបុត្រកំណើត/, "the official reads what is missing");
    await chooses(official, "amend");
    await sound(official);
    await official.locator("details", { has: official.locator("#f-child-name-latin") }).locator("summary").click();
    const name = await official.locator("#f-child-name-native").inputValue();
    await official.locator("#f-child-name-native").fill("");
    await does(official);
    assert.equal(await official.locator("#f-child-name-native-error").count(), 1, "what lacks is told at its field");
    await sound(official);
    await official.locator("#f-child-name-native").fill(name);
    await official.locator("#f-child-name-latin").fill("CHANGED Name");
    await does(official);
    await becomes(official, "declared");
  } finally {
    await official.context().close();
  }

  await opens(page, id);
  await page.reload();
  await signIn(page, "verifier", "case", id);
  await page.locator("main details summary").first().click();
  await page.locator("main details button").first().click();
  await page.locator("main del").first().waitFor();
  assert.equal(await page.locator("main del").count(), 1, "one line was changed");
  assert.equal(await page.locator("main ins").innerText(), "CHANGED Name");
  await sound(page);
});

looks("a possible duplicate stands beside the case", { country: "khm", language: "km", width: 320 }, async (page) => {
  const first = await made("khm", "declare", { seed: (seed += 1) });
  const second = await made("khm", "declare", { seed });
  await signIn(page, "verifier", "case", second.id);
  await page.locator("#duplicates").waitFor();
  assert.equal(await page.locator(`main a[href="#/case/${first.id}"]`).count(), 1, "the other can be opened");
  assert.ok((await page.locator("main .govuk-table__row").count()) > 5);
  await sound(page);
});

looks("a refusal has its grounds and can be appealed", { country: "mmr", language: "my", width: 1280 }, async (page) => {
  const { id } = await made("mmr", "declare", { seed: (seed += 1) });
  await signIn(page, "verifier", "case", id);
  await page.locator(".civis-moves").waitFor();
  await chooses(page, "reject");
  await page.locator("#reason-first").check({ force: true });
  await does(page);
  assert.equal(await page.locator("#f-d-grounds-error").count(), 1, "grounds are asked for");
  await page.locator("#f-d-grounds").fill("မွေးဖွားမှုကို ဤရုံးတွင် မတွေ့ပါ။");
  await does(page);
  await becomes(page, "rejected");
  assert.match(await page.locator("main").innerText(), /မွေးဖွားမှုကို ဤရုံးတွင် မတွေ့ပါ။/);
  await page.getByRole("button", { name: await word(page, "paper.refusal") }).click(); // for the family, in writing
  await page.locator("a[download='decision.pdf']").waitFor();
  await sound(page);
  await moves("mmr", "official", id, "appeal", { details: { grounds: "မိသားစုက သက်သေ ပြနိုင်သည်။" } });
  await visit(page, "queue");
  await opens(page, id);
  await becomes(page, "appealed");
});

looks("a case is verified by keyboard alone", { country: "khm", language: "en" }, async (page) => {
  const { id } = await made("khm", "declare", { seed: (seed += 1) });
  await signIn(page, "verifier", "case", id);
  await page.locator(".civis-moves").waitFor();
  await focusIsSeen(page);
  await page.locator(".civis-moves").getByRole("button", { name: await word(page, "transition.verify"), exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.locator("#move").waitFor();
  await page.locator(".civis-moves form button[type=submit]").focus();
  await page.keyboard.press("Enter");
  await becomes(page, "verified");
});

looks("whoever was slower keeps what they typed", { country: "khm", language: "en" }, async (page) => {
  const { id } = await made("khm", "declare", { seed: (seed += 1) });
  await signIn(page, "verifier", "case", id);
  await page.locator(".civis-moves").waitFor();
  await chooses(page, "return");
  await page.locator("#reason-first").check({ force: true });
  await page.locator("#note").fill("Bring the birth notice");
  const { declaration } = await asks("khm", "official", `/api/v1/cases/${id}`);
  await moves("khm", "official", id, "amend", { declaration });
  expectFault(page, /412/);
  await does(page);
  await page.locator(".govuk-error-summary").waitFor();
  assert.match(await page.locator(".govuk-error-summary").innerText(), /Somebody else moved this case/);
  assert.equal(await page.locator("#note").inputValue(), "Bring the birth notice");
  await does(page);
  await becomes(page, "returned");
});

looks("a case that another officer holds is read and not moved", { country: "khm", language: "en" }, async (page) => {
  const { id } = await made("khm", "declare", { seed: (seed += 1) });
  await moves("khm", "verifier2", id, "hold");
  await signIn(page, "verifier", "case", id);
  await page.locator(".govuk-inset-text").first().waitFor();
  assert.match(await page.locator("main").innerText(), /Another officer has this case in hand/);
  assert.equal(await page.locator(".civis-moves").count(), 0);
});

for (const language of ["km", "en"])
  looks(`a page of the register and blank forms in ${language}`, { country: "khm", language, width: 320 }, async (page) => {
    await signIn(page, "registrar", "register");
    await page.locator("#register option").nth(1).waitFor({ state: "attached" });
    await sound(page);
    await page.locator("main form button[type=submit]").click();
    assert.equal(await page.locator("#register-error").count(), 1);
    await page.locator("#register").selectOption("B");
    await made("khm", "register", { seed: (seed += 1) });
    await page.locator("main form button[type=submit]").click();
    await page.locator("a[download='register-B.pdf']").waitFor();
    await visit(page, "forms");
    await page.locator("main section button").first().waitFor();
    await sound(page);
    await page.locator("main section button").first().click();
    await page.locator("a[download]").first().waitFor();
  });

// A queue of 5,000 on a slow phone: what a press costs, from the press to the picture. The aim is 200 ms; it is failed at twice
// that, for a machine that does other things as well.
test("five thousand cases are shown and filtered at once on a slow phone", async () => {
  const SLOWER = 6, MOST_MS = 400;
  const page = await launch({ country: "khm", language: "en" });
  try {
    await longQueue(page, countries.khm.office);
    await signIn(page, "verifier", "queue");
    await page.waitForFunction((n) => document.querySelector("main [role=status]")?.textContent.startsWith(String(n)), ROWS, { timeout: 60_000 });
    assert.equal(await page.locator("tbody tr").count(), 20, "the first rows alone are drawn");
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const took = await presses(page, ["referred", "declared", "", "referred", "declared"]);
    const least = Math.min(...took); // what else this machine does only adds to it
    console.log(`filtering 5,000 cases, ${SLOWER} times slower: ${took.map((ms) => Math.round(ms)).join(", ")} ms`);
    assert.ok(least <= MOST_MS, `${least} ms`);
  } finally {
    await page.context().close();
  }
});
