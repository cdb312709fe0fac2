// SPDX-License-Identifier: MPL-2.0
// A national administrator sees accounts and ends them, and whether the register can work.
import assert from "node:assert/strict";
import { LANGUAGES, looks, signIn, sound, tabThrough, visit, WIDTHS } from "./lib.mjs";

for (const language of LANGUAGES)
  looks(`accounts and health are told in ${language}`, { country: language === "my" ? "mmr" : "khm", language, width: WIDTHS[0] }, async (page) => {
    await signIn(page, "admin", "staff");
    await page.locator("table").nth(1).waitFor();
    await sound(page);
    await visit(page, "health");
    await page.locator(".govuk-summary-list").nth(1).waitFor();
    await sound(page);
  });

looks("an account's sessions are ended after a second word, and it stands in the log", { language: "en", width: 1280 }, async (page) => {
  await signIn(page, "registrar2", "work");
  await page.evaluate(() => { location.hash = "#/"; });
  await page.reload(); // the token is gone, the session is not
  await signIn(page, "admin", "staff");
  const row = page.locator("tbody tr", { hasText: "registrar2" }).first();
  const button = row.getByRole("button").first();
  await button.click();
  await button.click();
  await page.locator("[role=status] strong").waitFor();
  await page.waitForFunction(() => /registrar2/.test(document.querySelectorAll("table")[1]?.querySelector("tbody tr")?.textContent ?? ""));
  assert.equal(await page.locator("tbody tr", { hasText: "registrar2" }).first().getByRole("button").count(), 1);
});

looks("nobody else sees accounts", { language: "en" }, async (page) => {
  await signIn(page, "registrar", "staff");
  assert.equal(await page.locator("main table").count(), 0);
});

looks("accounts by keyboard alone", { language: "km", width: 1280 }, async (page) => {
  await signIn(page, "admin", "staff");
  await page.locator("table").nth(1).waitFor();
  const passed = await tabThrough(page); // a whole table, to be scrolled sideways, may be higher than the window
  assert.deepEqual(passed.filter((e) => !e.visible || (e.covered && e.tag !== "div")), []);
});
