// SPDX-License-Identifier: MPL-2.0
// How this device stands: whether it is ready for the road, whether its clock is right, whether what is typed is kept.
import { useEffect } from "preact/hooks";
import { session } from "../../api/client";
import { online } from "../../app/online";
import { instantText } from "../../base/dates";
import { useObservable } from "../../base/observable";
import { dateWords } from "../../form/country";
import type { Country } from "../../form/types";
import { notKept } from "../../office/drafts";
import { clockIsBehind, prepare, road } from "../../office/road";
import { Warning } from "../../ui/page";
import { language, t } from "../../words/words";

export function RoadState({ country }: { country: Country }) {
  const now = useObservable(road), connected = useObservable(online), who = useObservable(session);
  useEffect(() => { void prepare().catch(() => undefined); }, [connected, who]);
  const when = now.state === "ready" ? instantText(now.at, dateWords(), language.get(), country.zone_minutes, true) : "";
  return (
    <div role="status">
      {clockIsBehind(country) ? <Warning>{t("office.clock_behind")}</Warning> : null}
      {now.state === "ready" ? <p class="govuk-body">✓ {t("office.road_ready", { when })}</p> : null}
      {now.state === "fetching" ? <p class="govuk-body">… {t("office.road_fetching")}</p> : null}
      {now.state === "not_ready" ? <p class="govuk-body"><strong>!</strong> {t("office.road_not_ready")}</p> : null}
    </div>
  );
}

/** Above whatever is typed: that the device does not take it in. */
export function KeptState() {
  const why = useObservable(notKept);
  return <div role="alert">{why ? <Warning>{t(why === "full" ? "office.full" : "office.not_kept")}</Warning> : null}</div>;
}
