// SPDX-License-Identifier: MPL-2.0
// The outbox: each item with its state and reason. Nothing here is lost, and nothing is sent twice.
import { useEffect, useState } from "preact/hooks";
import { session } from "../../api/client";
import { online } from "../../app/online";
import { address, go } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { instantText } from "../../base/dates";
import { isFull } from "../../base/kept";
import { useObservable } from "../../base/observable";
import { dateWords, needCountry, say, useCountry } from "../../form/country";
import { canMend, drop, exported, imported, items, load, mend, parcelKey, send, tryAgain, type Item } from "../../office/outbox";
import { FileField } from "../../ui/file";
import { Devices } from "../figures/devices";
import { DeviceName } from "./device_name";
import { BackLink, Button, failureText, Notice, Warning } from "../../ui/page";
import { digits, language, t, type Key } from "../../words/words";
import { Locked } from "./locked";
import { Slip } from "./slip";

export default function Outbox({ path }: ScreenProps) {
  return <Locked><Box id={path[0]} /></Locked>;
}

function Box({ id }: { id: string | undefined }) {
  const all = useObservable(items), country = useCountry();
  useEffect(() => {
    void load().then(() => send());
    void needCountry().catch(() => undefined);
  }, []);
  if (!country) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  const item = all.find((i) => i.id === id);
  return item?.secret ? <Slip item={item} /> : <List zone={country.zone_minutes} />;
}

const STATES: Record<Item["state"], { word: Key; tag: string; sign: string }> = {
  waiting: { word: "office.item_waiting", tag: "govuk-tag--yellow", sign: "…" },
  sending: { word: "office.item_sending", tag: "govuk-tag--blue", sign: "↑" },
  sent: { word: "office.item_sent", tag: "govuk-tag--green", sign: "✓" },
  refused: { word: "office.item_refused", tag: "govuk-tag--red", sign: "✕" },
};

function Row({ item, zone }: { item: Item; zone: number }) {
  const [sure, setSure] = useState(false);
  const [mending, setMending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  async function correct(): Promise<void> {
    if (mending) return;
    setMending(true);
    setFailure(null);
    try {
      const where = await mend(item);
      if (where) return go(...where);
    } catch (e) {
      setFailure(isFull(e) ? t("office.full") : failureText(e));
    }
    setMending(false);
  }
  const state = STATES[item.state], left = item.files.filter((f) => !f.sent).length;
  return (
    <li class="civis-item">
      <p class="govuk-body">
        <strong>{item.name || item.case.slice(0, 8)}</strong> · {say(`kind.${item.kind}`)}{item.about ? ` · ${say(`transition.${item.about.transition}`)}` : ""} · {instantText(item.made, dateWords(), language.get(), zone, true)}<br />
        <strong class={`govuk-tag ${state.tag}`}>{state.sign} {t(state.word)}</strong>
        {item.state !== "sent" && left && item.requested ? <> {t("office.files_left", { n: digits(left) })}</> : null}
        {item.tracking ? <><br />{t("office.tracking")} <span class="civis-code">{item.tracking}</span></> : null}
        {item.why ? <><br />{item.why}</> : null}
        {item.notMine ? <><br />{t("office.not_mine")}</> : null}
      </p>
      <div role="alert">{failure ? <Notice>{failure}</Notice> : null}</div>
      <div class="govuk-button-group">
        {canMend(item) ? <Button busy={mending} onPress={() => void correct()}>{t("office.mend")}</Button> : null}
        {item.state === "refused" ? <Button kind="secondary" onPress={() => void tryAgain(item)}>{t("core.again")}</Button> : null}
        {item.secret && !item.about ? <a class="govuk-link govuk-link--target" href={address("outbox", item.id)}>{t("office.slip")}</a> : null}
        {item.state === "sent" ? <a class="govuk-link govuk-link--target" href={address("case", item.case)}>{t("office.open_case")}</a> : null}
        {item.state === "sent" || item.state === "refused"
          ? <Button kind="secondary" onPress={() => (item.state === "sent" || sure ? void drop(item) : setSure(true))}>{t(sure ? "office.drop_sure" : "office.drop")}</Button> : null}
      </div>
    </li>
  );
}

function List({ zone }: { zone: number }) {
  const all = useObservable(items), connected = useObservable(online), signedIn = useObservable(session);
  const [file, setFile] = useState<string | null>(null);
  const [took, setTook] = useState<string | null>(null);
  const [lasting, setLasting] = useState(true);
  const [kid, setKid] = useState("");
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    void parcelKey().then((k) => setKid(k.kid), () => undefined);
    void (navigator.storage?.persist?.() ?? Promise.resolve(false)).then(setLasting, () => setLasting(false));
  }, []);
  useEffect(() => () => { if (file) URL.revokeObjectURL(file); }, [file]);
  const waiting = all.filter((i) => i.state !== "sent").length;
  return (
    <>
      <BackLink href={address("work")} />
      <h1 class="govuk-heading-l">{t("office.outbox")}</h1>
      <p class="govuk-body" role="status">{waiting ? t("office.outbox_waiting", { n: digits(waiting) }) : t("office.outbox_empty")}</p>
      {waiting && !connected ? <Notice>{t("office.outbox_offline")}</Notice> : null}
      {waiting && connected && !signedIn ? <Notice><a class="govuk-link" href={address("sign-in", "outbox")}>{t("office.outbox_sign_in")}</a></Notice> : null}
      {waiting && !lasting ? <Warning>{t("office.outbox_not_lasting")}</Warning> : null}
      {all.length ? <ul class="govuk-list">{all.map((i) => <Row key={i.id} item={i} zone={zone} />)}</ul> : null}
      <div class="govuk-button-group">
        {waiting && connected && signedIn ? <Button onPress={() => void send(true)}>{t("office.send_now")}</Button> : null}
        {waiting && !file ? <Button kind="secondary" onPress={() => void exported().then((b) => setFile(URL.createObjectURL(b)))}>{t("office.export")}</Button> : null}
        {file ? <a class="govuk-link govuk-link--target" href={file} download="civis-outbox.json">{t("office.export_ready")}</a> : null}
      </div>
      <details class="govuk-details">
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("office.import")}</span></summary>
        <div class="govuk-details__text">
          <FileField id="import" label={t("office.import_text")} button={t("office.import_choose")} accept=".json,application/json"
            onFile={(file) => void imported(file).then((n) => setTook(n === null ? t("office.import_not") : t("office.import_done", { n: digits(n) })),
              (e: unknown) => setTook(isFull(e) ? t("office.full") : failureText(e)))} />
          <p class="govuk-body" role="status">{took}</p>
        </div>
      </details>
      <DeviceName onKept={() => setTurn((n) => n + 1)} />
      {connected && signedIn ? <Devices key={`${turn} ${waiting}`} office={signedIn.staff.office} zone={zone} own /> : null}
      {kid ? <p class="govuk-body-s civis-muted">{t("office.key_is")} <span class="civis-code-s" lang="en">{kid}</span></p> : null}
    </>
  );
}
