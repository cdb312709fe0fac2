// SPDX-License-Identifier: MPL-2.0
// The frame of every screen: name, languages, who is signed in, whether there is a network; and the screen inside it.
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useObservable } from "../base/observable";
import { Start } from "../screens/start";
import { LANGUAGES, LANGUAGE_NAMES, needAreas, setLanguage, t, useLanguage } from "../words/words";
import { address, here } from "./router";
import { SCREENS, type ScreenProps } from "./screens";
import { useMe } from "./me";
import { online } from "./online";
import { StaffBar } from "./staff_bar";
import { startAnew, UpdateBar } from "./update";

function Languages() {
  const now = useLanguage();
  return (
    <nav aria-label={t("core.languages")}>
      <ul class="civis-languages">
        {LANGUAGES.map((l) => (
          <li key={l}>
            <button type="button" lang={l} aria-current={l === now ? "true" : undefined} onClick={() => void setLanguage(l)}>
              {LANGUAGE_NAMES[l]}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Frame({ children }: { children: ComponentChildren }) {
  const connected = useObservable(online);
  const who = useMe();
  return (
    <>
      <a class="govuk-skip-link" href="#main" onClick={skip}>{t("core.skip")}</a>
      <header class="civis-header">
        <div class="govuk-width-container civis-header__row">
          <a class="civis-header__name" href="#/">{t("core.name")}</a>
          <Languages />
        </div>
      </header>
      {who ? <StaffBar staff={who} /> : null}
      <div role="status">
        {connected ? null : <div class="civis-bar civis-offline"><div class="govuk-width-container"><p class="govuk-body-s">{t("core.offline")}</p></div></div>}
      </div>
      <div role="status"><UpdateBar /></div>
      <div class="govuk-width-container">
        <main class="govuk-main-wrapper" id="main" tabIndex={-1}>{children}</main>
      </div>
      <footer class="civis-footer">
        <div class="govuk-width-container">
          <p class="govuk-body-s">{t("core.footer")}</p>
          {who ? null : <p class="govuk-body-s"><a class="govuk-link govuk-link--target" href={address("sign-in")}>{t("core.staff_sign_in")}</a></p>}
        </div>
      </footer>
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault(); // '#main' is no address
  document.getElementById("main")?.focus();
}

function Missing() {
  return (
    <>
      <h1 class="govuk-heading-l">{t("core.missing")}</h1>
      <p class="govuk-body"><a class="govuk-link" href="#/">{t("core.to_start")}</a></p>
    </>
  );
}

type Loaded = { name: string; Component: ComponentType<ScreenProps> } | { name: string; failed: true };

/** The screen of an address: fetched when it is first asked for. */
function Outlet() {
  const path = useObservable(here);
  const name = path[0] ?? "";
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const who = useMe();
  const screen = SCREENS[name];
  useEffect(() => {
    if (!screen) return;
    let wanted = true;
    Promise.all([screen.load(), needAreas(screen.areas)]).then(
      ([module]) => wanted && setLoaded({ name, Component: module.default }),
      () => wanted && setLoaded({ name, failed: true }));
    return () => { wanted = false; };
  }, [name]);
  useHeadingFocus(path.join("/"), loaded);
  if (!name) return <Start />;
  if (!screen) return <Missing />;
  if (!loaded || loaded.name !== name) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  if ("failed" in loaded) return <Failed />;
  if (screen.roles && !(who && screen.roles.includes(who.role))) return <NotYours signedIn={who !== null} />;
  return <loaded.Component path={path.slice(1)} />;
}

function Failed() {
  const [busy, setBusy] = useState(false);
  return (
    <>
      <h1 class="govuk-heading-l">{t("core.failed")}</h1>
      <p class="govuk-body">{t("core.failed_help")}</p>
      <div role="alert">{busy ? <p class="govuk-body">{t("core.update_elsewhere")}</p> : null}</div>
      <button type="button" class="govuk-button" onClick={() => void startAnew().then((yes) => setBusy(!yes))}>{t("core.again")}</button>
    </>
  );
}

function NotYours({ signedIn }: { signedIn: boolean }) {
  return (
    <>
      <h1 class="govuk-heading-l">{t(signedIn ? "core.not_yours" : "core.sign_in_first")}</h1>
      <p class="govuk-body"><a class="govuk-link" href={address("sign-in", ...here.get())}>{t("core.staff_sign_in")}</a></p>
    </>
  );
}

/** After a change of screen the reader is led to its heading, and the title tells where one is. */
function useHeadingFocus(where: string, loaded: unknown): void {
  const first = useRef(true);
  const language = useLanguage();
  useEffect(() => {
    const heading = document.querySelector<HTMLElement>("main h1");
    document.title = heading?.textContent && where ? `${heading.textContent} – ${t("core.name")}` : t("core.title");
    if (first.current) {
      first.current = false;
      return;
    }
    if (!heading || document.activeElement?.closest("main form, main select")) return; // somebody is still at it
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [where, loaded]);
  useEffect(() => {
    if (!where) document.title = t("core.title");
  }, [language]);
}

export function App() {
  useLanguage();
  return <Frame><Outlet /></Frame>;
}
