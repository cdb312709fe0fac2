// SPDX-License-Identifier: MPL-2.0
// A newer client comes while an older one is in use: nobody loses what they type, and nobody stays behind for ever.
import assert from "node:assert/strict";
import { after } from "node:test";
import { badLink } from "./bad_link.mjs";
import { answerPage, beginDeclaring, familyOf, onward } from "./hands.mjs";
import { countries, expectFault, kept, looks, ready, signIn, typing, visit } from "./lib.mjs";

/** The version of the client that the server has; each start page tells which it is. */
let now = "older", lost = false;
const served = await badLink(countries.khm.url, (path, content) => {
  if (lost && path.startsWith("/assets/")) return null;
  if (path === "/sw.js") return content.toString().replace(/civis-[0-9a-f]{10}/, `civis-${now}`);
  return /^\/(en|km|my)?\/?$/.test(path) ? content.toString().replace("<head>", `<head><meta name="version" content="${now}">`) : content;
});
after(() => served.close());

const version = (page) => page.evaluate(() => document.querySelector("meta[name=version]")?.content);
const looksForNewer = (page) => page.evaluate(async () => {
  const of = await navigator.serviceWorker.getRegistration();
  await of.update();
  if (!of.waiting) await new Promise((done) => of.installing.addEventListener("statechange", done));
  return Boolean(of.waiting);
});
const bar = (page) => page.locator(".civis-bar", { hasText: "A new version of this program is here." });
const reload = (page) => page.getByRole("button", { name: "Reload" });
const anew = (page) => page.waitForFunction((n) => document.querySelector("meta[name=version]")?.content === n && document.documentElement.dataset.ready, "newer");
const OPTIONS = { country: "khm", language: "en", worker: true, baseURL: served.url };

async function older(page, ...where) {
  now = "older";
  await visit(page, ...where);
  await kept(page);
  assert.equal(await version(page), "older");
}

looks("a newer client waits while a family types, in this window and in the others", OPTIONS, async (page) => {
  await older(page, "declare");
  await beginDeclaring(page);
  for (let i = 0; i < 20 && !(await page.locator("#f-child-name-native").count()); i++) {
    await answerPage(page);
    await onward(page);
  }
  const name = familyOf("khm").child[0];
  await page.locator("#f-child-name-native").fill(name);
  const other = Object.assign(await page.context().newPage(), { language: "en" });
  await visit(other);

  now = "newer";
  assert.ok(await looksForNewer(page), "it has been fetched, and waits");
  await bar(other).waitFor();
  assert.equal(await bar(page).count(), 0, "whoever types is not asked");
  await reload(other).click();
  await other.getByText("A form is open in another window. Finish there first.").waitFor();
  assert.equal(await version(other), "older");
  assert.equal(await page.locator("#f-child-name-native").inputValue(), name);

  await onward(page); // what was typed is taken, and the next page is there, of the same client
  await page.goBack();
  await page.waitForFunction((n) => document.querySelector("#f-child-name-native")?.value === n, name);
  await other.reload();
  await ready(other);
  assert.equal(await version(other), "older", "a page that is opened meanwhile is of the same client as the form");
  await page.close({ runBeforeUnload: false });
  await bar(other).waitFor();
  await reload(other).click();
  await anew(other);
  assert.deepEqual(await other.evaluate(() => caches.keys()), ["civis-newer"], "nothing stays of the older one");
});

looks("an officer's draft goes on in the newer client where it stood", OPTIONS, async (page) => {
  await older(page, "sign-in", "drafts");
  await signIn(page, "official", "drafts");
  const name = familyOf("khm").child[0], draft = await typing(page, name);
  now = "newer";
  assert.ok(await looksForNewer(page));
  assert.equal(await bar(page).count(), 0);
  await visit(page, "drafts");
  await bar(page).waitFor(); // nothing is typed here
  await reload(page).click();
  await anew(page);
  await signIn(page, "official", "draft", draft, "name");
  await page.waitForFunction((n) => document.querySelector("#f-child-name-native")?.value === n, name);
});

looks("an old client of which a part is gone comes to the newer one by one button", OPTIONS, async (page) => {
  expectFault(page, /404|Failed to fetch dynamically imported module|Failed to load resource/);
  await older(page);
  // The browser dropped what it kept for later screens, and the server has only the newer client's files.
  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) if (/\/assets\/(?!app-|name-)/.test(request.url)) await cache.delete(request);
    }
  });
  lost = true;
  await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
  await page.evaluate(() => { location.hash = "#/counts"; });
  const again = page.getByRole("button", { name: "Try again" });
  await again.waitFor();
  lost = false;
  now = "newer";
  await again.click();
  await anew(page);
  await page.locator("table").first().waitFor();
});
