// SPDX-License-Identifier: MPL-2.0
// A newer client has been fetched: it takes over when somebody says so, and nobody is asked while a form is being filled in.
import { useState } from "preact/hooks";
import { observable, useObservable } from "../base/observable";
import { t } from "../words/words";
import { here } from "./router";

const waiting = observable<ServiceWorker | null>(null);

/** Something typed stands in this page's memory alone, wherever in it one is: a reload would lose it. */
export const unsaved = observable(false);

// Nothing is typed on these.
const QUIET = ["", "work", "queue", "tasks", "drafts", "outbox", "check", "log", "counts"];
const isQuiet = (): boolean => QUIET.includes(here.get()[0] ?? "") && !unsaved.get();
/** A part of this client could not be had: with the newer one it can. */
let wanted = false;

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
    if (wanted || (hadOne && isQuiet())) location.reload();
    hadOne = true;
  });
  here.subscribe(tellOthers);
  unsaved.subscribe(tellOthers);
  tellOthers();
}

/** A form is open in another page of this browser. */
async function isBusyElsewhere(): Promise<boolean> {
  const held = (await navigator.locks?.query())?.held ?? [];
  return held.filter((l) => l.name === FORM).length > (leave ? 1 : 0);
}

/** From a screen that could not be opened: with the newer client, if there is one; else once more. False: not while a form is open
    elsewhere. */
export async function startAnew(): Promise<boolean> {
  const of = await navigator.serviceWorker?.getRegistration();
  await of?.update().catch(() => undefined);
  const fetching = of?.installing;
  if (fetching) await new Promise<void>((done) => fetching.addEventListener("statechange", () => done()));
  if (of?.waiting && await isBusyElsewhere()) return false;
  wanted = Boolean(of?.waiting);
  if (of?.waiting) of.waiting.postMessage("take over");
  else location.reload();
  return true;
}

export function UpdateBar() {
  const worker = useObservable(waiting), [elsewhere, setElsewhere] = useState(false);
  useObservable(here);
  useObservable(unsaved);
  if (!worker || !isQuiet()) return null;
  const takeOver = async (): Promise<void> => {
    const busy = await isBusyElsewhere();
    setElsewhere(busy);
    if (!busy) worker.postMessage("take over");
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
