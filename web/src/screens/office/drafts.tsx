// SPDX-License-Identifier: MPL-2.0
// The drafts on this device, and a new one.
import { useEffect, useState } from "preact/hooks";
import { me } from "../../app/me";
import { address, go } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { instantText } from "../../base/dates";
import { formOf, dateWords, needCountry, say, useCountry } from "../../form/country";
import { declaresAt } from "../../form/pages";
import type { FormShape } from "../../form/types";
import { begin, drafts, nameOf, notKept, type OfficeDraft } from "../../office/drafts";
import { Radios } from "../../ui/fields";
import { BackLink, Button, ErrorSummary, failureText, Form, type FieldError } from "../../ui/page";
import { language, t } from "../../words/words";
import { Locked } from "./locked";
import { RoadState } from "./standing";

export default function Drafts(_: ScreenProps) {
  return <Locked><List /></Locked>;
}

function List() {
  const country = useCountry();
  const [all, setAll] = useState<OfficeDraft[] | null>(null);
  const [forms, setForms] = useState<Record<string, FormShape>>({});
  const [kind, setKind] = useState<string | undefined>();
  const [errors, setErrors] = useState<FieldError[]>([]);
  const staff = me();
  useEffect(() => {
    drafts().then(setAll, (e: unknown) => setErrors([{ id: "", text: failureText(e) }]));
    needCountry().then(async (c) => {
      const entries = await Promise.all(c.kinds.map(async (k) => [k.kind, await formOf(k.kind)] as const));
      setForms(Object.fromEntries(entries));
    }).catch((e: unknown) => setErrors([{ id: "", text: failureText(e) }]));
  }, []);
  if (!country || !all || !staff) return <><ErrorSummary errors={errors} /><p class="govuk-body" aria-live="polite">{t("core.loading")}</p></>;
  const mine = country.kinds.filter((k) => k.subject === "new" && declaresAt(k, staff.regime).some((d) => d.roles.includes(staff.role)));
  const start = async () => {
    if (!kind) return setErrors([{ id: "kind", text: t("office.choose") }]);
    const draft = await begin(country, kind, staff);
    if (notKept.get()) return setErrors([{ id: "", text: t(notKept.get() === "full" ? "office.full" : "office.not_kept") }]);
    go("draft", draft.id);
  };
  return (
    <>
      <BackLink href={address("work")} />
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{t("office.drafts")}</h1>
      <RoadState country={country} />
      {all.length ? (
        <ul class="govuk-task-list">
          {all.map((d) => (
            <li class="govuk-task-list__item govuk-task-list__item--with-link" key={d.id}>
              <div class="govuk-task-list__name-and-hint">
                <a class="govuk-link govuk-task-list__link" href={address("draft", d.id)}>{nameOf(forms[d.kind], d) || t("office.no_name_yet")}</a>
                <div class="govuk-task-list__hint">{say(`kind.${d.kind}`)}{d.about ? ` · ${say(`transition.${d.about.transition}`)}` : ""} · {instantText(d.changed, dateWords(), language.get(), country.zone_minutes, true)}</div>
              </div>
            </li>
          ))}
        </ul>
      ) : <p class="govuk-body">{t("office.no_drafts")}</p>}
      <Form onSubmit={() => void start()}>
        <Radios id="kind" label={t("office.new_draft")} error={errors.find((e) => e.id === "kind")?.text} value={kind} onValue={setKind} choices={mine.map((k) => ({ value: k.kind, label: say(`kind.${k.kind}`) }))} />
        <Button>{t("office.begin")}</Button>
      </Form>
    </>
  );
}
