// SPDX-License-Identifier: MPL-2.0
// At which office it shall be registered: found by place, from the largest down. A family may choose any.
import { useEffect, useState } from "preact/hooks";
import { go } from "../../app/router";
import { useObservable } from "../../base/observable";
import { PlaceControl } from "../../form/controls";
import { needPlace, placeOf, placesKnown } from "../../form/places";
import { useOfficeName } from "../../form/offices";
import { BackLink, Button, ErrorSummary, Form, type FieldError } from "../../ui/page";
import { t } from "../../words/words";
import { change, type Draft } from "./draft";
import { OnPaper, type Ready } from "./ready";

export function WhichOffice({ ready, d, changing, progress }: { ready: Ready; d: Draft; changing: boolean; progress: string }) {
  const [errors, setErrors] = useState<FieldError[]>([]);
  const known = useObservable(placesKnown);
  const level = ready.country.kinds.find((k) => k.kind === d.kind)?.level ?? undefined;
  const place = d.place ? placeOf(d.place) : undefined;
  const office = place && place.level === level ? place.office : null;
  const name = useOfficeName(office);

  useEffect(() => {
    if (d.place) void needPlace(d.place).catch(() => undefined);
  }, []);
  useEffect(() => {
    if (office !== d.office) change({ office });
  }, [office, known]);

  function next(): void {
    const text = d.wrong.find((w) => w.pointer === "/office")?.text ?? (office ? "" : t("family.office_missing"));
    setErrors(text ? [{ id: "office", text }] : []);
    if (!text) go("declare", d.kind, changing ? "check-answers" : "first");
  }

  return (
    <Form onSubmit={next}>
      <BackLink onBack={() => history.back()} />
      <ErrorSummary errors={errors} />
      <p class="govuk-caption-l">{progress}</p>
      <PlaceControl until={level ?? ""} shared={{ id: "office", label: t("family.which_office"), hint: t("family.which_office_hint"), heading: true, error: errors[0]?.text }}
        value={d.place ?? ""} onValue={(code) => change({ place: code ?? null, wrong: d.wrong.filter((w) => w.pointer !== "/office") })} />
      <div role="status">{office && name ? <p class="govuk-inset-text">{t("family.office_chosen", { office: name })}</p> : null}</div>
      <Button>{t("core.continue")}</Button>
      <OnPaper office={office ?? null} />
    </Form>
  );
}
