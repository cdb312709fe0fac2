// SPDX-License-Identifier: MPL-2.0
// What waits at this office, by what one has to do: kept sealed on the device when it was last seen, so that it can be taken along.
import { useEffect, useState } from "preact/hooks";
import { address } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { instantText } from "../../base/dates";
import { queue, queuePages, type CaseRow } from "../../desk/api";
import { dateWords, needCountry, say, useCountry } from "../../form/country";
import * as drawer from "../../office/drawer";
import { BackLink, Button, failureText, Notice } from "../../ui/page";
import { digits, language, t, type Key } from "../../words/words";
import { Due } from "../../ui/due";
import { takenIds } from "../../office/taken";
import { Locked } from "./locked";
import { Task } from "./task";

interface Seen {
  at: string;
  rows: CaseRow[];
}

const REGISTERED = "registered";

const GROUPS: { states: string[]; title: Key; text: Key }[] = [
  { states: ["notified"], title: "office.tasks_notified", text: "office.tasks_notified_text" },
  { states: ["returned"], title: "office.tasks_returned", text: "office.tasks_returned_text" },
  { states: [REGISTERED], title: "office.tasks_registered", text: "office.tasks_registered_text" },
];

export default function Tasks({ path }: ScreenProps) {
  return <Locked>{path[0] ? <Task key={path[0]} id={path[0]} /> : <List />}</Locked>;
}

/** The queue, and what waits to be collected, which it does not show. */
async function openTasks(): Promise<CaseRow[]> {
  const rows = await queue();
  await queuePages((more) => rows.push(...more) > 0, REGISTERED);
  return rows;
}

function List() {
  const country = useCountry();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [along, setAlong] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<string | null>(null);
  const load = async (): Promise<void> => {
    setFailure(null);
    await needCountry().catch(() => undefined);
    try {
      const fresh: Seen = { at: new Date().toISOString(), rows: await openTasks() };
      setSeen(fresh);
      await drawer.put("task", "queue", fresh);
      setAlong(await takenIds(new Set(fresh.rows.map((r) => r.id))));
    } catch (e) {
      setSeen((await drawer.get<Seen>("task", "queue")) ?? null);
      setAlong(await takenIds());
      setFailure(failureText(e));
    }
  };
  useEffect(() => { void load(); }, []);
  if (!country || (!seen && !failure)) return <p class="govuk-body" aria-live="polite">{t("core.loading")}</p>;
  const when = (instant: string) => instantText(instant, dateWords(), language.get(), country.zone_minutes, true);
  return (
    <>
      <BackLink href={address("work")} />
      <h1 class="govuk-heading-l">{t("office.tasks")}</h1>
      {failure ? <Notice>{failure} {seen ? t("office.tasks_as_of", { when: when(seen.at) }) : null}</Notice> : null}
      {failure ? <Button kind="secondary" onPress={() => void load()}>{t("core.again")}</Button> : null}
      {GROUPS.map((g) => {
        const rows = (seen?.rows ?? []).filter((r) => g.states.includes(r.state)).sort((a, b) => (a.deadline ?? "9").localeCompare(b.deadline ?? "9"));
        return (
          <section key={g.title}>
            <h2 class="govuk-heading-m">{t(g.title)} ({digits(rows.length)})</h2>
            <p class="govuk-body">{t(g.text)}</p>
            <ul class="govuk-task-list">
              {rows.map((r) => (
                <li class="govuk-task-list__item govuk-task-list__item--with-link" key={r.id}>
                  <div class="govuk-task-list__name-and-hint">
                    <a class="govuk-link govuk-task-list__link" href={address("tasks", r.id)}>{say(`kind.${r.kind}`)} {r.id.slice(0, 8)}</a>
                    <div class="govuk-task-list__hint">{when(r.created)}{along.has(r.id) ? ` · ✓ ${t("office.taken")}` : ""}</div>
                  </div>
                  <div class="govuk-task-list__status"><Due deadline={r.deadline} zone={country.zone_minutes} /></div>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
