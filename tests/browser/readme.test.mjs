// SPDX-License-Identifier: MPL-2.0
// The README's tour through the browser, as it is written there: **bold** is pressed, *italic* is a field and `code` what it is given,
// “what stands in such marks” is seen; of a table's rows the first column is the page's question.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countries, expectFault, looks, ready } from "./lib.mjs";

const TITLE = "## The same through the browser\n";
const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const tour = readme.slice(readme.indexOf(TITLE) + TITLE.length).split(/^## /m)[0].split("\n\nOn their own")[0];

/** The accounts of script/server by those of the tests. */
const ACCOUNTS = { rithy: "verifier", dara: "registrar" };

const tokens = (text) => [...text.replace(/\s+/g, " ").matchAll(/\*\*(.+?)\*\*(?: `(.+?)`)?|\*(.+?)\*(?: `(.+?)`)?|“(.+?)”/g)]
  .map(([, press, file, field, value, seen]) => ({ press, file, field, value, seen }));

const exactly = (text) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);

class Reader {
  kept = { files: {} };

  constructor(page, folder) {
    Object.assign(this, { page, folder });
  }

  /** Whatever has that name and can be pressed. */
  async press(label, file) {
    const what = this.page.locator("a, a strong, button, summary, label, .civis-pick").filter({ hasText: exactly(label), visible: true }).first();
    await what.waitFor();
    if (file) {
      const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), what.click()]);
      return chooser.setFiles(this.kept.files[file] ?? assert.fail(`${file} was not saved`));
    }
    if (!label.startsWith("Save: ")) return what.click();
    const [download] = await Promise.all([this.page.waitForEvent("download"), what.click()]);
    const path = join(this.folder, download.suggestedFilename());
    await download.saveAs(path);
    this.kept.files[download.suggestedFilename()] = path;
    return undefined;
  }

  async put(label, value) {
    const field = this.page.getByLabel(label, { exact: true }).first();
    await field.waitFor();
    const yesterday = new Date(Date.now() - 86_400_000);
    const known = { "Day": yesterday.getUTCDate(), "Month": yesterday.getUTCMonth() + 1, "Year": yesterday.getUTCFullYear(), ...this.kept };
    const text = ACCOUNTS[value] ?? value ?? String(known[label] ?? assert.fail(`nothing is known for ${label}`));
    if (await field.evaluate((e) => e.localName === "select")) {
      await field.locator("option", { hasText: exactly(text) }).waitFor({ state: "attached" });
      await field.selectOption({ label: text });
    } else await field.fill(text);
  }

  async follow(text) {
    for (const { press, file, field, value, seen } of tokens(text)) {
      if (press) await this.press(press, file);
      else if (field) await this.put(field, value);
      else await this.page.locator("main").getByText(seen).filter({ visible: true }).first().waitFor();
      if (seen === "Your declaration has arrived")
        [this.kept["Tracking code"], this.kept.Secret] = (await this.page.locator(".civis-codes__text").allInnerTexts()).map((t) => t.trim());
    }
  }

  heading = async () => (await this.page.locator("main h1").first().innerText()).trim();

  /** One question after the other; of what no row speaks it is said No, or nothing. */
  async answer(rows) {
    const left = new Map(rows);
    while (!this.page.url().endsWith("/add-photographs")) {
      const question = await this.heading(), answer = left.get(question);
      if (answer) {
        await this.follow(answer);
        if (question === "Where was the child born?") await this.downToTheVillage();
        left.delete(question);
      } else if (await this.page.locator("#ask").count()) await this.press("No");
      const was = this.page.url();
      await this.press("Continue");
      await this.page.waitForFunction((before) => location.href !== before && !/\/(first|next)$/.test(location.hash), was);
      await this.page.locator("main h1").first().waitFor();
    }
    assert.deepEqual([...left.keys()], [], "every row was asked");
  }

  /** "and so on": the first of each list. */
  async downToTheVillage() {
    const { levels } = await (await fetch(`${countries.khm.url}/api/v1/country`)).json();
    for (let i = 1; i < levels.length; i++) {
      const list = this.page.locator(`#f-child-birth-place-${i}`);
      await list.locator("option").nth(1).waitFor({ state: "attached" });
      await list.selectOption({ index: 1 });
    }
  }
}

looks("the README's tour goes as it is written", { country: "khm", language: "en", width: 1280 }, async (page) => {
  expectFault(page, /404.*\/status\//); // where the lists end is told by the first that is not there
  const folder = mkdtempSync(join(tmpdir(), "civis-readme-"));
  try {
    const reader = new Reader(page, folder);
    await page.goto("/km/");
    await ready(page);
    const [before, ...rest] = tour.split(/^ {3}\|.*\n/m).filter((part) => part.trim()), rows = [...tour.matchAll(/^ {3}\| (.+?) \| (.+) \|$/gm)].slice(1);
    assert.equal(rest.length, 1, "one table");
    assert.ok(rows.length > 8, "and its rows");
    await reader.follow(before.replace(/Here bold .*field\./, "").replace(/\*Continue\*|\*No\*/g, ""));
    await page.waitForFunction(() => location.hash.endsWith("/which-office"));
    await reader.answer(rows.map(([, question, answer]) => [question, answer]));
    await reader.follow(rest[0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
