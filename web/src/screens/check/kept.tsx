// SPDX-License-Identifier: MPL-2.0
// Of when the keys and lists on this device are. They are fetched when the screen is opened, whole and all of them.
import { useEffect, useState } from "preact/hooks";
import { online } from "../../app/online";
import { useObservable } from "../../base/observable";
import { useCountry } from "../../form/country";
import { keptLists, refresh } from "../../trust/kept";
import { Button } from "../../ui/page";
import { whenText } from "../../ui/when";
import { t } from "../../words/words";

const OLD_MS = 12 * 3_600_000; // what a list asks of those who keep it

const STATES = { busy: "check.fetching", done: "check.fetched", failed: "check.fetch_failed" } as const;

export function Kept() {
  const connected = useObservable(online);
  const [lists, setLists] = useState<{ count: number; at: number } | null | undefined>(undefined); // undefined: not looked yet
  const [state, setState] = useState<"" | "busy" | "failed" | "done">("");
  useCountry();
  const look = async () => setLists((await keptLists()) ?? null);
  const fetchThem = (evenIfFresh: boolean) => {
    setState("busy");
    refresh(evenIfFresh).then(() => setState(evenIfFresh ? "done" : ""), () => setState("failed")).finally(() => void look());
  };
  useEffect(() => { void look(); }, []);
  useEffect(() => { if (connected) fetchThem(false); }, [connected]);

  const old = lists ? Date.now() - lists.at > OLD_MS : false;
  return (
    <section class="govuk-inset-text">
      {lists ? <p class="govuk-body">{t("check.kept", { when: whenText(lists.at) })}</p> : null}
      {old ? <p class="govuk-body"><strong>{t("check.kept_old")}</strong></p> : null}
      {lists === null && state !== "busy" ? <p class="govuk-body"><strong>{t("check.kept_none")}</strong></p> : null}
      <div role="status">
        {state && (lists || state === "busy") ? <p class="govuk-body">{t(STATES[state])}</p> : null}
      </div>
      <Button kind="secondary" busy={state === "busy"} onPress={() => fetchThem(true)}>{t("check.fetch")}</Button>
    </section>
  );
}
