// SPDX-License-Identifier: MPL-2.0
// What the browser tests share. A test is one page of its own browser context:
//
//   looks("the start page says what one can do", { language: "km", width: 320 }, async (page) => {
//     await visit(page);
//     …
//   });
//
// It fails as well when the page broke its content security policy, wrote an error to the console, or threw one.
import "./node18.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const told = JSON.parse(process.env.CIVIS_BROWSER ?? "null");
if (!told) throw new Error("started by hand? tests/browser/run.py starts the servers and this");

/** Where each country's server is, and who works there: { url, language, office, hospital, villages, officers }. */
export const countries = told.countries;
/** Of each officer. */
export const passphrase = told.passphrase;
export const LANGUAGES = ["en", "km", "my"];
/** The narrowest that must do without sideways scrolling (WCAG 1.4.10), and a desk's. */
export const WIDTHS = [320, 1280];

// ---- the browser ----

let started;

export function browser() {
  started ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-dev-shm-usage", "--disable-lcd-text", "--font-render-hinting=none", "--force-color-profile=srgb",
      ...(process.getuid() === 0 ? ["--no-sandbox"] : [])], // Chromium's own sandbox refuses root
    env: { ...process.env, FONTCONFIG_FILE: join(here, "fonts.conf") },
  });
  return started;
}
after(async () => (await started)?.close());

/** A context of its own, and in it a page that remembers its faults. `worker`: with the service worker. */
export async function launch({ country = "khm", language = countries[country].language, width = 360, height = 740, worker = false, ...more } = {}) {
  const context = await (await browser()).newContext({
    baseURL: countries[country].url, locale: language, viewport: { width, height }, reducedMotion: "reduce",
    serviceWorkers: worker ? "allow" : "block", ...more,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  Object.assign(page, { country, language, width, faults: [], expected: [] });
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (e) =>
    console.error(`refused by the policy: ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`)));
  page.on("console", (m) => m.type() === "error" && page.faults.push(`${m.text()} (${m.location().url})`));
  page.on("pageerror", (e) => page.faults.push(e.stack ?? e.message));
  page.on("crash", () => page.faults.push("the page crashed"));
  return page;
}

/** A console error of this kind belongs to the test: an answer of 4xx, or no network. */
export const expectFault = (page, pattern) => page.expected.push(pattern);

export function looks(name, options, body) {
  test(name, { timeout: 300_000 }, async (t) => {
    const page = await launch(options);
    try {
      await body(page, t);
      assert.deepEqual(page.faults.filter((f) => !page.expected.some((e) => e.test(f))), [], "the page has no faults");
    } finally {
      await page.context().close();
    }
  });
}

// ---- going about ----

export const ready = (page) => page.waitForSelector("html[data-ready]");

/** Opens an address of the client: visit(page, "declare", "birth"). In an open page only what follows '#' changes. */
export async function visit(page, ...parts) {
  const hash = `#/${parts.map(encodeURIComponent).join("/")}`;
  if (page.url().startsWith("http")) await page.evaluate((to) => { location.hash = to; }, hash);
  else await page.goto(`/${page.language}/${hash}`);
  await ready(page);
  await page.locator("main h1").first().waitFor();
}

/** In by the screen for it; an officer's name is a key of countries[…].officers. */
export async function signIn(page, who, ...onward) {
  await visit(page, "sign-in", ...onward);
  await page.locator("#name").fill(who);
  await page.locator("#passphrase").fill(told.passphrase);
  await page.locator("main button[type=submit]").click();
  await page.waitForFunction(() => !location.hash.startsWith("#/sign-in"));
  await page.locator("main h1").first().waitFor();
}

/** Begins a draft of an official's in which the child's name is being typed. */
export async function typing(page, name) {
  await page.locator('input[name="kind"][value="birth"]').check();
  await page.locator("main form button[type=submit]").click();
  await page.locator(".govuk-task-list").waitFor();
  const draft = /#\/draft\/([0-9a-f-]+)/.exec(page.url())[1];
  await visit(page, "draft", draft, "naming");
  await page.locator('input[name="f-child-naming"][value="named"]').check();
  await visit(page, "draft", draft, "name");
  await page.locator("#f-child-name-native").fill(name);
  return draft;
}

export const offline = (page, yes = true) => page.context().setOffline(yes);

/** Until the service worker has the whole client. */
export async function kept(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** A case that the test is not about: made("khm", "declare" | "verify" | "register", {seed, by, …}); or days that pass. */
export async function made(country, what, how = {}) {
  const answer = await fetch(`${told.control}/${country}/${what}`, { method: "POST", body: JSON.stringify(how) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

// ---- what must hold on every screen ----

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function axe(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] }));
  assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`), []);
}

/** Chromium has no month names of Khmer and Burmese: where they come from Intl they are English. */
export async function noLatinMonths(page) {
  if (page.language === "en") return;
  const text = await page.locator("body").innerText();
  assert.doesNotMatch(text, /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\b/);
}

/** No word of the page is a key that has no text. */
export async function noBareKeys(page) {
  const text = await page.locator("body").innerText();
  assert.doesNotMatch(text, /\b(core|family|form|office|desk|check|person|figures|log|admin)\.[a-z_]+\b|\{\w+\}/);
}

export async function noSidewaysScrolling(page) {
  const wide = await page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > edge + 1 && !e.closest(".civis-scroll"));
    return document.documentElement.scrollWidth > edge ? out.slice(0, 5).map((e) => e.outerHTML.slice(0, 120)) : [];
  });
  assert.deepEqual(wide, []);
}

/** Everything one can press is 44 px high, but for links inside a sentence. */
export async function largeTargets(page) {
  const small = await page.evaluate(() => [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden])")]
    .map((e) => e.type === "radio" || e.type === "checkbox" ? e.labels?.[0] ?? e : e)
    .filter((e) => e.checkVisibility() && getComputedStyle(e).display !== "inline" && !e.classList.contains("govuk-skip-link"))
    .filter((e) => e.getBoundingClientRect().height < 44 - 0.5)
    .map((e) => e.outerHTML.slice(0, 120)));
  assert.deepEqual(small, []);
}

/** Khmer and Burmese letters are drawn with the client's own fonts, as on a device that has none. */
export async function ownFonts(page) {
  await page.evaluate(() => document.fonts.ready);
  const session = await page.context().newCDPSession(page);
  await session.send("DOM.enable");
  await session.send("CSS.enable");
  await page.evaluate(() => { // elements with such text of their own
    for (const e of document.querySelectorAll("body *:not(script):not(option)"))
      if (e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && /[\u1780-\u17ff\u1000-\u109f]/.test(n.data))) e.dataset.own = "";
  });
  const { root } = await session.send("DOM.getDocument");
  const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "[data-own]" });
  for (const nodeId of nodeIds) {
    const { fonts } = await session.send("CSS.getPlatformFontsForNode", { nodeId });
    if (fonts.length && !fonts.some((f) => f.isCustomFont)) assert.fail(`not drawn: ${(await session.send("DOM.getOuterHTML", { nodeId })).outerHTML}`);
  }
  await session.detach();
}

/** All of the above; what each screen is looked over for in each language. */
export async function sound(page) {
  await axe(page);
  await noLatinMonths(page);
  await noBareKeys(page);
  await noSidewaysScrolling(page);
  await largeTargets(page);
  await ownFonts(page);
}

// ---- the keyboard ----

/** Presses Tab until the focus leaves the page; what had it: [{ text, visible, ... }]. `visible`: it looks other than without. */
export async function tabThrough(page, most = 200) {
  await page.evaluate(() => {
    const look = (e) => {
      const s = getComputedStyle(e);
      return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.clipPath, s.position].join();
    };
    const box = (e) => (e.type === "radio" || e.type === "checkbox" ? getComputedStyle(e.labels[0], "::before").boxShadow : "");
    document.activeElement?.blur();
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    globalThis.unfocused = new Map(all.map((e) => [e, look(e) + box(e)]));
    globalThis.lookOf = (e) => look(e) + box(e);
  });
  const passed = [];
  while (passed.length < most) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const { top, bottom, left, right } = e.getBoundingClientRect();
      const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return {
        tag: e.localName, id: e.id, text: (e.labels?.[0] ?? e).innerText?.trim() ?? "", href: e.getAttribute("href"),
        visible: globalThis.unfocused.get(e) !== globalThis.lookOf(e),
        covered: top < 0 || bottom > innerHeight + 1 || !(middle && (e.contains(middle) || middle.contains(e) || e.labels?.[0]?.contains(middle))),
      };
    });
    if (!at) return passed;
    passed.push(at);
  }
  assert.fail(`Tab did not leave the page after ${most} steps`);
}

/** The whole of the page by keyboard alone: focus is always seen (WCAG 2.4.7, 2.4.11). */
export async function focusIsSeen(page) {
  const passed = await tabThrough(page);
  assert.deepEqual(passed.filter((e) => !e.visible || e.covered), []);
  return passed;
}
