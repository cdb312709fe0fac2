// SPDX-License-Identifier: MPL-2.0
// A question that can be heard: in the language that has a recording, and nowhere else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { expectFault, looks, offline, signIn, sound, visit } from "./lib.mjs";

const words = JSON.parse(readFileSync(new URL("../../web/strings/form/en.json", import.meta.url), "utf8"));

/** An official's draft of an arrival, at the question who it is. */
async function atTheQuestion(page) {
  await signIn(page, "official", "drafts");
  await page.locator('input[name="kind"][value="arrival"]').check();
  await page.locator("main form button[type=submit]").click();
  await page.locator(".govuk-task-list").waitFor();
  await visit(page, "draft", /#\/draft\/([0-9a-f-]+)/.exec(page.url())[1], "who");
  await page.locator("#f-who").waitFor();
}

const listen = (page) => page.locator(".civis-listen button");
const time = (page) => page.locator(".civis-listen audio").evaluate((on) => (on.paused ? -1 : on.currentTime));

looks("a question is read out at a press, and stops at the next", { country: "zed", language: "en" }, async (page) => {
  await atTheQuestion(page);
  const button = page.getByRole("button", { name: words["form.listen"], exact: true });
  assert.equal(await time(page), -1, "nothing plays by itself");
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  const box = await button.boundingBox();
  assert.ok(box.height >= 44 && box.width >= 44, JSON.stringify(box));
  await sound(page);

  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".civis-listen audio").currentTime > 0.2);
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector(".civis-listen button").getAttribute("aria-pressed") === "false");
  assert.equal(await time(page), -1);

  // It ends by itself, and is heard again without a network.
  await offline(page);
  await button.click();
  await page.waitForFunction(() => document.querySelector(".civis-listen audio").currentTime > 1);
  await page.waitForFunction(() => document.querySelector(".civis-listen button").getAttribute("aria-pressed") === "false");
  assert.equal(await page.locator(".civis-listen [role=status]").innerText(), "");
  await offline(page, false);
});

looks("in a language without a recording, and at a question without one, there is no button", { country: "zed", language: "en" }, async (page) => {
  await atTheQuestion(page);
  await listen(page).waitFor();
  await page.getByRole("button", { name: "ខ្មែរ" }).click();
  await page.waitForFunction(() => document.documentElement.lang === "km" && !document.querySelector(".civis-listen"));
  await page.getByRole("button", { name: "English" }).click();
  await listen(page).waitFor();
  await visit(page, "draft", page.url().split("/").at(-2), "landed");
  await page.locator("#f-landed").or(page.locator("[id^=f-landed]").first()).first().waitFor();
  assert.equal(await listen(page).count(), 0);
});

looks("a recording that cannot be had is said to fail", { country: "zed", language: "en" }, async (page) => {
  expectFault(page, /ERR_INTERNET_DISCONNECTED/);
  await atTheQuestion(page);
  await offline(page);
  await listen(page).click();
  await page.getByText(words["form.listen_failed"]).waitFor();
  assert.equal(await listen(page).getAttribute("aria-pressed"), "false");
  await offline(page, false);
});
