// SPDX-License-Identifier: MPL-2.0
// Screens whose content stays the same, in each language and width, beside the committed pictures of them.
import { answerPage, beginDeclaring, onward } from "./hands.mjs";
import { countries, expectFault, LANGUAGES, looks, noLatinMonths, signIn, visit, WIDTHS } from "./lib.mjs";
import { picture } from "./pictures.mjs";

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
  await page.clock.setFixedTime(new Date("2026-11-22T03:00:00Z"));
  await page.route(/\/api\/v1\/cases\?/, (route) => route.fulfill({ json: { cases: rows.map(([created, deadline, at, state], i) => (
    { id: `00000000-0000-4000-8000-00000000000${i}`, kind: "birth", state, office: at, created, deadline })) } }));
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
    for (const [who, screens] of Object.entries(WORK)) {
      await signIn(page, who);
      for (const [screen, there] of Object.entries(screens)) {
        await visit(page, screen);
        await page.locator(there).first().waitFor({ state: "attached" });
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
}
