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

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Files named by their content stay as they are; only what is new is fetched.
  await Promise.all(__PRECACHE__.map(async (path) => {
    const kept = path.startsWith("/assets/") ? await caches.match(path) : undefined;
    // After whatever the reader asks for meanwhile: a browser has six connections to a host.
    await (kept ? cache.put(path, kept) : cache.add(new Request(path, { cache: "reload", priority: "low" })));
  }));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

/** The start page is kept once a language; '/' is the one of this browser. */
function pageFor(path: string): string {
  if (path !== "/") return path;
  const wanted = worker.navigator.languages.map((l) => l.slice(0, 2)).find((l) => PAGES.includes(l));
  return `/${wanted ?? "en"}/`;
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
// A newer client waits until every page of the older one is closed, or until somebody who is writing nothing asks for it.
worker.addEventListener("message", (event) => { if (event.data === "take over") void worker.skipWaiting(); });
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  const path = event.request.mode === "navigate" ? pageFor(url.pathname) : url.pathname;
  if (!__PRECACHE__.includes(path)) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(path)).then((kept) => kept ?? fetch(event.request)));
});
