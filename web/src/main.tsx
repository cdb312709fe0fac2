// SPDX-License-Identifier: MPL-2.0
import { hydrate, render } from "preact";
import { App } from "./app/app";
import { watchNetwork } from "./app/online";
import { here, listen } from "./app/router";
import { watchUpdate } from "./app/update";
import { isLanguage, language, setCore, setLanguage } from "./words/words";

/** The one that was chosen here, else the one of the address: without a network any address has the page that was kept. */
function wantedLanguage(): string | null {
  const named = location.pathname.replace(/\//g, "");
  try {
    return localStorage.getItem("language") ?? named;
  } catch {
    return named;
  }
}

/** The one script that is named by an address: the policy of the page (Trusted Types) lets no other through. */
function workerAddress(): string {
  const url = "/sw.js";
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes;
  return types ? types.createPolicy("civis", { createScriptURL: () => url }).createScriptURL(url) : url;
}

const root = document.getElementById("app");
const words = document.getElementById("words");
const made = document.documentElement.lang;

function start(): void {
  if (!root || !words || !isLanguage(made)) return;
  setCore(made, JSON.parse(words.textContent ?? "{}") as Record<string, string>);
  language.set(made);
  listen();
  watchNetwork();
  if (here.get().length) {
    root.textContent = "";
    render(<App />, root);
  } else {
    hydrate(<App />, root);
  }
  const wanted = wantedLanguage();
  if (isLanguage(wanted) && wanted !== made) void setLanguage(wanted);
  document.documentElement.dataset["ready"] = "yes"; // it answers from now on; tests and measurements wait for this
  // All of the client is fetched after the fonts, without which the page is read with difficulty.
  if ("serviceWorker" in navigator)
    void document.fonts.ready.then(() => navigator.serviceWorker.register(workerAddress())).then(watchUpdate).catch(() => undefined);
}

start();
