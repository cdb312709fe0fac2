// SPDX-License-Identifier: MPL-2.0
import { hydrate, render } from "preact";
import { App } from "./app/app";
import { watchNetwork } from "./app/online";
import { here, listen } from "./app/router";
import { watchUpdate } from "./app/update";
import { isLanguage, language, setCore, setLanguage } from "./words/words";

function chosenLanguage(): string | null {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
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
if (root && words && isLanguage(made)) {
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
  const chosen = chosenLanguage();
  if (isLanguage(chosen) && chosen !== made) void setLanguage(chosen);
  document.documentElement.dataset["ready"] = "yes"; // it answers from now on; tests and measurements wait for this
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register(workerAddress()).then(watchUpdate).catch(() => undefined);
}
