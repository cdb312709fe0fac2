// SPDX-License-Identifier: MPL-2.0
// The public log, for whoever wants to see that nothing was altered or removed; and what a receipt proves.
import { useEffect, useState } from "preact/hooks";
import { needCountry, useCountry } from "../../form/country";
import { Button } from "../../ui/page";
import { t, type Key } from "../../words/words";
import { ObservationView, type Looked } from "./observation";
import { look } from "./look";
import { ReceiptForm } from "./receipt";

const SHOWS: Key[] = ["log.shows_1", "log.shows_2", "log.shows_3"], SHOWS_NOT: Key[] = ["log.not_1", "log.not_2", "log.not_3"];

function What() {
  const list = (keys: Key[]) => <ul class="govuk-list govuk-list--bullet">{keys.map((k) => <li key={k}>{t(k)}</li>)}</ul>;
  return (
    <section>
      <h2 class="govuk-heading-m">{t("log.shows")}</h2>
      {list(SHOWS)}
      <h2 class="govuk-heading-m">{t("log.shows_not")}</h2>
      {list(SHOWS_NOT)}
    </section>
  );
}

export default function Log() {
  const [looked, setLooked] = useState<Looked | null>(null);
  useCountry();
  const again = () => {
    setLooked(null);
    void look().then(setLooked, () => setLooked("failed"));
  };
  useEffect(() => {
    again();
    void needCountry().catch(() => undefined); // for its months
  }, []);
  return (
    <>
      <h1 class="govuk-heading-l">{t("log.heading")}</h1>
      <p class="govuk-body-l">{t("log.lead")}</p>
      <div aria-live="polite">
        {looked ? <ObservationView looked={looked} /> : <p class="govuk-body">{t("log.looking")}</p>}
      </div>
      <Button kind="secondary" busy={!looked} onPress={again}>{t("log.again")}</Button>
      <ReceiptForm />
      <What />
    </>
  );
}
