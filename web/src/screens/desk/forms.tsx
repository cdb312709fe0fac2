// SPDX-License-Identifier: MPL-2.0
// Forms to fill in by hand, printed beforehand for a day without electricity.
import { useEffect, useState } from "preact/hooks";
import { address } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { needCountry, say, useCountry } from "../../form/country";
import { BackLink, failureText, Notice } from "../../ui/page";
import { language, t } from "../../words/words";
import { AskPaper } from "./evidence";

export default function Forms(_: ScreenProps) {
  const country = useCountry();
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => { needCountry().catch((e: unknown) => setFailure(failureText(e))); }, []);
  return (
    <>
      <BackLink href={address("work")} />
      <h1 class="govuk-heading-l">{t("desk.forms")}</h1>
      <p class="govuk-body">{t("desk.forms_text")}</p>
      {failure ? <Notice>{failure}</Notice> : null}
      {(country?.kinds ?? []).map((k) => {
        const title = say(`kind.${k.kind}`);
        return (
          <section key={k.kind + language.get()}>
            <h2 class="govuk-heading-s">{title}</h2>
            <AskPaper path={`/forms/${k.kind}.pdf?language=${language.get()}`} name={k.kind} title={title} button={t("desk.forms_make", { what: title })} />
          </section>
        );
      })}
    </>
  );
}
