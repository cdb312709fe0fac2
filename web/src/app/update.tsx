// SPDX-License-Identifier: MPL-2.0
// A newer client has been fetched: it takes over when somebody says so, and nobody is asked while a form is being filled in.
import { useState } from "preact/hooks";
import { observable, useObservable } from "../base/observable";
import { t } from "../words/words";
import { here } from "./router";

const waiting = observable<ServiceWorker | null>(null);
/** Something typed stands in this page's memory alone: a reload would lose it. */
export const unsaved = observable(false);

// Nothing is typed on these.
const QUIET = ["", "work", "queue", "tasks", "drafts", "outbox", "check", "log", "counts"];
const isQuiet = (): boolean => QUIET.includes(here.get()[0] ?? "") && !unsaved.get();

/** While a form is open here, the other pages of this browser know of it. */
const FORM = "civis-form";
let leave: (() => void) | null = null;

function tellOthers(): void {
  if (isQuiet()) {
    leave?.();
    leave = null;
  } else if (!leave) {
    void navigator.locks?.request(FORM, { mode: "shared" }, () => new Promise<void>((done) => { leave = done; }));
    leave = () => undefined; // until the lock is there
  }
}

export function watchUpdate(of: ServiceWorkerRegistration): void {
  const look = (): void => waiting.set(navigator.serviceWorker.controller ? of.waiting : null);
  let hadOne = Boolean(navigator.serviceWorker.controller); // the first one takes over no page of an older client
  look();
  of.addEventListener("updatefound", () => of.installing?.addEventListener("statechange", look));
  addEventListener("online", () => void of.update().catch(() => undefined));
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hadOne && isQuiet()) location.reload();
    hadOne = true;
  });
  here.subscribe(tellOthers);
  unsaved.subscribe(tellOthers);
  tellOthers();
}

export function UpdateBar() {
  const worker = useObservable(waiting), [elsewhere, setElsewhere] = useState(false);
  useObservable(here);
  useObservable(unsaved);
  if (!worker || !isQuiet()) return null;
  const takeOver = async (): Promise<void> => {
    const held = (await navigator.locks?.query())?.held ?? [];
    setElsewhere(held.some((l) => l.name === FORM));
    if (!held.some((l) => l.name === FORM)) worker.postMessage("take over");
  };
  return (
    <div class="civis-bar civis-no-print">
      <div class="govuk-width-container civis-bar__row">
        <p class="govuk-body-s">{t(elsewhere ? "core.update_elsewhere" : "core.update")}</p>
        <button type="button" class="civis-plain" onClick={() => void takeOver()}>{t("core.reload")}</button>
      </div>
    </div>
  );
}
