// SPDX-License-Identifier: MPL-2.0
// What an officer does with drafts, from the first question until what was finished has arrived.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import { countries, visit } from "./lib.mjs";

export const NO_NETWORK = /ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_CONNECTION|net::ERR|Failed to load resource/;
export const catalogues = Object.fromEntries(["en", "km", "my"].map((l) => [l, Object.assign({}, ...["core", "office", "form", "device"].map((area) =>
  JSON.parse(readFileSync(new URL(`../../web/strings/${area}/${l}.json`, import.meta.url), "utf8"))))]));
export const word = (page, key) => catalogues[page.language][key];
export const button = (page, key) => page.getByRole("button", { name: word(page, key), exact: true });

// ---- families, all invented ----

export const FAMILIES = {
  khm: [["សុខ ចាន់ថា", "SOK CHANTHA", "female"], ["ហេង ពិសិដ្ឋ", "HENG PISETH", "male"], ["ជា បុប្ផា", "CHEA BOPHA", "female"], ["ម៉ៅ វិបុល", "MAO VIBOL", "male"],
    ["នួន រតនា", "NUON RATANA", "female"], ["រស់ ដារ៉ា", "ROS DARA", "male"], ["តាន់ ធីតា", "TAN THIDA", "female"], ["កែវ មករា", "KEO MAKARA", "male"]],
  mmr: [["သီတာဝင်း", "THIDA WIN", "female"], ["ဇော်မင်းထွန်း", "ZAW MIN TUN", "male"]],
};
export const MOTHERS = { khm: ["គឹម សុភា", "KIM SOPHEA"], mmr: ["ခင်စန္ဒာ", "KHIN SANDAR"] };

export function photograph(shade) {
  const png = new PNG({ width: 240, height: 160 });
  for (let i = 0; i < png.data.length; i += 4) png.data.set([shade, (i >> 6) & 255, 255 - shade, 255], i);
  return PNG.sync.write(png);
}

export const yesterday = (now = Date.now()) => new Date(now - 86_400_000).toISOString().slice(0, 10).split("-").map(Number);
export const pick = (page, pointer, value) => page.locator(`input[name="f${pointer.replace(/\//g, "-")}"][value="${value}"]`).check();
export const part = (page, yes) => page.locator(`input[name="ask"][value="${yes ? "yes" : "no"}"]`).check();
export const write = (page, pointer, text) => page.locator(`#f${pointer.replace(/\//g, "-")}`).fill(text);
export const onward = (page) => page.locator("main form button[type=submit]").click();
export const draftOf = (page) => /#\/draft\/([0-9a-f-]+)/.exec(page.url())[1];

export async function question(page, draft, name, fill) {
  await visit(page, "draft", draft, name);
  await page.waitForFunction((at) => location.hash.endsWith(at) && document.querySelector("main form"), name);
  await fill();
  await onward(page);
  await page.waitForFunction((at) => !location.hash.endsWith(`/${at}`), name);
}

export async function begin(page, kind = "birth") {
  await visit(page, "drafts");
  await page.locator(`input[name="kind"][value="${kind}"]`).check();
  await onward(page);
  await page.waitForFunction(() => location.hash.startsWith("#/draft/"));
  await page.locator(".govuk-task-list").waitFor();
  return draftOf(page);
}

/** The first box, whichever the country's words begin with, is the field's own; the others have names. */
export async function dateInto(page, id, [year, month, day]) {
  for (const [part, value] of Object.entries({ year, month, day })) {
    const named = page.locator(`#${id}-${part}`);
    await (await named.count() ? named : page.locator(`#${id}-input`)).fill(String(value));
  }
}

/** By the page's clock. */
export const bornYesterday = async (page) => dateInto(page, "f-child-birth-date", yesterday(await page.evaluate(() => Date.now())));

export async function whereBorn(page, village) {
  const { levels } = await (await fetch(`${countries[page.country].url}/api/v1/country`)).json();
  for (const [i, level] of levels.entries())
    await page.locator(i ? `#f-child-birth-place-${i}` : "#f-child-birth-place-input").selectOption(village.slice(0, level.code_length));
}

/** Nothing but what must be said, and the mother. */
export async function answer(page, draft, n) {
  const [native, latin, sex] = FAMILIES[page.country][n], [mother, motherLatin] = MOTHERS[page.country];
  await question(page, draft, "naming", () => pick(page, "/child/naming", "named"));
  await question(page, draft, "name", async () => {
    await write(page, "/child/name/native", native);
    await write(page, "/child/name/latin", latin);
  });
  await question(page, draft, "latin", async () => {
    await page.locator("main form").getByText(latin, { exact: true }).waitFor();
    await pick(page, "/informant/latin_confirmed", "true");
  });
  await question(page, draft, "sex", () => pick(page, "/child/sex", sex));
  await question(page, draft, "born", () => bornYesterday(page));
  await question(page, draft, "place", () => whereBorn(page, countries[page.country].villages[n % 4]));
  await question(page, draft, "live", () => pick(page, "/child/live_born", "true"));
  await question(page, draft, "mother", async () => {
    await part(page, true);
    await write(page, "/mother/name/native", mother);
    await write(page, "/mother/name/latin", motherLatin);
  });
  await question(page, draft, "informant", async () => {
    await write(page, "/informant/name/native", mother);
    await pick(page, "/informant/relation", "mother");
  });
}

export async function takePicture(page, draft, shade, kind = "health_card") {
  await visit(page, "draft", draft, "evidence");
  await page.locator("#kind").selectOption(kind);
  await page.locator("#photo").setInputFiles({ name: "p.png", mimeType: "image/png", buffer: photograph(shade) });
  await page.locator(".civis-picture").waitFor();
}

export async function sign(page, draft) {
  await visit(page, "draft", draft, "reading");
  const pad = page.locator(".civis-pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 30, box.y + 60);
  await page.mouse.down();
  for (const [x, y] of [[60, 30], [90, 70], [140, 40]]) await page.mouse.move(box.x + x, box.y + y);
  await page.mouse.up();
  await button(page, "office.signed").click();
  await button(page, "office.sign_again").waitFor();
}

export async function finish(page, draft) {
  await visit(page, "draft", draft);
  await button(page, "office.finish").click();
  await page.waitForFunction(() => location.hash === "#/outbox");
  await page.locator("main h1").waitFor();
}

export async function declareAll(page, n) {
  const draft = await begin(page);
  await answer(page, draft, n);
  await takePicture(page, draft, 20 * n);
  await sign(page, draft);
  await finish(page, draft);
  return draft;
}

export const prepared = (page) => page.getByText(word(page, "office.road_ready").split("{")[0]).first().waitFor({ timeout: 60_000 });
export const states = (page) => page.locator("main .civis-item .govuk-tag").evaluateAll((all) => all.map((e) => e.innerText.trim().split(/\s/)[0]));

export async function sentAll(page, count) {
  await visit(page, "outbox");
  for (let i = 0; i < 60; i++) {
    const now = await states(page);
    if (now.length === count && now.every((s) => s === "✓")) return;
    if (now.includes("✕")) break;
    const again = button(page, "office.send_now");
    if (await again.isVisible()) await again.click().catch(() => undefined);
    await page.waitForTimeout(2000);
  }
  assert.fail(`not all sent: ${await page.locator("main").innerText()}`);
}
