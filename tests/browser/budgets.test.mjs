// SPDX-License-Identifier: MPL-2.0
// What people wait and pay for: bytes over the line, round trips, and the room that the client takes on the device.
import assert from "node:assert/strict";
import { kept, looks, LANGUAGES, ready, visit } from "./lib.mjs";

const FIRST_LOAD = 30_000, WHOLE = 700_000, NAME_FONT = 4_000; // bytes
const FIRST_FILES = 1; // the page, with all that its first screen needs beside fonts, of which the page is read without

const OWN_FONTS = { en: /^$/, km: /noto-sans-khmer/, my: /padauk/ };
const font = (url) => url.endsWith(".woff2");

for (const language of LANGUAGES)
  looks(`the first load in ${language} is at most ${FIRST_LOAD} bytes beside fonts`, { language }, async (page) => {
    const seen = [];
    page.on("requestfinished", (request) => seen.push(request));
    await page.goto(`/${language}/`, { waitUntil: "networkidle" });
    await ready(page);
    const files = await Promise.all(seen.map(async (request) => {
      const sizes = await request.sizes(), answer = await request.response();
      return { url: request.url(), bytes: sizes.responseBodySize + sizes.responseHeadersSize, encoding: await answer.headerValue("content-encoding") };
    }));
    const needed = files.filter((f) => !font(f.url) && !/icon|manifest/.test(f.url));
    for (const f of needed) assert.equal(f.encoding, "br", `${f.url} is sent ${f.encoding ?? "plain"}`);
    assert.equal(needed.length, FIRST_FILES, needed.map((f) => f.url).join("\n"));
    const all = files.filter((f) => !font(f.url)).reduce((sum, f) => sum + f.bytes, 0);
    assert.ok(all <= FIRST_LOAD, `${all} bytes: ${JSON.stringify(files)}`);
    // Of another script a page shows the name of its language, with a font of that word.
    const names = files.filter((f) => /\/name-/.test(f.url)), whole = files.filter((f) => font(f.url) && !names.includes(f)).map((f) => f.url);
    assert.deepEqual(whole.filter((url) => !OWN_FONTS[language].test(url)), [], "no whole font of another script");
    assert.equal(names.length, language === "en" ? 2 : 1);
    assert.ok(names.every((f) => f.bytes <= NAME_FONT), JSON.stringify(names));
    console.log(`first load in ${language}: ${all} bytes, and ${files.filter((f) => font(f.url)).reduce((sum, f) => sum + f.bytes, 0)} of fonts`);
  });

looks(`the whole client, kept on the device, is at most ${WHOLE} bytes`, { language: "en", worker: true }, async (page) => {
  await visit(page);
  await kept(page);
  const files = await page.evaluate(async () => {
    const all = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) {
        const answer = await (await caches.open(name)).match(request);
        all.push({ path: new URL(request.url).pathname, bytes: Number(answer.headers.get("content-length")), encoding: answer.headers.get("content-encoding") });
      }
    return all;
  });
  for (const path of ["/", "/manifest.webmanifest"]) assert.ok(files.some((f) => f.path === path), path);
  for (const f of files) assert.ok(f.bytes > 0, `${f.path} has no length`);
  for (const f of files) if (/\.(js|wasm)$|\/$/.test(f.path) && f.bytes > 500) assert.equal(f.encoding, "br", f.path);
  const all = files.reduce((sum, f) => sum + f.bytes, 0);
  assert.ok(all <= WHOLE, `${all} bytes: ${JSON.stringify(files)}`);
});
