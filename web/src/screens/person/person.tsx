// SPDX-License-Identifier: MPL-2.0
// Somebody at the counter: found by what they bring, the record opened for a reason that they can read afterwards.
import { useEffect, useState } from "preact/hooks";
import { me } from "../../app/me";
import { address } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { useObservable } from "../../base/observable";
import { needCountry, useCountry } from "../../form/country";
import { BackLink, failureText, Notice } from "../../ui/page";
import { t } from "../../words/words";
import { Act } from "./act";
import { Find } from "./find";
import { Looks } from "./looks";
import { opened } from "./opened";
import { Record } from "./record";
import { Why } from "./why";

export default function PersonScreen({ path }: ScreenProps) {
  const [id, what, kind] = path;
  const country = useCountry(), open = useObservable(opened);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => { needCountry().catch((e: unknown) => setFailure(failureText(e))); }, []);
  if (failure) return <><BackLink href={address("work")} /><h1 class="govuk-heading-l">{t("person.find")}</h1><Notice>{failure}</Notice></>;
  if (!country) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  if (!id) return <Find />;
  if (what === "looks" || me()?.role === "auditor") return <Looks key={id} id={id} />;
  if (open?.person.id !== id) return <Why key={id} id={id} />;
  return what === "act" && kind ? <Act key={kind} person={open.person} kind={kind} /> : <Record person={open.person} />;
}
