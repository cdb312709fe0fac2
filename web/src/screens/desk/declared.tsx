// SPDX-License-Identifier: MPL-2.0
// The declaration, part by part; beside what changed, how it stood before: as it was notified, or at an earlier version of the case.
import { useState } from "preact/hooks";
import { instantText } from "../../base/dates";
import { useObservable } from "../../base/observable";
import type { Members } from "../../base/pointer";
import { openCase, type Case, type Step } from "../../desk/api";
import { country, dateWords, say } from "../../form/country";
import { lines } from "../../form/display";
import { placesKnown } from "../../form/places";
import type { FormShape } from "../../form/types";
import { Select } from "../../ui/fields";
import { Button, failureText, Notice, SummaryList } from "../../ui/page";
import { language, t } from "../../words/words";

type Line = ReturnType<typeof lines>[number];

function Changed({ was, now, lang }: { was: Line | undefined; now: Line | undefined; lang: string | undefined }) {
  return (
    <>
      {was ? <><span class="govuk-visually-hidden">{t("desk.before")}: </span><del lang={lang}>{was.text}</del><br /></> : null}
      <span class="govuk-visually-hidden">{t("desk.now")}: </span><ins lang={lang}>{now ? now.text : t("desk.taken_out")}</ins>
      {" "}<strong class="govuk-tag govuk-tag--blue">{t(was ? "desk.changed" : "desk.added")}</strong>
    </>
  );
}

/** `part`: only what stood there before is compared, since what came to it was expected. */
function Parts({ form, now, was, part, warnings }: { form: FormShape; now: Members; was?: Members | undefined; part?: boolean; warnings?: Case["warnings"] }) {
  useObservable(placesKnown);
  const map = (of: Members) => new Map(lines(form, of).map((l) => [l.field.path, l]));
  const after = map(now), before = was ? map(was) : after;
  const all = form.fields.filter((f) => f.path !== form.evidence).map((f) => ({ field: f, now: after.get(f.path), was: before.get(f.path) })).filter((l) => l.now ?? l.was);
  const part_of = (l: (typeof all)[number]) => (l.now ?? l.was)?.part ?? "";
  return (
    <>
      {[...new Set(all.map(part_of))].map((name) => (
        <section key={name}>
          <h3 class="govuk-heading-s">{name || t("desk.general")}</h3>
          <SummaryList rows={all.filter((l) => part_of(l) === name).map((l) => {
            const remark = warnings?.find((w) => w.pointer === l.field.path);
            const lang = l.field.script === "latin" ? "en" : undefined;
            const same = JSON.stringify(l.now?.value) === JSON.stringify(l.was?.value) || (part && !l.was);
            return {
              key: say(l.field.title),
              value: (
                <>
                  {same ? <span lang={lang}>{l.now?.text}</span> : <Changed was={l.was} now={l.now} lang={lang} />}
                  {remark ? <><br /><strong class="govuk-tag govuk-tag--yellow">{t("desk.remark")}</strong> {remark.message}</> : null}
                </>
              ),
            };
          })} />
        </section>
      ))}
    </>
  );
}

const stepText = (s: Step): string => {
  const zone = country.get()?.zone_minutes ?? 0;
  return `${s.transition === "create" ? t("desk.opened") : say(`transition.${s.transition}`)} · ${instantText(s.at, dateWords(), language.get(), zone, true)}`;
};

/** Which earlier version: first the one that somebody sent back, since that is what one wants to see mended. */
function Compare({ c, onCompared }: { c: Case; onCompared: (was: Members | undefined) => void }) {
  const earlier = c.history.filter((s) => s.version < c.version);
  const returned = [...earlier].reverse().find((s) => s.reason);
  const [chosen, setChosen] = useState<string | undefined>(returned ? String(returned.version) : undefined);
  const [failure, setFailure] = useState<string | null>(null);
  if (!earlier.length) return null;
  const open = () => {
    if (!chosen) return onCompared(undefined);
    setFailure(null);
    openCase(c.id, Number(chosen)).then((old) => onCompared(old.declaration), (e: unknown) => setFailure(failureText(e)));
  };
  return (
    <details class="govuk-details civis-no-print">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("desk.compare")}</span></summary>
      <div class="govuk-details__text">
        <Select id="version" label={t("desk.compare_with")} empty={t("desk.compare_none")} value={chosen} onValue={setChosen}
          choices={earlier.map((s) => ({ value: String(s.version), label: stepText(s) }))} />
        {failure ? <p class="govuk-error-message">{failure}</p> : null}
        <Button kind="secondary" onPress={open}>{t("desk.compare_show")}</Button>
      </div>
    </details>
  );
}

export function Declared({ c, form }: { c: Case; form: FormShape }) {
  const [was, setWas] = useState<Members | undefined>(undefined);
  const same = was && JSON.stringify(was) === JSON.stringify(c.declaration);
  return (
    <>
      <h2 class="govuk-heading-m">{t("desk.declared")}</h2>
      <Compare key={c.version} c={c} onCompared={setWas} />
      <div role="status">{same ? <Notice>{t("desk.nothing_changed")}</Notice> : was ? <p class="govuk-body">{t("desk.changes_marked")}</p> : null}</div>
      <Parts form={form} now={c.declaration} was={was ?? c.notice} part={!was} warnings={c.warnings} />
      {c.notice ? (
        <details class="govuk-details">
          <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t("desk.notice")}</span></summary>
          <div class="govuk-details__text"><Parts form={form} now={c.notice} /></div>
        </details>
      ) : null}
    </>
  );
}
