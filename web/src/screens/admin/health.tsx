// SPDX-License-Identifier: MPL-2.0
// Whether the register can work: its parts, and what waits.
import { useEffect, useState } from "preact/hooks";
import { getJson, request } from "../../api/client";
import type { Health } from "../../api/types";
import { address } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { needCountry, useCountry } from "../../form/country";
import { BackLink, Button, failureText, Notice, SummaryList, Warning } from "../../ui/page";
import { whenText } from "../../ui/when";
import { digits, t } from "../../words/words";

interface Seen {
  health: Health;
  numbers: Map<string, number>;
  at: number;
}

const SHOWN = ["log_size", "errands_open", "http_queued", "store_queued", "store_refused_busy_total", "store_refused_full_total", "http_busy_total",
  "duplicates_not_searched_total"] as const;

/** Prometheus' text: the samples without labels, and those with labels summed up. */
function read(text: string): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [, name = "", value = ""] of text.matchAll(/^civis_(\w+)(?:\{[^}]*\})? ([\d.]+)$/gm)) numbers.set(name, (numbers.get(name) ?? 0) + Number(value));
  return numbers;
}

async function look(): Promise<Seen> {
  const [health, metrics] = await Promise.all([getJson<Health>("/healthz"), request("/metrics"), needCountry()]);
  return { health, numbers: read(await metrics.text()), at: Date.now() };
}

const state = (good: boolean) => <strong class={`govuk-tag govuk-tag--${good ? "green" : "red"}`}>{t(good ? "admin.works" : "admin.fails")}</strong>;

export default function HealthScreen(_: ScreenProps) {
  useCountry();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const again = () => { setFailure(null); look().then(setSeen, (e: unknown) => setFailure(failureText(e))); };
  useEffect(again, []);
  const n = (name: string): number => seen?.numbers.get(name) ?? 0;
  return (
    <>
      <BackLink href={address("work")} />
      <h1 class="govuk-heading-l">{t("admin.health")}</h1>
      {failure ? <Notice>{failure}</Notice> : null}
      {!seen && !failure ? <p class="govuk-body" aria-live="polite">{t("core.loading")}</p> : null}
      {seen ? (
        <>
          <p class="govuk-body" aria-live="polite">{t("admin.seen_at", { date: whenText(seen.at) })}</p>
          {seen.health.read_only ? <Warning>{t("admin.read_only")}</Warning> : null}
          <h2 class="govuk-heading-m">{t("admin.parts")}</h2>
          <SummaryList rows={[
            { key: t("admin.vault"), value: state(seen.health.vault) },
            { key: t("admin.matcher"), value: <>{state(seen.health.matcher)} {n("matcher_behind") ? t("admin.behind", { n: digits(n("matcher_behind")) }) : null}</> },
            { key: t("admin.log_writes"), value: state(!seen.health.read_only && seen.health.sequencer !== "nowhere") },
            { key: t("admin.restarts"), value: digits(n("child_restarts_total")) },
          ]} />
          <h2 class="govuk-heading-m">{t("admin.numbers")}</h2>
          <SummaryList rows={SHOWN.map((name) => ({ key: t(`admin.metric.${name}`), value: digits(n(name)) }))} />
        </>
      ) : null}
      <Button kind="secondary" onPress={again}>{t("admin.refresh")}</Button>
    </>
  );
}
