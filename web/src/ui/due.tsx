// SPDX-License-Identifier: MPL-2.0
// How long until a legal deadline, in days of the country: by a sign and words, the colour only helps.
import { daysBetween, lastDay, today } from "../base/dates";
import { digits, t } from "../words/words";

export function Due({ deadline, zone }: { deadline: string | null; zone: number }) {
  if (!deadline) return <>–</>;
  const left = daysBetween(today(zone), lastDay(deadline, zone));
  if (left < 0) return <strong class="govuk-tag govuk-tag--red">{t("form.overdue", { days: digits(-left) })}</strong>;
  if (left <= 2) return <strong class="govuk-tag govuk-tag--yellow">{t("form.due_soon", { days: digits(left) })}</strong>;
  return <>{t("form.due_in", { days: digits(left) })}</>;
}
