// SPDX-License-Identifier: MPL-2.0
// Figures, for anyone: tables that tell everything, a map of tiles that only repeats them.
import assert from "node:assert/strict";
import { countries, LANGUAGES, looks, sound, tabThrough, visit, WIDTHS } from "./lib.mjs";

for (const language of LANGUAGES)
  for (const width of WIDTHS)
    looks(`the figures are whole in ${language} at ${width}`, { country: language === "my" ? "mmr" : "khm", language, width }, async (page) => {
      await visit(page, "counts");
      await page.locator("table").nth(2).waitFor();
      await sound(page);
    });

looks("whoever is nobody's staff sees them, and goes down by place", { language: "en" }, async (page) => {
  await visit(page, "counts");
  await page.locator(".civis-tiles").waitFor();
  // Each tile has its row, under the same code.
  const codes = await page.locator(".civis-tile__code").allTextContents();
  const rows = await page.locator("table").first().locator("tbody th a").allTextContents();
  const told = rows.map((r) => r.split(" ")[0]);
  assert.equal(codes.length, 25);
  assert.deepEqual(codes.filter((c) => !told.includes(c.trim())), []);
  await page.locator("table").first().locator("tbody a").first().click();
  await page.waitForFunction(() => location.hash.includes("%2F"));
  await page.locator("table").first().waitFor();
  assert.equal(await page.locator(".civis-tiles").count(), 0);
});

looks("the months are chosen, and saved as a table", { language: "km" }, async (page) => {
  await visit(page, "counts", "khm", "3");
  await page.locator("table").nth(2).waitFor();
  assert.equal(await page.locator("table").nth(1).locator("tbody tr").count(), 3);
  await page.locator("#period").selectOption("12");
  await page.waitForFunction(() => document.querySelectorAll("table")[1]?.querySelectorAll("tbody tr").length === 12);
  const csv = await (await fetch(countries.khm.url + (await page.locator("a[download='counts-month.csv']").getAttribute("href")))).text();
  assert.match(csv, /^office,part,from,to,sex,counter,value,exact\r\n/);
});

looks("the figures by keyboard alone", { language: "en", width: 1280 }, async (page) => {
  await visit(page, "counts", "khm", "1");
  await page.locator("table").nth(2).waitFor();
  const passed = await tabThrough(page); // a whole table, to be scrolled sideways, may be higher than the window
  assert.deepEqual(passed.filter((e) => !e.visible || (e.covered && e.tag !== "div")), []);
});
