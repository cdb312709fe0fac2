// SPDX-License-Identifier: MPL-2.0
/// <reference lib="webworker" />
// The service worker: the whole client, kept on the device, so that it starts without a network.
//
// Only the client's own files are kept. What the server answers about people never enters a cache of the browser.
declare const __PRECACHE__: readonly string[];
declare const __VERSION__: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `civis-${__VERSION__}`;
const PAGES = ["en", "km", "my"];

/** The start page, kept under "/": in the language of the page that is open, else in that of this browser. The others hold the same
    program; whoever chooses another language gets its words alone. */
async function startPage(): Promise<string> {
  const open = (await worker.clients.matchAll({ type: "window", includeUncontrolled: true })).map((c) => new URL(c.url).pathname.slice(1, 3));
  return `/${[...open, ...worker.navigator.languages.map((l) => l.slice(0, 2))].find((l) => PAGES.includes(l)) ?? "en"}/`;
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE), page = await startPage();
  // Files named by their content stay as they are; only what is new is fetched.
  await Promise.all(["/", ...__PRECACHE__].map(async (path) => {
    const kept = path.startsWith("/assets/") ? await caches.match(path) : undefined;
    // After whatever the reader asks for meanwhile: a browser has six connections to a host.
    const answer = kept ?? await fetch(new Request(path === "/" ? page : path, { cache: "reload", priority: "low" }));
    if (!answer.ok) throw new Error(path);
    await cache.put(path, answer);
  }));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
// A newer client waits until every page of the older one is closed, or until somebody who is writing nothing asks for it.
worker.addEventListener("message", (event) => { if (event.data === "take over") void worker.skipWaiting(); });
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  const path = event.request.mode === "navigate" && PAGES.includes(url.pathname.replace(/\//g, "")) ? "/" : url.pathname;
  if (path !== "/" && !__PRECACHE__.includes(path)) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(path)).then((kept) => kept ?? fetch(event.request)));
});
