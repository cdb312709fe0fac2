// SPDX-License-Identifier: MPL-2.0
// Devices that an office works with away from its network, as each said of itself when it was last heard.
import { useEffect, useState } from "preact/hooks";
import { getJson, request } from "../../api/client";
import type { Device, Devices as Told } from "../../api/types";
import { me } from "../../app/me";
import { dateText, daysBetween, today } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { nameOffices, officeName, officesKnown } from "../../desk/offices";
import { dateWords } from "../../form/country";
import { CsvLink, csvText } from "../../ui/csv";
import { Button, failureText, Notice } from "../../ui/page";
import { Row, Table } from "../../ui/table";
import { digits, language, t } from "../../words/words";

/** `before` and a page more; the first without it. */
async function load(office: string, before?: Told): Promise<Told> {
  const after = before?.next ? `&after=${encodeURIComponent(before.next)}` : "";
  const page = await getJson<Told>(`/api/v1/devices?office=${encodeURIComponent(office)}${after}`);
  await nameOffices(page.devices.map((d) => d.office));
  return { ...page, devices: [...(before?.devices ?? []), ...page.devices] };
}

const csvOf = (devices: readonly Device[]): string =>
  csvText([["office", "device", "last_heard", "waited_then"], ...devices.map((d) => [d.office, d.label ?? d.id, d.heard, d.waiting])]);

function Drop({ device, name, onDone }: { device: Device; name: string; onDone: () => void }) {
  const [sure, setSure] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const drop = (): void => {
    request(`/api/v1/devices/${device.id}?office=${encodeURIComponent(device.office)}`, { method: "DELETE" })
      .then(onDone, (e: unknown) => setFailure(failureText(e)));
  };
  return (
    <>
      <Button kind="secondary" onPress={() => (sure ? drop() : setSure(true))}>
        {t(sure ? "device.drop_sure" : "device.drop")}<span class="govuk-visually-hidden"> {name}</span>
      </Button>
      <div role="alert">{failure ?? (sure ? <span class="govuk-visually-hidden">{t("device.drop_sure")}</span> : null)}</div>
    </>
  );
}

/** `own`: every device of this office; else those of it and below it that have not been heard for long. */
export function Devices({ office, zone, own = false }: { office: string; zone: number; own?: boolean }) {
  useObservable(officesKnown);
  const [told, setTold] = useState<Told | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    setFailure(null);
    load(office).then((all) => wanted && setTold(all), (e: unknown) => wanted && setFailure(failureText(e)));
    return () => { wanted = false; };
  }, [office, turn]);
  const again = (): void => setTurn((n) => n + 1);
  if (failure) return <Notice>{failure} <Button kind="secondary" onPress={again}>{t("core.again")}</Button></Notice>;
  if (!told) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  const title = t(own ? "device.own" : "device.title"), mayDrop = me()?.role !== "auditor", now = today(zone);
  const devices = told.devices.filter((d) => (own ? d.office === office : d.quiet)).sort((a, b) => a.heard.localeCompare(b.heard));
  const nameOf = (d: Device): string => d.label ?? t("device.no_name", { id: d.id.slice(0, 4) });
  const heard = (d: Device): string => {
    const days = daysBetween(d.heard, now), date = dateText(d.heard, dateWords(), language.get());
    return days > 0 ? t("device.days", { date, n: digits(days) }) : t("device.today");
  };
  if (!devices.length) return <><h2 class="govuk-heading-m">{title}</h2><p class="govuk-body">{own ? t("device.none") : t("device.all_heard", { n: digits(told.quiet_days) })}</p></>;
  return (
    <>
      <Table caption={title} head={[t("device.device"), ...(own ? [] : [t("device.office")]), t("device.heard"), t("device.waiting"), ...(mayDrop ? [t("device.gone")] : [])]}>
        {devices.map((d) => (
          <Row key={d.office + d.id} head={nameOf(d)}
            cells={[...(own ? [] : [officeName(d.office)]), heard(d), digits(d.waiting), ...(mayDrop ? [<Drop device={d} name={nameOf(d)} onDone={again} />] : [])]} />
        ))}
      </Table>
      {told.next ? <Button kind="secondary" onPress={() => load(office, told).then(setTold, (e: unknown) => setFailure(failureText(e)))}>{t("device.more")}</Button> : null}
      <p class="govuk-body">{t("device.text")}</p>
      <p class="govuk-body civis-no-print"><CsvLink name="devices.csv" text={csvOf(devices)}>{t("device.csv")}</CsvLink></p>
    </>
  );
}
