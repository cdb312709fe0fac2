// SPDX-License-Identifier: MPL-2.0
// How long people wait for the web client: node bench/web.mjs URL PASSPHRASE OFFICE → one JSON object.
//
// A slow phone (the processor six times slower than here, 360 px) on a slow line, as Chromium's developer tools slow them down;
// the Khmer page, everything fetched anew. Each figure in seconds, the median of three:
//   paint        first contentful paint
//   interactive  the page answers (html[data-ready]), and from then on no task of 50 ms is begun for half a second
// and the same with no network at all, from what the device has kept. Beside it, measured in the same way: a page of one button
// with all of govuk-frontend, its style, program and fonts. And "table": on that phone, from a press that filters a queue of 5,000
// cases (of OFFICE, in which `verifier` signs in) to the picture.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { longQueue, presses } from "../tests/browser/long_queue.mjs";

const here = (path) => new URL(path, import.meta.url);
const { chromium } = await import(createRequire(here("../tests/browser/package.json")).resolve("playwright-core").replace(/index\.js$/, "index.mjs"));

const LINES = {
  "slow 3G": { latency: 2000, rate: 400_000 / 8 },
  "fast 3G": { latency: 562, rate: 1_440_000 / 8 },
};
const SLOWER = 6, TIMES = 3, QUIET_MS = 500;
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** One button, as a service built with govuk-frontend alone sends it. */
async function govuk() {
  const folder = join(dirname(createRequire(here("../web/package.json")).resolve("govuk-frontend/package.json")), "dist/govuk");
  const files = new Map([["/", ["text/html", Buffer.from(
    `<!doctype html><html lang="en" class="govuk-template"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<link rel="stylesheet" href="/govuk-frontend.min.css"><body class="govuk-template__body govuk-frontend-supported"><main class="govuk-width-container">` +
    `<h1 class="govuk-heading-l">A page</h1><p class="govuk-body">One button.</p><button class="govuk-button" data-module="govuk-button">On</button></main>` +
    `<script type="module">import { initAll } from "/govuk-frontend.min.js"; initAll(); document.documentElement.dataset.ready = "yes";</script>`)]]]);
  for (const [path, type] of [["/govuk-frontend.min.css", "text/css"], ["/govuk-frontend.min.js", "text/javascript"],
    ["/assets/fonts/light-94a07e06a1-v2.woff2", "font/woff2"], ["/assets/fonts/bold-b542beb274-v2.woff2", "font/woff2"]])
    files.set(path, [type, readFileSync(join(folder, path))]);
  const server = createServer((request, answer) => {
    const [type, bytes] = files.get(request.url) ?? [];
    if (!type) return answer.writeHead(404).end();
    const sent = type === "font/woff2" ? bytes : brotliCompressSync(bytes);
    answer.writeHead(200, { "Content-Type": type, "Content-Length": sent.length, ...(sent === bytes ? {} : { "Content-Encoding": "br" }) }).end(sent);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

/** A page that notes when it answers and when it is busy. */
async function observed(context) {
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.noted = { ready: 0, busy: [] };
    new PerformanceObserver((list) => list.getEntries().forEach((e) => noted.busy.push([e.startTime, e.startTime + e.duration]))).observe({ type: "longtask", buffered: true });
    new MutationObserver(() => { if (!noted.ready && document.documentElement?.dataset.ready) noted.ready = performance.now(); })
      .observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
  });
  return page;
}

async function slowed(page, line) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await session.send("Network.enable");
  if (line) await session.send("Network.emulateNetworkConditions", { offline: false, latency: line.latency, downloadThroughput: line.rate, uploadThroughput: line.rate });
  return session;
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asked over the developer tools alone: playwright's own way puts 300 KB of program into the page, which the slow phone reads. */
async function times(session) {
  const ask = async (expression) => (await session.send("Runtime.evaluate", { expression, returnByValue: true })).result.value;
  for (let left = 480; !(await ask("globalThis.noted?.ready")); left--) {
    if (!left) throw new Error("the page never answered");
    await wait(250);
  }
  await wait(QUIET_MS * 6);
  const { busy, ready, paint } = await ask(`({ ...noted, paint: performance.getEntriesByName("first-contentful-paint")[0].startTime })`);
  let interactive = ready;
  for (const [begun, ended] of busy) if (ended > interactive && begun < interactive + QUIET_MS) interactive = ended;
  return { paint: paint / 1000, interactive: interactive / 1000 };
}

const context = (browser) => browser.newContext({ viewport: { width: 360, height: 740 }, locale: "km" });

async function first(browser, url, line) {
  const c = await context(browser);
  const page = await observed(c);
  const session = await slowed(page, line);
  await page.goto(url, { waitUntil: "commit", timeout: 120_000 });
  const measured = await times(session);
  await c.close();
  return measured;
}

async function offline(browser, url) {
  const c = await context(browser);
  const visit = await c.newPage();
  await visit.goto(url);
  await visit.evaluate(() => navigator.serviceWorker.ready);
  await visit.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await visit.close();
  await c.setOffline(true);
  const page = await observed(c);
  const session = await slowed(page, null);
  await page.goto(url, { waitUntil: "commit" });
  const measured = await times(session);
  await c.close();
  return measured;
}

/** Seconds from a press to the picture, the median of what each of nine took. */
async function table(browser, url, passphrase, office) {
  const c = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "km" }), page = await c.newPage();
  await longQueue(page, office);
  await page.goto(`${url}#/sign-in/queue`);
  await page.locator("#name").fill("verifier");
  await page.locator("#passphrase").fill(passphrase);
  await page.locator("main button[type=submit]").click();
  await page.waitForFunction(() => document.querySelector("main [role=status]")?.textContent.includes("៥០០០"), undefined, { timeout: 120_000 });
  await slowed(page, null);
  const took = [];
  for (let i = 0; i < TIMES; i++) took.push(...(await presses(page, ["referred", "declared", ""])));
  await c.close();
  return median(took) / 1000;
}

async function medianOf(measure) {
  const all = [];
  for (let i = 0; i < TIMES; i++) all.push(await measure());
  return { paint: median(all.map((m) => m.paint)), interactive: median(all.map((m) => m.interactive)) };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--disable-dev-shm-usage", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])] });
const peer = await govuk(), url = new URL("/km/", process.argv[2]).href;
const result = {};
for (const [name, line] of Object.entries(LINES))
  result[name] = { ours: await medianOf(() => first(browser, url, line)), govuk: await medianOf(() => first(browser, peer.url, line)) };
result.offline = { ours: await medianOf(() => offline(browser, url)) };
result.table = await table(browser, url, process.argv[3], process.argv[4]);
await browser.close();
peer.server.close();
console.log(JSON.stringify(result));
