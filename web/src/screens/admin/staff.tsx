// SPDX-License-Identifier: MPL-2.0
// Accounts: who has one, who is signed in, and the ways to take it away. From here nobody is given anything: accounts are made at the
// machine. All that is done about accounts stands in their log, below.
import { useEffect, useState } from "preact/hooks";
import { getJson, request } from "../../api/client";
import type { Account, AccountLine, AccountLog, Accounts } from "../../api/types";
import { me } from "../../app/me";
import { address } from "../../app/router";
import type { ScreenProps } from "../../app/screens";
import { needCountry, useCountry } from "../../form/country";
import { Checkbox, TextField } from "../../ui/fields";
import { LongTable } from "../../ui/long_table";
import { BackLink, Button, failureText, Notice } from "../../ui/page";
import { whenText } from "../../ui/when";
import { digits, language, t } from "../../words/words";

async function all(): Promise<Account[]> {
  const accounts: Account[] = [];
  let after: string | undefined = "";
  while (after !== undefined) {
    const page: Accounts = await getJson<Accounts>(`/api/v1/staff?limit=100&after=${encodeURIComponent(after)}`);
    accounts.push(...page.staff);
    after = page.next;
  }
  return accounts;
}

const shownName = (a: Account): string => (language.get() === "en" ? a.display_name.latin : a.display_name.native);
const when = (instant: string): string => whenText(Date.parse(instant));
/** An office's path may break after each of its parts. */
const broken = (path: string) => <span lang="en">{path.split("/").map((part, i) => (i ? <>/<wbr />{part}</> : part))}</span>;

/** Asked twice: what ends an account cannot be taken back. */
function Ways({ account, onDone }: { account: Account; onDone: (text: string) => void }) {
  const [sure, setSure] = useState<"sessions" | "close" | null>(null);
  const [busy, setBusy] = useState(false);
  if (account.name === me()?.name) return <>{t("admin.yourself")}</>;
  if (!account.active) return <>–</>;
  async function end(what: "sessions" | "close"): Promise<void> {
    if (sure !== what) return setSure(what);
    if (busy) return;
    setBusy(true);
    try {
      await request(`/api/v1/staff/${account.id}/${what}`, what === "sessions" ? { method: "DELETE" } : { method: "POST", body: {} });
      onDone(t(what === "sessions" ? "admin.sessions_ended" : "admin.closed_now", { name: account.name }));
    } catch (e) {
      onDone(failureText(e));
    } finally {
      setBusy(false);
      setSure(null);
    }
  }
  const way = (what: "sessions" | "close") => (
    <Button kind={sure === what ? "warning" : "secondary"} busy={busy} onPress={() => void end(what)}>
      {t(sure === what ? `admin.${what}_sure` : `admin.${what}`)}<span class="govuk-visually-hidden"> {account.name}</span>
    </Button>
  );
  return <>{account.sessions ? way("sessions") : null}{way("close")}</>;
}

function Log({ lines }: { lines: readonly AccountLine[] }) {
  return (
    <LongTable caption={t("admin.log")} rows={lines} keyOf={(l) => String(l.no)} columns={[t("admin.when"), t("admin.what"), t("admin.by")]}
      more={(n, of) => t("admin.more", { shown: digits(n), all: digits(of) })}
      cells={(l) => [when(l.at), <>{t(`admin.event.${l.event}`, { name: l.name })}<br />{t(`admin.role.${l.role}`)} · {broken(l.office)}</>, l.by ?? t("admin.machine")]} />
  );
}

export default function StaffScreen(_: ScreenProps) {
  const country = useCountry();
  const [accounts, setAccounts] = useState<Account[] | null>(null);
  const [lines, setLines] = useState<AccountLine[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [closed, setClosed] = useState(false);
  const load = () => {
    setFailure(null);
    Promise.all([all(), getJson<AccountLog>("/api/v1/staff-log?limit=100"), needCountry()]).then(
      ([a, log]) => { setAccounts(a); setLines(log.lines); }, (e: unknown) => setFailure(failureText(e)));
  };
  useEffect(load, []);
  const shown = (accounts ?? []).filter((a) => (closed || a.active) && `${a.name} ${a.office}`.includes(typed.trim().toLowerCase()));
  return (
    <>
      <BackLink href={address("work")} />
      <h1 class="govuk-heading-l">{t("admin.staff")}</h1>
      <p class="govuk-body">{t("admin.staff_text")}</p>
      {failure ? <Notice>{failure} <Button kind="secondary" onPress={load}>{t("core.again")}</Button></Notice> : null}
      <div role="status">{said ? <p class="govuk-body"><strong>{said}</strong></p> : null}</div>
      {!accounts && !failure ? <p class="govuk-body" aria-live="polite">{t("core.loading")}</p> : null}
      {accounts && country ? (
        <>
          <TextField id="typed" label={t("admin.narrow")} hint={t("admin.narrow_hint")} lang="en" width={20} value={typed} onValue={setTyped} />
          <Checkbox id="closed" label={t("admin.with_closed")} value={closed} onValue={setClosed} />
          <p class="govuk-body" aria-live="polite">{t("admin.count", { n: digits(shown.length), in: digits(accounts.filter((a) => a.sessions).length) })}</p>
          <LongTable caption={t("admin.staff")} rows={shown} keyOf={(a) => a.id} columns={[t("admin.account"), t("admin.state"), t("admin.ways")]}
            more={(n, of) => t("admin.more", { shown: digits(n), all: digits(of) })}
            cells={(a) => [
              <><strong lang="en">{a.name}</strong><br />{shownName(a)}<br />{t(`admin.role.${a.role}`)} · {broken(a.office)}</>,
              !a.active ? <strong class="govuk-tag govuk-tag--grey">{t("admin.is_closed")}</strong>
                : a.sessions ? <><strong class="govuk-tag govuk-tag--green">{t("admin.signed_in", { n: digits(a.sessions) })}</strong>{a.used ? <><br />{when(a.used)}</> : null}</>
                : t("admin.not_signed_in"),
              <Ways account={a} onDone={(text) => { setSaid(text); load(); }} />,
            ]} />
          <h2 class="govuk-heading-m">{t("admin.log")}</h2>
          <p class="govuk-body">{t("admin.log_text")}</p>
          <Log lines={lines} />
        </>
      ) : null}
    </>
  );
}
