// SPDX-License-Identifier: MPL-2.0
// Sending what a family wrote: the declaration, then its photographs. Whatever the line does, it has one effect: what may have arrived
// is repeated to the letter under the same key until there is an answer.
import { NoAnswer, Refusal, request } from "../../api/client";
import { upload } from "../../api/upload";
import { online } from "../../app/online";
import { observable } from "../../base/observable";
import { withEvidence } from "../../form/answers";
import { country, formOf } from "../../form/country";
import type { FormShape } from "../../form/types";
import { failureText } from "../../ui/page";
import { change, changePicture, draft, dropDraft, languageOfCase, pictureOf, rememberSent, type Draft } from "./draft";
import { trackCase } from "./tracked";

export type Sending =
  | { phase: "idle" }
  | { phase: "waiting" }                                   // for a network, or for a server that is busy
  | { phase: "declaration" }
  | { phase: "photographs"; number: number; of: number; percent: number }
  | { phase: "wrong" }                                     // the server named fields: they stand in the draft
  | { phase: "stopped"; text: string; photographs: boolean }
  | { phase: "sent"; case: string };

export const sending = observable<Sending>({ phase: "idle" });

const RETRY_MS = 8_000;
let running = false;
let timer = 0;

function requestOf(form: FormShape, d: Draft): NonNullable<Draft["attempt"]> {
  const declaration = withEvidence(form, d.answers, d.photographs.map((p) => p.kind)), key = crypto.randomUUID();
  if (d.about) return { key, path: `/api/v1/cases/${d.case}/${d.about.transition}`, body: JSON.stringify({ declaration }) };
  const language = languageOfCase(country.get()?.languages ?? []);
  return { key, path: "/api/v1/cases", body: JSON.stringify({
    id: d.case, kind: d.kind, office: d.office, language, tracking_secret: d.secret, declaration,
  }) };
}

/** The declaration is with the server afterwards. */
async function sendDeclaration(d: Draft): Promise<void> {
  const attempt = d.attempt ?? requestOf(await formOf(d.kind), d);
  if (!d.attempt) change({ attempt });
  const answer = await request(attempt.path, {
    body: new Blob([attempt.body], { type: "application/json" }), method: "POST", key: attempt.key,
    headers: { "Content-Type": "application/json" }, ...(d.about ? { secret: d.secret, match: d.about.version } : {}),
  });
  const made = (await answer.json()) as { tracking_code?: string };
  const code = d.about?.code ?? made.tracking_code ?? "", at = new Date().toISOString();
  const now = draft.get();
  if (!now) return;
  const { attempt: _, ...rest } = now;
  draft.set(rest);
  change({ made: { code, at }, wrong: [] });
  rememberSent({ case: d.case, code, secret: d.secret, kind: d.kind, office: d.office ?? "", at, answers: d.answers, parts: d.parts });
}

async function sendPhotographs(): Promise<void> {
  const all = draft.get()?.photographs ?? [], secret = draft.get()?.secret ?? "", id = draft.get()?.case ?? "";
  for (const [i, p] of all.entries()) {
    const content = p.sent ? undefined : await pictureOf(p.id);
    if (!content) continue;
    const tell = (bytes: number) =>
      sending.set({ phase: "photographs", number: i + 1, of: all.length, percent: Math.round((bytes / content.size) * 100) });
    tell(0);
    await upload({ case: id, kind: p.kind, content, secret, at: p.upload, begun: (at) => changePicture(p.id, { upload: at }), progress: tell });
    changePicture(p.id, { sent: true });
  }
}

/** "/declaration/mother/name/native" → "/mother/name/native"; what is not of the declaration stays as it is. */
const inDeclaration = (pointer: string): string => pointer.replace(/^\/declaration(?=\/|$)/, "");

async function refused(r: Refusal, d: Draft): Promise<void> {
  if (r.status === 503 || r.status === 429) return wait((r.retryAfter ?? 5) * 1000);
  if (d.made) return sending.set({ phase: "stopped", text: failureText(r), photographs: true });
  const now = draft.get();
  if (now) {
    const { attempt: _, ...rest } = now; // it had no effect: what is sent next is another request
    draft.set(rest);
    change({});
  }
  const wrong = (r.problem.errors ?? []).map((e) => ({ pointer: inDeclaration(e.pointer), text: e.message }));
  if (wrong.length) {
    change({ wrong });
    return sending.set({ phase: "wrong" });
  }
  if (d.about && r.status === 412) {
    const case_ = await trackCase(d.about.code, d.secret);
    change({ about: { ...d.about, version: case_.version } });
  }
  sending.set({ phase: "stopped", text: failureText(r), photographs: false });
}

function wait(ms: number): void {
  sending.set({ phase: "waiting" });
  clearTimeout(timer);
  timer = window.setTimeout(() => void send(), ms);
}

/** Sends what is written, now or as soon as it can. Called while it is at work it does nothing. */
export async function send(): Promise<void> {
  clearTimeout(timer);
  const d = draft.get();
  if (running || !d) return;
  if (!online.get()) return sending.set({ phase: "waiting" });
  running = true;
  sending.set({ phase: "declaration" });
  try {
    if (!d.made) await sendDeclaration(d);
    await sendPhotographs();
    sending.set({ phase: "sent", case: d.case });
    await dropDraft();
  } catch (e) {
    const now = draft.get();
    if (e instanceof NoAnswer) wait(RETRY_MS);
    else if (e instanceof Refusal && now) await refused(e, now).catch(() => wait(RETRY_MS));
    else sending.set({ phase: "stopped", text: failureText(e), photographs: Boolean(now?.made) });
  } finally {
    running = false;
  }
}

/** The person goes on without the photographs that do not go through. */
export async function leavePhotographs(): Promise<void> {
  const id = draft.get()?.case;
  if (!id) return;
  sending.set({ phase: "sent", case: id });
  await dropDraft();
}

/** Nothing was sent yet that may have arrived: the person may still change it. */
export function stopWaiting(): void {
  clearTimeout(timer);
  sending.set({ phase: "idle" });
}

online.subscribe(() => {
  if (online.get() && sending.get().phase === "waiting") void send();
});

