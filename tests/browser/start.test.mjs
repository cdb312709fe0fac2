// SPDX-License-Identifier: MPL-2.0
// The first screen, and what holds for the whole client: policy, keyboard, languages, no network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, WIDTHS, countries, expectFault, focusIsSeen, kept, looks, offline, ready, sound, visit } from "./lib.mjs";

const CHECK = "#/check";

for (const language of LANGUAGES)
  for (const width of WIDTHS)
    looks(`the start page in ${language} at ${width} px`, { language, width }, async (page) => {
      await visit(page);
      assert.equal(await page.getAttribute("html", "lang"), language);
      await sound(page);
    });

looks("the page of an address without a language is in the browser's", { language: "my" }, async (page) => {
  await page.goto("/");
  await ready(page);
  assert.equal(await page.getAttribute("html", "lang"), "my");
  assert.match(await page.locator("h1").innerText(), /[က-အ]/);
});

looks("another language keeps the place and is remembered", { language: "en", width: 1280 }, async (page) => {
  await visit(page, "sign-in");
  const english = await page.locator("h1").innerText();
  await page.getByRole("button", { name: "ខ្មែរ" }).click();
  await page.waitForFunction((was) => document.querySelector("h1").innerText !== was, english);
  assert.equal(await page.getAttribute("html", "lang"), "km");
  assert.match(page.url(), /#\/sign-in$/);
  assert.match(await page.locator("h1").innerText(), /[ក-ឳ]/);
  assert.equal(await page.getByRole("button", { name: "ខ្មែរ" }).getAttribute("aria-current"), "true");
  await page.reload();
  await page.waitForFunction(() => document.documentElement.lang === "km");
});

looks("the skip link and every door by keyboard alone, and the focus is seen", { language: "en" }, async (page) => {
  await visit(page);
  const passed = await focusIsSeen(page);
  const [skip, name, ...rest] = passed;
  assert.equal(skip.href, "#main");
  assert.equal(name.href, "#/");
  assert.deepEqual(rest.slice(0, 3).map((e) => e.text), ["ខ្មែរ", "မြန်မာ", "English"]);
  const doors = await page.locator("main a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  assert.ok(doors.includes(CHECK));
  assert.deepEqual(rest.slice(3, 3 + doors.length).map((e) => e.href), doors);
  await page.locator(".govuk-skip-link").focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "main");
});

looks("a change of screen leads to its heading and names the page", { language: "en" }, async (page) => {
  await visit(page);
  await page.locator(".civis-footer a").press("Enter");
  await page.waitForFunction(() => document.activeElement?.localName === "h1");
  const heading = await page.locator("h1").innerText();
  assert.equal(await page.title(), `${heading} – civis`);
  await page.goBack();
  await page.waitForFunction((was) => document.querySelector("h1").innerText !== was, heading);
  await page.waitForFunction(() => document.activeElement.localName === "h1");
});

looks("a wrong address says so and leads back", { language: "km" }, async (page) => {
  await visit(page, "no-such-screen", "%");
  await sound(page);
  await page.locator("main a").click();
  await page.waitForFunction(() => document.querySelectorAll(".civis-card").length > 0);
});

test("an unknown path is not found, and gives no page", async () => {
  for (const path of ["/km/nothing", "/assets/nothing.js", "/fr/"])
    assert.equal((await fetch(countries.khm.url + path)).status, 404, path);
});

looks("the whole client starts without a network after the first visit", { language: "my", worker: true }, async (page) => {
  expectFault(page, /ERR_INTERNET_DISCONNECTED/);
  await visit(page);
  await kept(page);
  await offline(page);
  for (const path of ["/my/", "/"]) {
    await page.goto(path);
    await ready(page);
    assert.match(await page.locator("h1").innerText(), /[က-အ]/, path);
    assert.ok(await page.locator(".civis-offline").isVisible(), "it says that there is no network");
  }
  await sound(page);
  await page.goto("/en/"); // one page is kept, and the words of each language
  await page.waitForFunction(() => /^[A-Z]/.test(document.querySelector("h1")?.innerText));
  await page.getByRole("button", { name: "ខ្មែរ" }).click();
  await page.waitForFunction(() => document.documentElement.lang === "km");
  await visit(page, "sign-in");
  assert.match(await page.locator("h1").innerText(), /[ក-ឳ]/);
  await offline(page, false);
  await page.locator(".civis-offline").waitFor({ state: "detached" });
});

test("the page's policy lets nothing in but the client's own files", async () => {
  const answer = await fetch(`${countries.khm.url}/km/`);
  const policy = Object.fromEntries((answer.headers.get("content-security-policy") ?? "").split("; ").map((d) => [d.split(" ")[0], d.split(" ").slice(1).join(" ")]));
  assert.equal(policy["default-src"], "'none'");
  assert.match(policy["script-src"], /^'self' 'sha256-[\w+/=]+' 'wasm-unsafe-eval'$/);
  assert.match(policy["style-src"], /^'sha256-[\w+/=]+'$/);
  assert.equal(policy["connect-src"], "'self'");
  assert.equal(policy["form-action"], "'none'");
  assert.equal(policy["frame-ancestors"], "'none'");
  assert.equal(policy["base-uri"], "'none'");
  assert.equal(policy["require-trusted-types-for"], "'script'");
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
  const page = await answer.text();
  assert.doesNotMatch(page, / style=| on\w+=|javascript:/);
});

looks("what is not the client's own is stopped, and a test would tell", { language: "en" }, async (page) => {
  expectFault(page, /Content Security Policy|refused by the policy|TrustedHTML/);
  await visit(page);
  const threw = await page.evaluate(() => {
    const node = document.createElement("p");
    node.setAttribute("style", "color: red");
    document.body.append(node);
    try {
      node.innerHTML = "<b>x</b>";
      return false;
    } catch {
      return true;
    }
  });
  assert.ok(threw, "Trusted Types refuse a string as HTML");
  await page.waitForTimeout(100);
  assert.ok(page.faults.some((f) => /refused by the policy: style-src/.test(f)), page.faults.join("\n"));
});
