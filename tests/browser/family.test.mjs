// SPDX-License-Identifier: MPL-2.0
// A family, without an account: declares, follows, answers, claims; on a shared phone and on its own; over a line that breaks.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { film, photograph as photographOf } from "./code.mjs";
import { countries, expectFault, kept, looks, made, offline, sound, visit } from "./lib.mjs";

const FAMILY = {
  khm: { child: "ម៉ៅ ស្រីមុំ", latin: "MAO SREYMOM", mother: "រស់ កល្យាណ", office: ["04", "0499", "049901"], village: "04990101", year: "១៩៩៩",
    official: "sophea", verifier: "rithy", registrar: "dara" },
  mmr: { child: "နှင်းဝေလွင်", latin: "HNIN WAI LWIN", mother: "စုစုမွန်", office: ["07", "0799", "079901"], village: "079901001", year: "၁၉၉၉" },
};

// A picture as a camera writes it would do as well: a PNG of one red point.
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");

const at = (page) => page.evaluate(() => location.hash.split("/").slice(1).map(decodeURIComponent));
const press = (page) => page.locator("main form button:not([type=button])").last().click();

/** The next page, once its heading is there. */
async function moved(page, from) {
  await page.waitForFunction((was) => location.hash !== was, from);
  await page.locator("main h1").first().waitFor();
}

async function choosePlace(page, id, codes) {
  for (const [i, code] of codes.entries()) {
    const list = page.locator(i ? `#${id}-${i}` : `#${id}-input`);
    await list.locator(`option[value="${code}"]`).waitFor({ state: "attached" });
    await list.selectOption(code);
  }
}

async function fillDate(page, id, day, month, year) {
  const parts = { day, month, year };
  for (const [part, text] of Object.entries(parts)) {
    const named = page.locator(`#${id}-${part}`);
    if (text) await (await named.count() ? named : page.locator(`#${id}-input`)).fill(text);
  }
}

function answersOf(family) {
  const born = new Date(Date.now() - 3 * 86400_000);
  return {
    naming: (page) => page.check("input[value=named]"),
    name: async (page) => {
      await page.fill("#f-child-name-native", family.child);
      await page.fill("#f-child-name-latin", family.latin);
    },
    latin: async (page) => {
      assert.ok((await page.locator("main form fieldset").innerText()).includes(family.latin), "who confirms a spelling sees it");
      await page.check("input[value=true]");
    },
    sex: (page) => page.check("input[value=female]"),
    born: (page) => fillDate(page, "f-child-birth-date", String(born.getUTCDate()), String(born.getUTCMonth() + 1), String(born.getUTCFullYear())),
    abroad: (page) => page.check("input[value=no]"),
    place: (page) => choosePlace(page, "f-child-birth-place", [...family.office, family.village]),
    live: (page) => page.check("input[value=true]"),
    delivery: (page) => page.check("input[value=no]"),
    mother: async (page) => (await page.locator("#ask").count() ? page.check("input[value=yes]") : page.fill("#f-mother-name-native", family.mother)),
    "mother-birth": (page) => fillDate(page, "f-mother-birth_date", "", "", family.year),
    father: (page) => page.check("input[value=no]"),
    // Nothing is asked twice: who declares is the mother, named already.
    informant: (page) => page.locator(".civis-latin button", { hasText: family.mother }).click(),
    statistics: (page) => page.check("input[value=no]"),
  };
}

const pageIs = async (page, word) => (await at(page))[2] === word;

/** From the first question to the photographs. `look`: what every page is looked over for. */
async function answerAll(page, look = async () => {}) {
  const answers = answersOf(FAMILY[page.country]);
  for (let i = 0; !(await pageIs(page, "add-photographs")); i++) {
    assert.ok(i < 40, "the questions come to an end");
    const where = await page.evaluate(() => location.hash);
    await look();
    await answers[(await at(page))[2]]?.(page);
    await press(page);
    await moved(page, where);
  }
}

async function begin(page, whose = "shared") {
  await visit(page, "declare");
  await page.check(`#whose-${whose === "shared" ? "first" : "1"}`);
  await press(page);
  await page.locator("#office-input").waitFor();
}

async function chooseOffice(page) {
  await choosePlace(page, "office", FAMILY[page.country].office);
  await page.locator("main form .govuk-inset-text").waitFor();
  await press(page);
  await moved(page, "#/declare/birth/which-office");
  await page.waitForFunction(() => !location.hash.endsWith("/first"));
}

async function photograph(page, kind = "birth_notice") {
  const before = await page.locator(".civis-photograph").count();
  await page.selectOption("#evidence", kind);
  await page.setInputFiles("#photograph", { name: "paper.png", mimeType: "image/png", buffer: PNG });
  await page.waitForFunction((n) => document.querySelectorAll(".civis-photograph").length > n, before);
}

const toCheck = async (page) => {
  await press(page);
  await page.waitForFunction(() => location.hash.endsWith("/check-answers"));
  await page.locator("main h1").first().waitFor();
};
const sendIt = (page) => page.locator("main .govuk-button").last().click();
const arrived = (page) => page.waitForFunction(() => location.hash.endsWith("/sent"));

async function codesOf(page) {
  const [code, secret] = await page.locator(".civis-codes__text").allInnerTexts();
  return { code: code.trim(), secret: secret.replace(/\s/g, "") };
}

async function declared(page, whose) {
  await begin(page, whose);
  await chooseOffice(page);
  await answerAll(page);
  await toCheck(page);
  await sendIt(page);
  await arrived(page);
  return codesOf(page);
}

// ---- by way of the API, as others at their desks ----

async function api(country, path, { body, who, ...headers } = {}) {
  const url = countries[country].url;
  const answer = await fetch(url + path, { method: body ? "POST" : "GET", ...(body ? { body: JSON.stringify(body) } : {}),
    headers: { ...(body ? { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() } : {}),
      ...(who ? { Authorization: `Bearer ${who}` } : {}), ...headers } });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const passphrase = JSON.parse(process.env.CIVIS_BROWSER).passphrase;
async function officer(country, role) {
  const [name] = Object.entries(countries[country].officers).find(([, o]) => o.role === role && (role !== "district_verifier" || countries[country].office.startsWith(o.office)));
  return (await api(country, "/api/v1/sessions", { body: { name, passphrase } })).token;
}
const tracked = (country, c) => api(country, "/api/v1/tracking", { body: c });

/** Everything that the browser keeps for this client, as one text. */
async function everythingKept(page) {
  return page.evaluate(async () => {
    const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
    const text = (v) => v instanceof ArrayBuffer || ArrayBuffer.isView(v) ? new TextDecoder("utf-8").decode(v)
      : v && typeof v === "object" && !(v instanceof CryptoKey) ? Object.entries(v).map(([k, x]) => `${k}=${text(x)}`).join(";") : String(v);
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((ok, no) => { const q = indexedDB.open(name); q.onsuccess = () => ok(q.result); q.onerror = no; });
      for (const store of db.objectStoreNames) {
        const all = (what) => new Promise((ok) => { const q = db.transaction(store).objectStore(store)[what](); q.onsuccess = () => ok(q.result); });
        found.push(`${store}: ${text(await all("getAllKeys"))} ${text(await all("getAll"))}`);
      }
      db.close();
    }
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) found.push(request.url);
    return found.join("\n");
  });
}

function holdsNothingOf(kept, family, codes) {
  for (const word of [family.child, family.latin, family.mother, codes.code, codes.secret]) assert.ok(!kept.includes(word), `${word} was kept`);
}

// ---- the stories ----

for (const [country, language] of [["khm", "km"], ["khm", "en"], ["mmr", "my"], ["mmr", "en"]])
  looks(`a family declares at 320 px in ${language}, follows it, and leaves nothing on a shared phone (${country})`, { country, language, width: 320 }, async (page) => {
    await visit(page, "declare");
    await sound(page);
    await begin(page);
    await press(page); // without a choice: the mistake is named
    await page.locator(".govuk-error-summary").waitFor();
    await sound(page);
    await chooseOffice(page);
    await answerAll(page, () => sound(page));
    await photograph(page);
    await page.selectOption("#evidence", "mother_identity");
    await page.locator("main .govuk-form-group button[type=button]").last().click(); // this one is brought
    await page.waitForFunction(() => document.querySelectorAll(".civis-photograph").length === 2);
    await sound(page);
    await toCheck(page);
    assert.match(await page.locator("main").innerText(), new RegExp(FAMILY[country].child));
    await sound(page);
    await sendIt(page);
    await arrived(page);
    const codes = await codesOf(page);
    assert.match(codes.code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/);
    assert.equal(codes.secret.length, 28);
    await page.locator(".civis-qr").waitFor();
    if (language === "en") { // the same day as on the slip and at the desk: the last of the period, not the one behind it
      const end = Date.parse((await tracked(country, codes)).deadline) - 1, { zone_minutes: zone } = await (await fetch(`${countries[country].url}/api/v1/country`)).json();
      const day = new Date(end + zone * 60_000).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
      await page.locator("main ol").getByText(day).waitFor();
    }
    await sound(page);
    const c = await tracked(country, codes);
    assert.equal(c.state, "declared");
    const opened = await api(country, `/api/v1/cases/${c.id}`, { who: await officer(country, "commune_official") });
    assert.equal(opened.declaration.child.name.native, FAMILY[country].child);
    assert.equal(opened.declaration.mother.birth_date.value, "1999");
    assert.equal(opened.declaration.informant.relation, "mother");
    assert.deepEqual(opened.attachments.map((a) => a.kind), ["birth_notice"]);
    assert.deepEqual(opened.declaration.evidence.map((e) => e.kind).sort(), ["birth_notice", "mother_identity"]);
    holdsNothingOf(await everythingKept(page), FAMILY[country], codes);
    await page.locator(".govuk-inset-text button").click(); // finish
    await page.waitForFunction(() => location.hash === "" || location.hash === "#/");
    await page.locator("main h1").first().waitFor();
    holdsNothingOf(await everythingKept(page), FAMILY[country], codes);
    await visit(page, "track");
    await sound(page);
    assert.equal(await page.locator(".civis-mine").count(), 0);
    await page.fill("#code", codes.code.toLowerCase().replace(/-/g, " ").replace(/\d/g, (d) => String.fromCharCode((language === "my" ? 0x1040 : 0x17e0) + Number(d))));
    await page.fill("#secret", codes.secret.toLowerCase().replace(/(....)/g, "$1 "));
    await press(page);
    await page.locator(".civis-timeline").waitFor();
    await sound(page);
    assert.ok(!(await page.evaluate(() => location.href)).includes(codes.secret));
  });

/** Tab until what the selector names has the focus. */
async function reach(page, selector) {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

/** Whether this page keeps newer clients from taking over. */
const holdsUp = (page) => page.evaluate(async () => (await navigator.locks.query()).held.some((l) => l.name === "civis-form"));
const toStart = async (page) => {
  await visit(page);
  await page.locator(".civis-card").first().waitFor();
};

for (const whose of ["shared", "mine"])
  looks(`what is typed on a phone that is ${whose} ${whose === "mine" ? "is kept, and a newer client may come" : "holds up a newer client"}`, { country: "khm", language: "en", worker: true }, async (page) => {
    await visit(page);
    await kept(page);
    assert.equal(await holdsUp(page), false);
    await begin(page, whose);
    await chooseOffice(page);
    assert.equal(await holdsUp(page), true, "a form is open");
    await answersOf(FAMILY.khm).naming(page);
    await toStart(page);
    await page.waitForTimeout(500);
    assert.equal(await holdsUp(page), whose === "shared");
  });

// နှင်းဝေလွင်, as a phone with a Zawgyi font writes it.
const ZAWGYI = "\u108f\u103d\u1004\u1039\u1038\u1031\u101d\u101c\u103c\u1004\u1039";

for (const language of ["my", "en"])
  looks(`what was typed in Zawgyi is noticed, shown both ways, and converted only when somebody says so (${language})`, { country: "mmr", language, width: 320 }, async (page) => {
    const family = FAMILY.mmr, answers = answersOf(family), name = page.locator("#f-child-name-native"), both = page.locator("main [role=status] .govuk-button-group button");
    await begin(page);
    await chooseOffice(page);
    await answers.naming(page);
    await press(page);
    await name.fill(family.child);
    await page.waitForTimeout(900);
    assert.equal(await both.count(), 0, "what is right is not asked about");
    await name.fill(ZAWGYI);
    await both.first().waitFor();
    assert.equal(await name.inputValue(), ZAWGYI, "nothing is converted silently");
    await sound(page);
    await both.nth(1).click();
    await both.first().waitFor({ state: "detached" });
    assert.equal(await name.inputValue(), ZAWGYI);
    await name.fill(`${ZAWGYI} `);
    await both.first().click();
    assert.equal((await name.inputValue()).trim(), family.child);
  });

looks("where the list of places ends, that is said", { country: "khm", language: "en", width: 320 }, async (page) => {
  await begin(page);
  const said = page.getByText("Nothing smaller is listed here.");
  await page.selectOption("#office-input", "04"); // the sample's province
  await page.locator("#office-1").waitFor();
  assert.equal(await said.count(), 0);
  await page.selectOption("#office-input", "12");
  await said.waitFor();
  await sound(page);
});

looks("the QR of a slip is read from a picture, and another is refused", { country: "khm", language: "en", width: 320 }, async (page) => {
  const { code, secret } = await declared(page, "shared");
  await page.locator(".govuk-inset-text button").click();
  await page.waitForFunction(() => location.hash === "" || location.hash === "#/");
  await visit(page, "track");
  await page.locator("#picture").setInputFiles({ name: "q.png", mimeType: "image/png", buffer: await photographOf("https://example.org/somewhere") });
  await page.locator("#picture-error").waitFor();
  await sound(page);
  await page.locator("#picture").setInputFiles({ name: "q.png", mimeType: "image/png", buffer: await photographOf(`${countries.khm.url}/#/track/${code}/${secret}`) });
  await page.locator(".civis-timeline").waitFor();
  assert.ok(!page.url().includes(secret));
});

test("the QR of a slip is read by the camera", { timeout: 300_000 }, async () => {
  const [official, id, secret] = [await officer("khm", "commune_official"), crypto.randomUUID(), "A".repeat(28)];
  const about = await made("khm", "declare", { seed: 815 }), { declaration } = await api("khm", `/api/v1/cases/${about.id}`, { who: official });
  declaration.child.name = { native: FAMILY.khm.child, latin: FAMILY.khm.latin };
  const { tracking_code: code } = await api("khm", "/api/v1/cases", { who: official, body: { id, kind: "birth", office: countries.khm.office, language: "km", tracking_secret: secret, declaration } });
  const folder = mkdtempSync(join(tmpdir(), "civis-slip-"));
  const camera = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-video-capture=${await film(join(folder, "slip.y4m"), `${countries.khm.url}/#/track/${code}/${secret}`)}`, ...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
  });
  try {
    const page = await (await camera.newContext({ baseURL: countries.khm.url, viewport: { width: 360, height: 740 } })).newPage();
    await page.goto("/en/#/track");
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await page.locator(".civis-timeline").waitFor({ timeout: 60_000 });
  } finally {
    await camera.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

looks("the whole of it by keyboard alone", { country: "khm", language: "en", width: 1280 }, async (page) => {
  const family = FAMILY.khm, born = new Date(Date.now() - 3 * 86400_000);
  const type = async (selector, text) => { await reach(page, selector); await page.keyboard.insertText(text); };
  const tick = async (selector) => { await reach(page, selector); await page.keyboard.press("Space"); };
  const pick = async (selector, words) => { await reach(page, selector); await page.keyboard.type(words); await page.waitForTimeout(300); };
  const go = async () => {
    const was = await page.evaluate(() => location.hash);
    await reach(page, "main form button:not([type=button])");
    await page.keyboard.press("Enter");
    await moved(page, was);
    await page.waitForFunction(() => !location.hash.endsWith("/first"));
  };
  const places = async (id, names) => { for (const [i, name] of names.entries()) await pick(i ? `#${id}-${i}` : `#${id}-input`, name); };
  const answers = {
    naming: () => tick("input[value=named]"),
    name: async () => { await type("#f-child-name-native", family.child); await type("#f-child-name-latin", family.latin); },
    latin: () => tick("input[value=true]"),
    sex: async () => { await tick("input[value=male]"); await page.keyboard.press("ArrowDown"); },
    born: async () => { await type("#f-child-birth-date-input", String(born.getUTCDate())); await type("#f-child-birth-date-month", String(born.getUTCMonth() + 1)); await type("#f-child-birth-date-year", String(born.getUTCFullYear())); },
    abroad: () => tick("input[value=yes]").then(() => page.keyboard.press("ArrowDown")),
    place: () => places("f-child-birth-place", ["Kampong Chhnang", "Srok Kumru", "Khum Kumru"]),
    live: () => tick("input[value=true]"),
    delivery: () => tick("input[value=yes]").then(() => page.keyboard.press("ArrowDown")),
    mother: async () => (await page.locator("#ask").count() ? tick("input[value=yes]") : type("#f-mother-name-native", family.mother)),
    father: () => tick("input[value=yes]").then(() => page.keyboard.press("ArrowDown")),
    informant: async () => { await type("#f-informant-name-native", family.mother); await tick("input[value=mother]"); },
    statistics: () => tick("input[value=yes]").then(() => page.keyboard.press("ArrowDown")),
  };
  await visit(page, "declare");
  await reach(page, "main form button:not([type=button])");
  await page.keyboard.press("Enter");
  await page.locator("#office-input").waitFor();
  await places("office", ["Kampong Chhnang", "Srok Kumru", "Khum Kumru"]);
  await page.locator("main form .govuk-inset-text").waitFor();
  await go();
  for (let i = 0; i < 40 && !(await pageIs(page, "add-photographs")); i++) {
    await answers[(await at(page))[2]]?.();
    await go();
  }
  await go();
  const was = await page.evaluate(() => location.hash);
  assert.match(was, /check-answers/);
  await reach(page, "main > .govuk-button");
  await page.keyboard.press("Enter");
  await arrived(page);
  assert.equal((await tracked("khm", await codesOf(page))).state, "declared");
});

looks("an answer is changed on the check page, and a part that was left out is asked for", { country: "khm", language: "en" }, async (page) => {
  await begin(page);
  await chooseOffice(page);
  await answerAll(page);
  await toCheck(page);
  await page.locator("a[href='#/declare/birth/father/change']").click();
  await page.locator("#ask").waitFor();
  await page.check("input[value=yes]");
  await press(page);
  await page.locator("#f-father-name-native").waitFor();
  await press(page);
  await page.locator(".govuk-error-summary").waitFor();
  await page.fill("#f-father-name-native", "ម៉ៅ វិបុល");
  await page.check("input[value=marriage]");
  await press(page);
  await page.waitForFunction(() => location.hash.endsWith("/check-answers"));
  assert.match(await page.locator("main").innerText(), /ម៉ៅ វិបុល/);
  await page.goBack();
  await page.locator("#f-father-name-native").waitFor();
  assert.equal(await page.inputValue("#f-father-name-native"), "ម៉ៅ វិបុល");
});

looks("what the server finds wrong leads back to its question", { country: "khm", language: "en" }, async (page) => {
  expectFault(page, /422/);
  await begin(page);
  await chooseOffice(page);
  const answers = answersOf(FAMILY.khm);
  await answerAll(page, async () => { if (await pageIs(page, "place")) await page.fill("#f-child-birth-place_detail", "House \u0007 7"); });
  assert.ok(answers);
  await toCheck(page);
  await sendIt(page);
  await page.locator(".govuk-error-summary a").waitFor();
  await page.locator(".govuk-error-summary a").click();
  await page.locator("#f-child-birth-place_detail").waitFor();
  assert.ok(await page.locator("#f-child-birth-place_detail-error").innerText());
  await page.fill("#f-child-birth-place_detail", "House 7");
  await press(page);
  await page.waitForFunction(() => location.hash.endsWith("/check-answers"));
  await sendIt(page);
  await arrived(page);
});

looks("a line that breaks while it is sent makes one case, with its photographs once", { country: "khm", language: "en" }, async (page) => {
  expectFault(page, /ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
  await begin(page);
  await chooseOffice(page);
  await answerAll(page);
  await photograph(page);
  await photograph(page, "mother_identity");
  await toCheck(page);
  const posts = [];
  let broken = 0;
  // The server gets it, the phone never hears: once for the declaration, once for a photograph.
  const lost = async (route) => {
    const request = route.request();
    if (request.method() === "POST" && request.url().endsWith("/cases")) posts.push([request.headers()["idempotency-key"], request.postData()]);
    const wanted = request.method() === "PATCH" || (request.method() === "POST" && request.url().endsWith("/cases"));
    if (!wanted || (broken & (request.method() === "PATCH" ? 2 : 1))) return route.continue();
    broken |= request.method() === "PATCH" ? 2 : 1;
    await route.fetch();
    await route.abort();
  };
  await page.route("**/api/v1/**", lost);
  await sendIt(page);
  await page.locator(".govuk-warning-text").waitFor();
  await page.locator("main .govuk-button").first().click(); // try now
  await page.locator(".govuk-warning-text").waitFor({ state: "detached" });
  await page.locator(".govuk-warning-text").waitFor();
  await page.locator("main .govuk-button").first().click();
  await arrived(page);
  assert.equal(posts.length, 2);
  assert.deepEqual(posts[0], posts[1]);
  const c = await tracked("khm", await codesOf(page));
  const opened = await api("khm", `/api/v1/cases/${c.id}`, { who: await officer("khm", "commune_official") });
  assert.deepEqual(opened.attachments.map((a) => a.kind).sort(), ["birth_notice", "mother_identity"]);
});

looks("without a network it waits, and goes out by itself", { country: "khm", language: "en" }, async (page) => {
  expectFault(page, /ERR_INTERNET_DISCONNECTED/);
  await begin(page);
  await chooseOffice(page);
  await answerAll(page);
  await toCheck(page);
  await offline(page);
  await sendIt(page);
  await page.locator(".govuk-warning-text").waitFor();
  await page.getByRole("button", { name: "Change an answer first" }).click(); // nothing left the phone yet
  await page.waitForFunction(() => location.hash.endsWith("/check-answers"));
  await sendIt(page);
  await page.locator(".govuk-warning-text").waitFor();
  await offline(page, false);
  await arrived(page);
  assert.equal((await tracked("khm", await codesOf(page))).state, "declared");
});

looks("one's own phone keeps it sealed; a returned declaration is answered; removing removes", { country: "khm", language: "km" }, async (page) => {
  await begin(page, "mine");
  await chooseOffice(page);
  await page.check("input[value=named]");
  await press(page);
  await page.locator("#f-child-name-native").waitFor();
  await page.fill("#f-child-name-native", FAMILY.khm.child);
  await page.waitForTimeout(300);
  await page.reload();
  await visit(page, "declare");
  await page.locator(".govuk-inset-text .govuk-button").first().click(); // go on with it
  await page.waitForFunction(() => location.hash.startsWith("#/declare/birth/") && !location.hash.endsWith("/next"));
  assert.ok(!(await pageIs(page, "check-answers")), "it goes on where something is open");
  holdsNothingOf(await everythingKept(page), FAMILY.khm, { code: "-none-", secret: "-none-" });
  await visit(page, "declare", "birth", "first");
  await page.waitForFunction(() => !location.hash.endsWith("/first"));
  await answerAll(page);
  await toCheck(page);
  await sendIt(page);
  await arrived(page);
  const codes = await codesOf(page);
  const kept = await everythingKept(page);
  holdsNothingOf(kept, FAMILY.khm, codes);
  assert.match(kept, /family\/sent/);

  const before = await tracked("khm", codes);
  await api("khm", `/api/v1/cases/${before.id}/return`, { body: { reason: "details_contradict" }, who: await officer("khm", "district_verifier"), "If-Match": `"${before.version}"` });
  await page.reload();
  await visit(page, "track");
  await page.locator(".civis-mine a").click();
  await page.locator(".civis-timeline li").nth(1).waitFor();
  await sound(page);
  await page.locator("main section .govuk-button").first().click(); // answer
  await page.locator("a[href='#/declare/birth/sex/change']").click();
  await page.check("input[value=male]");
  await press(page);
  await page.waitForFunction(() => location.hash.endsWith("/check-answers"));
  await sendIt(page);
  await arrived(page);
  const after = await tracked("khm", codes);
  assert.equal(after.state, "declared");
  const opened = await api("khm", `/api/v1/cases/${after.id}`, { who: await officer("khm", "commune_official") });
  assert.equal(opened.declaration.child.sex, "male");

  await visit(page, "declare");
  await page.check("#whose-first");
  await press(page);
  await page.locator("#office-input").waitFor();
  assert.doesNotMatch(await everythingKept(page), /family\//);
});

looks("a QR or a bookmark opens the case, and its secret leaves the address", { country: "khm", language: "en" }, async (page) => {
  const codes = await declared(page);
  await page.reload();
  await visit(page, "track", codes.code, codes.secret);
  await page.locator(".civis-timeline").waitFor();
  assert.equal(await page.evaluate(() => location.hash), "#/track/case");
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.locator("main form").waitFor();
  await sound(page);
  await press(page);
  await page.waitForFunction(() => /Withdrawn/.test(document.querySelector("h1")?.innerText ?? ""));
  assert.equal((await tracked("khm", codes)).state, "withdrawn");
});

looks("a hospital's notification is completed with the same questions", { country: "khm", language: "en" }, async (page) => {
  const secret = "H0SP1TA1SECRET00000000000000", id = crypto.randomUUID();
  const born = new Date(Date.now() - 3 * 86400_000).toISOString().slice(0, 10);
  const notice = await api("khm", "/api/v1/cases", { who: await officer("khm", "hospital_clerk"), body: {
    id, kind: "birth", office: countries.khm.office, language: "km", tracking_secret: secret,
    declaration: { child: { sex: "female", live_born: true, birth: { date: born } }, notice: { visit_consent: false } } } });
  assert.equal(notice.state, "notified");
  await visit(page, "claim");
  await sound(page);
  await page.check("#what-first");
  await press(page);
  await page.locator("#secret").waitFor();
  await sound(page);
  await page.fill("#code", notice.tracking_code);
  await page.fill("#secret", secret);
  await press(page);
  await page.waitForFunction(() => location.hash.startsWith("#/declare/birth/naming"));
  await answerAll(page);
  await toCheck(page);
  await sendIt(page);
  await arrived(page);
  const c = await tracked("khm", { code: notice.tracking_code, secret });
  assert.equal(c.state, "declared");
});

looks("a certificate is drawn with a code, once", { country: "khm", language: "en" }, async (page) => {
  expectFault(page, /404|410/);
  const registered = await made("khm", "register");
  const { code } = await api("khm", `/api/v1/acts/${registered.act_id}/claim-codes`, { body: {}, who: await officer("khm", "commune_official") });
  await visit(page, "claim", "certificate");
  await page.fill("#code", "AAAA-BBBB-CCCC");
  await press(page);
  await page.locator(".govuk-error-summary").waitFor();
  await sound(page);
  await page.fill("#code", code.toLowerCase());
  const [file] = await Promise.all([page.waitForEvent("download"), press(page)]);
  assert.equal(file.suggestedFilename(), "certificate.pdf");
  await page.locator(".govuk-inset-text").waitFor();
  await sound(page);
});
