// SPDX-License-Identifier: MPL-2.0
// Who looked at a record, and why, in plain words: to be read, and printed to take home.
import { useEffect, useState } from "preact/hooks";
import type { Look } from "../../api/types";
import { address } from "../../app/router";
import { useOfficeName } from "../../form/offices";
import { BackLink, Button, failureText, Notice } from "../../ui/page";
import { digits, language, t } from "../../words/words";
import { looksAt } from "./opened";
import { at } from "./record";

const officer = (l: Look): string => (language.get() === "en" ? l.officer.latin : l.officer.native);

/** Its name, once that is known; its path may break after each of its parts. */
function Office({ scope }: { scope: string }) {
  const name = useOfficeName(scope);
  return name && name !== scope ? <>{name}</> : <span lang="en">{scope.split("/").map((part, i) => (i ? <>/<wbr />{part}</> : part))}</span>;
}

export function Looks({ id }: { id: string }) {
  const [looks, setLooks] = useState<Look[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => { looksAt(id).then(setLooks, (e: unknown) => setFailure(failureText(e))); }, [id]);
  return (
    <>
      <BackLink href={address("person", id)} />
      <h1 class="govuk-heading-l">{t("person.looks")}</h1>
      {failure ? <Notice>{failure}</Notice> : null}
      {!looks && !failure ? <p class="govuk-body" aria-live="polite">{t("core.loading")}</p> : null}
      {looks ? (
        <>
          <p class="govuk-body">{t("person.looks_text", { n: digits(looks.length), date: at(new Date().toISOString()) })}</p>
          <div class="civis-scroll" tabIndex={0} role="region" aria-label={t("person.looks")}>
            <table class="govuk-table">
              <caption class="govuk-table__caption govuk-visually-hidden">{t("person.looks")}</caption>
              <thead class="govuk-table__head">
                <tr class="govuk-table__row">
                  {(["when", "who", "why"] as const).map((c) => <th key={c} scope="col" class="govuk-table__header">{t(`person.look_${c}`)}</th>)}
                </tr>
              </thead>
              <tbody class="govuk-table__body">
                {looks.map((l) => (
                  <tr class="govuk-table__row" key={l.no}>
                    <td class="govuk-table__cell">{at(l.at)}</td>
                    <td class="govuk-table__cell">{officer(l)}<br />{t(`person.role.${l.role}`)}<br /><Office scope={l.office} /></td>
                    <td class="govuk-table__cell">{t(`person.why.${l.purpose}`)}<br />{t("person.look_what")}: {t(`person.opened.${l.kind}`)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="govuk-body">{t("person.looks_object")}</p>
          <Button onPress={() => print()}>{t("person.print")}</Button>
        </>
      ) : null}
    </>
  );
}
