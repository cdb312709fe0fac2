// SPDX-License-Identifier: MPL-2.0
// Screens whose content stays the same, in each language and width, beside the committed pictures of them.
import { documents } from "./documents.mjs";
import { photograph } from "./drafts.mjs";
import { answerPage, asOfficer, beginDeclaring, onward } from "./hands.mjs";
import { countries, expectFault, LANGUAGES, looks, made, noLatinMonths, passphrase, signIn, visit, WIDTHS } from "./lib.mjs";
import { picture } from "./pictures.mjs";
import { NOON, steady } from "./steady.mjs";

const countryOf = (language) => (language === "my" ? "mmr" : "khm");

/** What stands there now, at each width, without what is another each time. */
async function take(page, name, without) {
  await noLatinMonths(page);
  if (without) await page.evaluate((which) => document.querySelectorAll(which).forEach((e) => { e.hidden = true; }), without);
  await page.mouse.move(0, 0); // over nothing that would show it
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 740 });
    await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
    await picture(Object.assign(page, { width }), name);
  }
}

/** A queue of three offices, on a day that stays the same. */
async function queueOf(page) {
  const { office } = countries[page.country], day = (n) => `2026-${n}T03:00:00Z`;
  const rows = [[day("10-01"), day("11-01"), office, "declared"], [day("11-12"), day("11-23"), `${office.slice(0, -1)}2`, "declared"], [day("11-20"), day("12-20"), office, "returned"]];
  await page.clock.setFixedTime(new Date(NOON));
  await page.route(/\/api\/v1\/cases\?/, (route) => route.fulfill({ json: { cases: rows.map(([created, deadline, at, state], i) => (
    { id: `00000000-0000-4000-8000-00000000000${i}`, kind: "birth", state, office: at, created, deadline })) } }));
}

/** An attachment, as an officer's device sends one. */
async function attach(country, id, kind, content) {
  const { url } = countries[country], as = (text) => Buffer.from(text).toString("base64"), Tus = { "Tus-Resumable": "1.0.0" };
  const signed = await fetch(`${url}/api/v1/sessions`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "official", passphrase }) });
  const Authorization = `Bearer ${(await signed.json()).token}`;
  const begun = await fetch(`${url}/api/v1/uploads`, { method: "POST", headers: { Authorization, ...Tus, "Upload-Length": String(content.length), "Upload-Metadata": `case ${as(id)},kind ${as(kind)}` } });
  const sent = await fetch(new URL(begun.headers.get("Location"), url), { method: "PATCH", body: content,
    headers: { Authorization, ...Tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" } });
  if (sent.status !== 204) throw new Error(`${kind}: ${begun.status} ${sent.status} ${await sent.text()}`);
}

/** Figures of a country, by a rule: the same each time. */
async function figuresOf(page) {
  const months = ["11", "12", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10"].map((m, i) => `${i < 2 ? 2025 : 2026}-${m}`);
  const { places } = await (await fetch(`${countries[page.country].url}/api/v1/places?limit=100&parent=`)).json();
  const numbers = (n) => ({ declared: n + 31, notified: Math.round(n / 5), registered: n, registered_on_time: Math.round((n * (55 + (n % 45))) / 100), handed_over: Math.round(n * 0.9),
    uncollected: n - Math.round(n * 0.9), refused: n % 7 ? null : 9, days_0_7: { at_least: Math.round(n * 0.7) } });
  const row = (office, n, more) => ({ office, part: "all", from: months[0], to: months.at(-1), counts: numbers(n), ...more });
  await page.route(/\/api\/v1\/counts\?/, (route) => {
    const by = new URL(route.request().url()).searchParams.get("by"), all = row(page.country, 41_873);
    const rows = { office: [row(page.country, 950, { part: "own" }), ...places.filter((p) => p.office).map((p, i) => row(p.office, 700 + 137 * i))],
      month: months.map((m, i) => row(page.country, 3100 + ((i * 577) % 900), { from: m, to: m })), sex: ["f", "m", "u"].map((sex, i) => row(page.country, [20_314, 21_550, 9][i], { sex })) };
    return route.fulfill({ json: { small: 5, rows: [all, ...rows[by]] } });
  });
}

/** What the register knows of devices: [label in each language or null, days of last word, items waiting, quiet]. */
async function devicesAre(page, ...all) {
  const { office } = countries[page.country];
  await page.route(/\/api\/v1\/devices\?/, (route) => route.fulfill({ json: { quiet_days: 7, devices: all.map(([label, heard, waiting, quiet], i) => (
    { id: `0000000${i}-0000-4000-8000-000000000000`, office, label: label?.[page.language] ?? null, heard, waiting, quiet })) } }));
}
const TABLET = { en: "Tablet 2", km: "ថេប្លេត ២", my: "တက်ဘလက် ၂" };

/** A document of nobody's, in the country's letters, and the page to check it with. */
async function paperOf(page) {
  const now = Date.parse(NOON) / 1000, key = documents.newKey(), extract = documents.EXTRACT();
  if (page.country === "mmr") extract.set(3, "ယုယုလှိုင်").set(4, "YU YU HLAING");
  await page.clock.setFixedTime(new Date(NOON));
  await page.route("**/trust.json", (route) => route.fulfill({ contentType: "application/json", body: documents.trustFile(key, now - 100 * documents.DAY) }));
  await page.route("**/status/*", (route) => (route.request().url().endsWith("/0") ? route.fulfill({ body: documents.statusList({ key, issued: now - documents.DAY }) }) : route.fulfill({ status: 404 })));
  return documents.code(documents.credential({ key, issued: now - 8 * documents.DAY, extract }));
}

const OPENED = { // what anyone may open, and what tells that it is there
  start: [[], ".civis-card"], declare: [["declare"], "main form"], track: [["track"], "#secret"], claim: [["claim"], "#what-first"],
  check: [["check"], ".govuk-inset-text"], "sign-in": [["sign-in"], "#passphrase"],
};
const WORK = { // by role: the screens that stay the same
  official: { work: ".civis-card", outbox: ".civis-code-s", forms: "main section button" },
  registrar: { person: "#by-first" },
};

for (const language of LANGUAGES) {
  const country = countryOf(language);
  looks(`what anyone sees looks as it did, in ${language}`, { country, language }, async (page) => {
    expectFault(page, /404.*\/status\//); // where the lists end is told by the first that is not there
    for (const [name, [parts, there]] of Object.entries(OPENED)) {
      await visit(page, ...parts);
      await page.locator(there).first().waitFor({ state: "attached" });
      await take(page, name, "main .govuk-inset-text"); // by when keys were fetched
    }
  });

  looks(`the questions look as they did, in ${language}`, { country, language }, async (page) => {
    await visit(page, "declare");
    await beginDeclaring(page);
    for (let i = 0; i < 40 && !page.url().endsWith("/add-photographs"); i++) {
      const [, , , at] = new URL(page.url()).hash.split("/");
      if (["naming", "name", "born", "place", "mother", "informant"].includes(at)) await take(page, `question-${at}${(await page.locator("#ask").count()) ? "-ask" : ""}`);
      await answerPage(page);
      await onward(page);
    }
    await take(page, "photographs");
  });

  looks(`what staff see looks as it did, in ${language}`, { country, language }, async (page) => {
    await devicesAre(page);
    for (const [who, screens] of Object.entries(WORK)) {
      await signIn(page, who);
      for (const [screen, there] of Object.entries(screens)) {
        await visit(page, screen);
        await page.locator(there).first().waitFor({ state: "attached" });
        await page.locator("main [aria-live]").waitFor({ state: "detached" });
        await take(page, `${who}-${screen}`, ".civis-code-s");
      }
      await page.locator(".civis-bar button").click(); // out again
      await page.waitForFunction(() => location.hash === "#/");
    }
  });

  looks(`the queue and its backlog look as they did, in ${language}`, { country, language }, async (page) => {
    await queueOf(page);
    await signIn(page, "verifier", "queue");
    await page.locator("main details summary").click();
    await page.locator("main details tbody tr").nth(1).waitFor();
    await take(page, "queue");
  });

  looks(`a case beside its evidence and one like it, and how a family follows it, look as they did, in ${language}`, { country, language }, async (page) => {
    const seed = 9100 + LANGUAGES.indexOf(language);
    await made(country, "declare", { seed });
    const { id, tracking_code, tracking_secret } = await made(country, "declare", { seed });
    await attach(country, id, "birth_notice", photograph(60));
    await attach(country, id, "signed_draft", photograph(200));
    const counted = await steady(page);
    await signIn(page, "verifier", "case", counted(id));
    await page.locator("#duplicates").waitFor();
    for (const nth of [0, 1]) { // a button gives way to what it opened
      await page.locator("main button", { hasText: /KB|ကီလို/ }).first().click();
      await page.locator("main img").nth(nth).waitFor();
    }
    await page.waitForFunction(() => [...document.querySelectorAll("main img")].every((i) => i.complete && i.naturalWidth));
    await take(page, "case");
    await (await asOfficer(country, "verifier", passphrase))(`/api/v1/cases/${id}/return`, { body: { reason: "evidence_missing" }, "If-Match": '"1"' });
    await page.locator(".civis-bar button").click();
    await page.waitForFunction(() => location.hash === "#/");
    expectFault(page, /404.*tracking/); // the secret is tried as one of the client's own first
    await visit(page, "track");
    await page.locator("#code").fill(tracking_code);
    await page.locator("#secret").fill(tracking_secret);
    await page.locator("main form button[type=submit]").click();
    await page.locator(".civis-timeline").waitFor();
    await take(page, "tracked");
  });

  looks(`a person's record looks as it did, in ${language}`, { country, language }, async (page) => {
    const { person_id } = await made(country, "register", { seed: 9110 + LANGUAGES.indexOf(language) });
    const counted = await steady(page);
    await signIn(page, "registrar", "person", counted(person_id));
    await page.locator("label[for=why-first]").click();
    await page.locator("main button[type=submit]").click();
    await page.locator("#start").waitFor();
    await page.waitForLoadState("networkidle"); // the last name of a place
    await take(page, "person");
  });

  looks(`figures with numbers, and devices that are away, look as they did, in ${language}`, { country, language }, async (page) => {
    await page.clock.setFixedTime(new Date(NOON));
    await figuresOf(page);
    await devicesAre(page, [TABLET, "2026-11-10", 3, true], [null, "2026-10-02", 0, true]);
    await signIn(page, country === "khm" ? "secretary" : "verifier", "counts");
    await page.locator("table").nth(3).waitFor();
    await take(page, "figures");
  });

  looks(`the answer about a document looks as it did, in ${language}`, { country, language }, async (page) => {
    expectFault(page, /404.*\/status\//);
    const code = await paperOf(page);
    await visit(page, "check");
    await page.locator("main summary").click();
    await page.locator("#code").fill(code);
    await page.locator("form button").click();
    await page.locator("[data-verdict=valid]").waitFor();
    await take(page, "answer");
  });
}
