// SPDX-License-Identifier: MPL-2.0
// Checking a document and following the log: by camera, picture, file and text; with a network and without.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { codeOf, film, photograph } from "./code.mjs";
import { documents } from "./documents.mjs";
import { LANGUAGES, WIDTHS, countries, expectFault, focusIsSeen, kept, looks, made, offline, ready, sound, visit } from "./lib.mjs";

const folder = mkdtempSync(join(tmpdir(), "civis-check-"));
after(() => rmSync(folder, { recursive: true }));

// ---- documents: of the server, and of keys of the test's own ----

const { passphrase } = JSON.parse(process.env.CIVIS_BROWSER);
const sessions = new Map();

/** As the registrar of the country's office. */
async function asked(country, path) {
  const { url } = countries[country];
  if (!sessions.has(country)) {
    const answer = await fetch(`${url}/api/v1/sessions`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "registrar", passphrase }) });
    sessions.set(country, (await answer.json()).token);
  }
  const answer = await fetch(url + path, { headers: { Authorization: `Bearer ${sessions.get(country)}` } });
  return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined;
}

/** A registered birth with its papers, once they are there. */
async function papers(country, seed) {
  const act = await made(country, "register", { seed });
  for (let tries = 0; tries < 100; tries++) {
    const receipt = await asked(country, `/api/v1/acts/${act.act_id}/receipt`);
    const pdf = receipt && (await asked(country, `/api/v1/acts/${act.act_id}/certificate.pdf`));
    if (pdf) return { act, receipt, pdf, text: codeOf(pdf), name: act.declaration.child.name };
    await new Promise((done) => setTimeout(done, 100));
  }
  return assert.fail("the receipt did not come");
}

const issued = {};
const paperOf = (country) => (issued[country] ??= papers(country, 700));

const { DAY } = documents, NOW = Math.floor(Date.now() / 1000), key = documents.newKey();
const trust = documents.trustFile(key, NOW - 100 * DAY);
const ours = documents.code(documents.credential({ key, issued: NOW - 40 * DAY }));
const listOf = (more) => documents.statusList({ key, issued: NOW - DAY, ...more });

/** The page is given the keys and the list of the test. */
async function give(page, list) {
  await page.route("**/trust.json", (route) => route.fulfill({ contentType: "application/json", body: trust }));
  await page.route("**/status/*", (route) => (list && route.request().url().endsWith("/0") ? route.fulfill({ body: list }) : route.fulfill({ status: 404 })));
  expectFault(page, /404/);
}

// ---- what is done on the page ----

const answered = async (page) => {
  await page.locator("[data-verdict]").waitFor();
  return page.getAttribute("[data-verdict]", "data-verdict");
};

async function open(page) {
  expectFault(page, /404.*\/status\//); // where the lists end is told by the first that is not there
  await visit(page, "check");
  await page.getByRole("status").filter({ hasText: /…/ }).waitFor({ state: "detached" });
}

async function type(page, text) {
  if (!(await page.locator("#code").isVisible())) await page.locator("main summary").click();
  await page.locator("#code").fill(text);
  await page.locator("form button").click();
  return answered(page);
}

const another = (page) => page.locator("main .govuk-button").click();

// ---- looks ----

for (const language of LANGUAGES)
  for (const width of WIDTHS)
    looks(`checking in ${language} at ${width} px`, { language, width, country: language === "my" ? "mmr" : "khm" }, async (page) => {
      const { text, name } = await paperOf(page.country);
      await open(page);
      await sound(page);
      assert.equal(await type(page, text), "valid");
      assert.match(await page.locator("main").innerText(), new RegExp(name.latin));
      await page.waitForFunction(() => document.activeElement.localName === "h1");
      await page.locator("summary").click();
      await sound(page);
      await visit(page, "log");
      assert.equal(await answered(page), "first");
      await sound(page);
    });

looks("checking by keyboard alone, and the focus is seen", { language: "en" }, async (page) => {
  await open(page);
  const ids = (await focusIsSeen(page)).map((e) => e.id);
  assert.ok(ids.includes("picture"));
});

// ---- answers ----

const CASES = [
  ["valid", ours, listOf({}), /neither cancelled nor changed/],
  ["revoked", ours, listOf({ places: { 6: 1 }, since: { 6: 20779 } }), /since 22 November 2026/],
  ["suspended", ours, listOf({ places: { 6: 2 } }), /does not count at present/],
  ["changed", ours, listOf({ places: { 6: 3 } }), /Ask for the new one/],
  ["unknown", ours, documents.statusList({ key, issued: NOW - 40 * DAY }), /has expired/],
  ["unknown", ours, undefined, /has no list for it/],
  ["foreign", documents.code(documents.credential({ key: documents.newKey(), issued: NOW - DAY })), listOf({}), /no key of this register/],
  ["altered", ours.slice(0, -20), listOf({}), /damaged, or was changed/],
  ["unusable", "https://example.org/", listOf({}), /some other code/],
];
for (const [verdict, text, list, says] of CASES)
  looks(`a document: ${verdict}, ${says.source}`, { language: "en" }, async (page) => {
    await give(page, list);
    await open(page);
    assert.equal(await type(page, text), verdict);
    const words = await page.locator("main").innerText();
    assert.match(words, says);
    assert.equal(/SOK Sopheak/.test(words), verdict === "valid" || verdict === "unknown", "only what still counts is repeated");
    assert.equal(/K7QM-2XWD-9F/.test(words), !["foreign", "altered", "unusable"].includes(verdict));
    await sound(page);
    await another(page);
    await page.waitForFunction(() => document.activeElement.localName === "h1");
  });

looks("a picture, a certificate's file, and what is neither", { language: "en" }, async (page) => {
  const { pdf, text } = await paperOf("khm");
  await open(page);
  const file = (name, mimeType, buffer) => page.locator("#picture").setInputFiles({ name, mimeType, buffer });
  await file("photograph.png", "image/png", await photograph(text));
  assert.equal(await answered(page), "valid");
  await another(page);
  await file("certificate.pdf", "application/pdf", pdf);
  assert.equal(await answered(page), "valid");
  assert.match(await page.locator("main").innerText(), /not what its pages show/);
  await another(page);
  await file("notes.txt", "text/plain", Buffer.from("a note"));
  await page.locator(".govuk-error-summary").waitFor();
  await file("other.pdf", "application/pdf", Buffer.from("%PDF-1.7\n%%EOF"));
  await page.locator("#picture-error").filter({ hasText: "PDF carries no code" }).waitFor();
  await sound(page);
});

looks("nobody is asked or told anything at the check", { language: "en" }, async (page) => {
  const { text } = await paperOf("khm"), sent = [];
  await open(page);
  await page.waitForFunction(() => ["", "bold "].every((weight) => document.fonts.check(`${weight}1em "Noto Sans Khmer"`, "\u1780")));
  page.on("request", (r) => sent.push(r.url()));
  assert.equal(await type(page, text), "valid");
  await page.waitForTimeout(300);
  assert.deepEqual(sent, []);
  const stored = await page.evaluate(async () => {
    const all = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), location.href];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
      for (const store of db.objectStoreNames)
        all.push(store, ...await new Promise((done) => {
          const r = db.transaction(store).objectStore(store).getAllKeys();
          r.onsuccess = () => done(r.result.map(String));
        }));
    }
    return all.join("\n");
  });
  assert.match(stored, /\/status\/0/);
  assert.doesNotMatch(stored, /CIV1|[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}/);
});

looks("without a network, after one visit", { language: "km", worker: true }, async (page) => {
  expectFault(page, /ERR_INTERNET_DISCONNECTED/);
  const { text, name } = await paperOf("khm");
  await open(page);
  await kept(page);
  await offline(page);
  await page.reload();
  await ready(page);
  await page.locator("main summary").waitFor();
  assert.equal(await type(page, text), "valid");
  assert.match(await page.locator("main").innerText(), new RegExp(name.native));
  await sound(page);
});

test("the camera: a code is read without a network, and the camera let go", async () => {
  const { text } = await paperOf("khm");
  const camera = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${await film(join(folder, "film.y4m"), text)}`,
      ...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
  });
  try {
    const context = await camera.newContext({ baseURL: countries.khm.url, viewport: { width: 360, height: 740 } }), page = await context.newPage();
    await page.addInitScript(() => {
      globalThis.streams = [];
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await real(wanted);
        globalThis.streams.push(stream);
        return stream;
      };
    });
    const live = () => page.evaluate(() => globalThis.streams.flatMap((s) => s.getTracks()).filter((t) => t.readyState === "live").length);
    await page.goto("/en/#/check");
    await ready(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.getByText("are kept on this device").waitFor();
    await context.setOffline(true);
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    assert.equal(await answered(page), "valid");
    assert.equal(await page.evaluate(() => globalThis.streams.length), 1);
    assert.equal(await live(), 0);
    // Whoever leaves while it looks takes the camera along.
    await page.getByRole("button", { name: "Check another" }).click();
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await page.waitForFunction(() => globalThis.streams.length === 2);
    await page.evaluate(() => { location.hash = "#/"; });
    await page.locator(".civis-card").first().waitFor();
    await page.waitForFunction(() => globalThis.streams.every((s) => s.getTracks().every((t) => t.readyState === "ended")));
  } finally {
    await camera.close();
  }
});

// ---- the log ----

looks("the log is compared with what this device saw", { language: "en" }, async (page) => {
  await paperOf("khm");
  await visit(page, "log");
  assert.equal(await answered(page), "first");
  const before = await (await fetch(`${countries.khm.url}/log/checkpoint`)).text();
  const again = async () => {
    await page.getByRole("button", { name: "Look again" }).click();
    return answered(page);
  };
  assert.equal(await again(), "same");
  await papers("khm", 701);
  assert.equal(await again(), "grown");
  await sound(page);
  await page.route("**/log/checkpoint", (route) => route.fulfill({ body: before }));
  assert.equal(await again(), "back");
  assert.match(await page.locator("main").innerText(), /Keep both checkpoints/);
  await sound(page);
  await page.unroute("**/log/checkpoint");
  assert.equal(await again(), "same", "what went back was not taken for the newest");
  await papers("khm", 702);
  await page.route("**/log/tile/**", (route) => route.fulfill({ status: 404 }));
  expectFault(page, /404.*\/log\/tile/);
  assert.equal(await again(), "unproven");
  await page.unroute("**/log/tile/**");
  assert.equal(await again(), "grown");
  await page.route("**/log/checkpoint", (route) => route.fulfill({ body: before.replace(/^\d+$/m, "9999") }));
  assert.equal(await again(), "unsigned");
  await sound(page);
});

looks("a receipt proves that its act stands in the log", { language: "en" }, async (page) => {
  const { receipt, pdf, name } = await paperOf("khm");
  await visit(page, "log");
  await answered(page);
  const check = async (file, buffer) => {
    await page.locator("#receipt").setInputFiles({ name: file, mimeType: "application/octet-stream", buffer });
    await page.waitForFunction(() => document.querySelector("#receipt") && !document.querySelector("#receipt").disabled && document.querySelectorAll("[data-verdict]").length === 2);
    return page.locator("[data-verdict]").nth(1).getAttribute("data-verdict");
  };
  assert.equal(await check("receipt.cbor", receipt), "receipt_valid");
  assert.match(await page.locator("main").innerText(), new RegExp(name.latin));
  await sound(page);
  assert.equal(await check("certificate.pdf", pdf), "receipt_valid");
  const spoilt = Buffer.from(receipt);
  spoilt[spoilt.indexOf(name.latin)] ^= 1;
  assert.equal(await check("receipt.cbor", spoilt), "receipt_signature");
  const index = Buffer.from(receipt), at = index.indexOf("\nindex ") + 7;
  index[at] = index[at] === 0x30 ? 0x31 : 0x30;
  assert.equal(await check("receipt.cbor", index), "receipt_proof");
  assert.equal(await check("receipt.cbor", Buffer.from("a note")), "receipt_unusable");
});

// ---- browsers that lack something ----

looks("a browser without Ed25519 says that it cannot tell, and still checks documents", { language: "en" }, async (page) => {
  const { text, receipt } = await paperOf("khm");
  await page.addInitScript(() => {
    const real = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function (format, bytes, algorithm, ...rest) {
      return algorithm.name === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : real.call(this, format, bytes, algorithm, ...rest);
    };
  });
  await open(page);
  assert.equal(await type(page, text), "valid");
  await visit(page, "log");
  assert.equal(await answered(page), "browser");
  await page.locator("#receipt").setInputFiles({ name: "receipt.cbor", mimeType: "application/octet-stream", buffer: receipt });
  await page.locator("[data-verdict=receipt_browser]").waitFor();
  await sound(page);
});

looks("a page without cryptography, as over plain HTTP, says that it cannot tell", { language: "en" }, async (page) => {
  const { text } = await paperOf("khm");
  await page.addInitScript(() => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined }));
  await open(page);
  assert.equal(await type(page, text), "unknown");
  assert.match(await page.locator("main").innerText(), /cannot check signatures/);
});
