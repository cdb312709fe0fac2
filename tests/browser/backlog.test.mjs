// SPDX-License-Identifier: MPL-2.0
// Whoever leads several offices sees where cases wait: from the rows of the queue, and as a table to take along.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { countries, LANGUAGES, looks, signIn, sound } from "./lib.mjs";

const DAY = 86_400_000;

for (const language of LANGUAGES)
  looks(`the backlog by office, and its CSV, in ${language}`, { country: language === "my" ? "mmr" : "khm", language, width: 320 }, async (page) => {
    const { office } = countries[page.country], other = `${office.slice(0, -1)}2`;
    const ago = (days) => new Date(Date.now() - days * DAY).toISOString();
    const cases = [[office, 1], [office, 20], [other, 45]].map(([at, days], i) => (
      { id: `00000000-0000-4000-8000-00000000000${i}`, kind: "birth", state: "declared", office: at, created: ago(days), deadline: ago(days - 30) }));
    await page.route(/\/api\/v1\/cases\?/, (route) => route.fulfill({ json: { cases } }));
    await signIn(page, "verifier", "queue");
    await page.locator("main details summary").click();
    await sound(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("a[download='backlog.csv']").click()]);
    assert.deepEqual(readFileSync(await file.path(), "utf8").split("\r\n"), [
      "office,waiting,days_0_7,days_8_30,days_31_up,overdue,oldest_days", `${other},1,0,0,1,1,45`, `${office},2,1,1,0,0,20`, ""]);
  });

looks("an office alone has its queue, and no table of offices", { country: "khm", language: "en" }, async (page) => {
  const { office } = countries.khm;
  await page.route(/\/api\/v1\/cases\?/, (route) => route.fulfill({ json: { cases: [
    { id: "00000000-0000-4000-8000-000000000000", kind: "birth", state: "declared", office, created: new Date().toISOString(), deadline: null }] } }));
  await signIn(page, "verifier", "queue");
  await page.locator("tbody tr").first().waitFor();
  assert.equal(await page.locator("main details").count(), 0);
});
