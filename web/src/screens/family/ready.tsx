// SPDX-License-Identifier: MPL-2.0
// What the family's screens share: what must be there first, and the way that is always open.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useObservable } from "../../base/observable";
import { formOf, needCountry, useCountry } from "../../form/country";
import { useOfficeName } from "../../form/offices";
import type { Country, FormShape } from "../../form/types";
import { Button, failureText, useHeadingOf } from "../../ui/page";
import { t, useLanguage } from "../../words/words";
import { draft, needDrafts, type Draft } from "./draft";

export interface Ready {
  country: Country;
  form: FormShape;
}

type State = Ready | { failure: unknown } | null;

/** The country, the form of `kind` and what is kept on this phone; until then what to say instead. */
export function useReady(kind: string | null): { ready: Ready | null; instead: ComponentChildren } {
  const [state, setState] = useState<State>(null);
  const [again, setAgain] = useState(0);
  const language = useLanguage();
  useCountry();
  useEffect(() => {
    let wanted = true;
    setState((s) => (s && "form" in s && s.form.kind === kind ? s : null));
    Promise.all([needCountry(), needDrafts()])
      .then(async ([country]) => ({ country, form: await formOf(kind ?? familyKinds(country)[0] ?? "birth") }))
      .then((r) => wanted && setState(r), (failure: unknown) => wanted && setState({ failure }));
    return () => { wanted = false; };
  }, [kind, again, language]);
  useHeadingOf(state);
  if (state && "form" in state) return { ready: state, instead: null };
  if (!state) return { ready: null, instead: <p class="govuk-body" aria-live="polite">{t("core.loading")}</p> };
  return { ready: null, instead: (
    <>
      <h1 class="govuk-heading-l">{t("family.not_here")}</h1>
      <p class="govuk-body" role="alert">{failureText(state.failure)}</p>
      <Button onPress={() => setAgain((n) => n + 1)}>{t("core.again")}</Button>
    </>
  ) };
}

/** What a family declares itself. */
export const familyKinds = (country: Country): string[] =>
  country.kinds.filter((k) => k.declare.some((d) => d.roles.includes("family"))).map((k) => k.kind);

export const useDraft = (): Draft | null => useObservable(draft);

/** The way on paper, with the place where it is. */
export function OnPaper({ office }: { office?: string | null }) {
  const name = useOfficeName(office);
  return <p class="govuk-body civis-paper">{name ? t("family.on_paper_at", { office: name }) : t("family.on_paper")}</p>;
}
