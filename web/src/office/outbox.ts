// SPDX-License-Identifier: MPL-2.0
// What was finished on this device and has to reach the register: sealed to the vault the moment it is finished, sent when there is a
// network and a session, repeated until there is an answer, and never twice: each parcel holds its own request's key.
//
// The list (what, when, how far) stands under the officer's key; the parcels are ciphertext that only the vault opens.
import { getJson, NoAnswer, Refusal, request, session } from "../api/client";
import type { Case, ParcelOpened } from "../api/types";
import { upload } from "../api/upload";
import { online } from "../app/online";
import { kept } from "../base/kept";
import { observable } from "../base/observable";
import { base64url, fromBase64url } from "../base/bytes";
import type { Members } from "../base/pointer";
import { placeOfMove, typedEntry, type TypedMove } from "../desk/typed";
import { formOf, publicJson } from "../form/country";
import { language } from "../words/words";
import { tell } from "./device";
import * as drawer from "./drawer";
import { fileOf, newDraft, opened, partsOf, placeOfFile, settled, type OfficeDraft } from "./drafts";
import { isDue, meaningOf, waitAfter } from "./judge";
import { sealFile, sealRequest, type ParcelKey } from "./parcel";

export interface Item {
  id: string;
  /** The case's id. */
  case: string;
  kind: string;
  /** By what the officer knows it. */
  name: string;
  office: string;
  made: string;
  secret: string;
  state: "waiting" | "sending" | "sent" | "refused";
  /** Why it waits or was refused, in the server's words. */
  why?: string;
  /** A colleague has to send it: this account may not. */
  notMine?: boolean;
  tracking?: string;
  files: { kind: string; sent: boolean; at?: string; why?: string }[];
  requested: boolean;
  /** Not before this time (ms) it is tried again. */
  after: number;
  tries: number;
  /** What was moved, of a case that was there. */
  about?: OfficeDraft["about"];
}

/** What a visit or a certificate's hand-over says: a move without a declaration. */
export interface SmallMove {
  case: string;
  kind: string;
  office: string;
  name: string;
  transition: string;
  version: number;
  body: Members;
}

export const items = observable<Item[]>([]);
export const parcelKey = (): Promise<ParcelKey> => publicJson<ParcelKey>("/api/v1/parcel-key");

const LOCK = "civis-outbox", PARCEL = { "Content-Type": "application/octet-stream" };
const place = (me: drawer.Unlocked, item: string, part: string): string => `${me.user}/parcel/${item}.${part}`;
const parcelsOf = (me: drawer.Unlocked, item: Item): string[] =>
  [place(me, item.id, "request"), ...item.files.map((_, n) => place(me, item.id, `file${n}`))];
const upgraded = (kept: Item): Item => ({ ...kept, case: kept.case ?? kept.id });

/** A pointer of no question: what is wrong concerns all of it. */
const NOWHERE = "-";

// Another page of this browser shows the same list.
let others: BroadcastChannel | null = null;

let writing: Promise<void> = Promise.resolve();

/** The next word about an item; in the order in which it is said. */
function put(item: Item, me: drawer.Unlocked): Promise<void> {
  if (drawer.unlocked.get() === me) items.set([...items.get().filter((i) => i.id !== item.id), item].sort((a, b) => a.made.localeCompare(b.made)));
  const done = writing.then(() => drawer.put("outbox", item.id, item, me)).then(() => others?.postMessage(null));
  writing = done.catch(() => undefined);
  return done;
}

export async function load(): Promise<void> {
  const me = drawer.unlocked.get();
  if (!me) return;
  await writing;
  const all = (await drawer.list<Item>("outbox", me)).map((i) => upgraded(i.value)).sort((a, b) => a.made.localeCompare(b.made));
  if (drawer.unlocked.get() === me) items.set(all);
}

const newItem = (of: Pick<Item, "id" | "case" | "kind" | "name" | "office" | "secret">, files: Item["files"]): Item =>
  ({ ...of, made: new Date().toISOString(), state: "waiting", requested: false, after: 0, tries: 0, files });

/** The request's parcel, and what else, in one step: either all of it is on the disk, or nothing has changed. */
async function add(item: Item, me: drawer.Unlocked, to: ParcelKey, path: string, match: number | null, body: unknown, more: drawer.Changes): Promise<void> {
  const request = await sealRequest(to, me.staff.id, item.made, { path, key: crypto.randomUUID(), match, body });
  await drawer.apply({ puts: [[place(me, item.id, "request"), request], await drawer.sealed("outbox", item.id, item, me), ...more.puts], removes: more.removes });
  others?.postMessage(null);
  await load();
  void send();
}

/** Seals a finished draft in the draft's place. */
export function finish(d: OfficeDraft, declaration: Members, name: string): Promise<void> {
  const me = drawer.mine();
  return navigator.locks.request(`civis-finish-${d.id}`, async () => {
    await settled();
    if (!(await drawer.get("draft", d.id, me))) return load(); // another page of this browser has finished it
    const to = await parcelKey(), more: drawer.Changes = { puts: [], removes: [drawer.placeOf("draft", d.id, me)] }, files: Item["files"] = [];
    for (const file of d.files) {
      const content = file.parcel ? null : await fileOf(file.id);
      const parcel = file.parcel ? await kept<Uint8Array<ArrayBuffer>>("sealed", file.parcel) : content && (await sealFile(to, content));
      more.removes.push(placeOfFile(file, me));
      if (parcel) more.puts.push([place(me, d.id, `file${files.push({ kind: file.kind, sent: false }) - 1}`), parcel]);
    }
    more.removes = more.removes.filter((old) => !more.puts.some(([to]) => to === old));
    const item = { ...newItem({ id: d.id, case: d.case, kind: d.kind, name, office: d.office, secret: d.secret }, files), ...(d.about ? { about: d.about } : {}) };
    // What was recorded of the case meanwhile, on this device, comes before.
    const along = d.about && (await drawer.get<{ c: { version: number } }>("taken", d.case, me));
    if (along) more.removes.push(drawer.placeOf("taken", d.case, me));
    const version = d.about ? Math.max(d.about.version, along?.c.version ?? 0) : null;
    const body = d.about ? { declaration } : { id: d.case, kind: d.kind, office: d.office, language: language.get(), tracking_secret: d.secret, declaration };
    await add(item, me, to, d.about ? `/api/v1/cases/${d.case}/${d.about.transition}` : "/api/v1/cases", version, body, more);
    if (opened.get()?.id === d.id) opened.set(null);
  });
}

/** Seals a move that needs no declaration; `more` changes with it. */
export async function finishMove(m: SmallMove, more: drawer.Changes): Promise<void> {
  const about = { transition: m.transition, version: m.version, notice: false };
  const item = { ...newItem({ id: crypto.randomUUID(), case: m.case, kind: m.kind, name: m.name, office: m.office, secret: "" }, []), about };
  await add(item, drawer.mine(), await parcelKey(), `/api/v1/cases/${m.case}/${m.transition}`, m.version, m.body, more);
}

/** Somebody else is at this device now: what goes on belongs to nobody here. */
class Gone extends Error {}

function still(me: drawer.Unlocked): void {
  if (drawer.unlocked.get() !== me) throw new Gone();
}

async function sendRequest(item: Item, me: drawer.Unlocked): Promise<Item> {
  const parcel = await kept<Uint8Array<ArrayBuffer>>("sealed", place(me, item.id, "request"));
  if (!parcel) return { ...item, requested: true };
  still(me);
  try {
    const answer = await request("/api/v1/parcels", { body: parcel, headers: PARCEL });
    const made = (await answer.json().catch((e: unknown) => { throw new NoAnswer(String(e)); })) as { tracking_code?: string | null };
    return { ...item, requested: true, tries: 0, ...(made.tracking_code ? { tracking: made.tracking_code } : {}) };
  } catch (e) {
    // Its id is there already: somebody sent what was exported from here.
    if (e instanceof Refusal && e.status === 409 && e.code === "conflict" && !item.about) return { ...item, requested: true };
    throw e;
  }
}

/** The photographs, each by itself: one that is refused does not hold up the others. */
async function sendFiles(first: Item, me: drawer.Unlocked): Promise<Item> {
  let item = first;
  const mark = (n: number, change: Partial<Item["files"][number]>): Promise<void> => {
    item = { ...item, files: item.files.map((f, i) => (i === n ? { ...f, ...change } : f)) };
    return put(item, me);
  };
  for (const [n, file] of item.files.entries()) {
    const parcel = file.sent ? undefined : await kept<Uint8Array<ArrayBuffer>>("sealed", place(me, item.id, `file${n}`));
    if (!parcel) continue;
    still(me);
    try {
      await upload({ case: item.case, kind: file.kind, content: new Blob([parcel]), sealed: true, at: file.at,
        begun: (at) => void mark(n, { at }).catch(() => undefined), progress: () => still(me) });
    } catch (e) {
      if (meaningOf(e) !== "refused") throw e;
      await mark(n, { why: e instanceof Error ? e.message : String(e) });
      continue;
    }
    const { why: _, at: __, ...rest } = item.files[n] ?? file;
    item = { ...item, tries: 0, files: item.files.map((f, i) => (i === n ? { ...rest, sent: true } : f)) };
    await put(item, me);
  }
  return item;
}

async function sendItem(first: Item, me: drawer.Unlocked): Promise<void> {
  const { why: _, notMine: __, ...rest } = first;
  let item: Item = { ...rest, state: "sending" };
  await put(item, me);
  if (!item.requested) {
    item = await sendRequest(item, me);
    await put(item, me);
  }
  item = await sendFiles(item, me);
  const lacking = item.files.find((f) => !f.sent && f.why);
  if (lacking?.why) return put({ ...item, state: "refused", why: lacking.why, tries: item.tries + 1 }, me);
  item = { ...item, state: "sent" };
  await put(item, me);
  await drawer.apply({ puts: [], removes: parcelsOf(me, item) });
}

/** Notes why it did not arrive; true: nothing else will, for now. */
async function failed(id: string, e: unknown, me: drawer.Unlocked): Promise<boolean> {
  const meaning = meaningOf(e), item = items.get().find((i) => i.id === id);
  if (e instanceof Gone || !item) return true;
  const tries = item.tries + 1, why = e instanceof Refusal ? [e.message, ...(e.problem.errors ?? []).map((f) => f.message)].join(" · ") : undefined;
  const after = Date.now() + waitAfter(tries, e instanceof Refusal ? e.retryAfter : null);
  await put({ ...item, state: meaning === "refused" ? "refused" : "waiting", tries, after, ...(why ? { why } : {}),
    ...(e instanceof Refusal && e.status === 403 ? { notMine: true } : {}) }, me);
  return meaning === "no_answer" || meaning === "no_session";
}

let timer: ReturnType<typeof setTimeout> | undefined;

const unsent = (i: Item): boolean => i.state === "waiting" || i.state === "sending";

/** Sends what waits, oldest first; one page of this browser at a time. `now`: also what was to wait. */
export async function send(now = false): Promise<void> {
  clearTimeout(timer);
  const me = drawer.unlocked.get();
  const may = () => drawer.unlocked.get() === me && session.get()?.staff.id === me?.staff.id && online.get();
  if (!me || !may()) return;
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await load();
    for (const item of items.get().filter(unsent)) {
      if (!may()) return;
      if (!now && !isDue(item.after, Date.now())) continue;
      try {
        await sendItem(item, me);
      } catch (e) {
        if (await failed(item.id, e, me)) return;
      }
    }
  }).catch(() => undefined); // a device that is full keeps what it has, and tries again
  void tell().catch(() => undefined);
  const next = Math.min(...items.get().filter(unsent).map((i) => (isDue(i.after, Date.now()) ? 0 : i.after - Date.now())));
  clearTimeout(timer);
  if (Number.isFinite(next)) timer = setTimeout(() => void send(), Math.max(2000, next));
}

/** A refused item is tried again when the officer has seen to the reason. */
export async function tryAgain(item: Item): Promise<void> {
  const { why: _, notMine: __, ...rest } = item;
  await put({ ...rest, state: "waiting", after: 0, files: item.files.map(({ why: ___, ...f }) => f) }, drawer.mine());
  await send(true);
}

/** Whether what was refused can be opened again: it was finished here. */
export const canMend = (item: Item): boolean => item.state === "refused" && !item.requested && item.office !== "";

/** The version that the case has now, if the move is still open. */
async function versionNow(item: Item, about: NonNullable<Item["about"]>): Promise<number> {
  const now = await getJson<Case>(`/api/v1/cases/${item.case}`).catch(() => null);
  return now?.next.some((m) => m.transition === about.transition) ? now.version : about.version;
}

/** A move without a declaration is typed again where the case is; what the device kept of the case has gone another way. */
async function mendMove(item: Item, about: NonNullable<Item["about"]>, body: Members, me: drawer.Unlocked): Promise<drawer.Changes> {
  const { reason, note, details } = body as { reason?: string; note?: string; details?: Members };
  const kept: TypedMove = { transition: about.transition, version: about.version, typed: { ...(reason ? { reason } : {}), note: note ?? "", details: details ?? {}, declaration: {} } };
  return { puts: [await typedEntry(placeOfMove(item.case), kept, me)], removes: [drawer.placeOf("taken", item.case, me)] };
}

/** What was refused can be changed again: the vault gives it back to who finished it. A declaration becomes a draft, with what is
    wrong at its questions; its photographs stay sealed as they are. Where it is now; null: it has been taken after all. */
export async function mend(item: Item): Promise<string[] | null> {
  const me = drawer.mine(), parcel = await kept<Uint8Array<ArrayBuffer>>("sealed", place(me, item.id, "request"));
  let back: ParcelOpened;
  try {
    back = await getJson<ParcelOpened>("/api/v1/parcels/opened", { body: parcel, headers: PARCEL });
  } catch (e) {
    if (!(e instanceof Refusal) || e.code !== "parcel_taken") throw e;
    await tryAgain(item);
    return null;
  }
  const done = async ({ puts, removes }: drawer.Changes): Promise<void> => {
    still(me);
    await writing;
    await drawer.apply({ puts, removes: [...removes, place(me, item.id, "request"), drawer.placeOf("outbox", item.id, me)] });
    others?.postMessage(null);
    await load();
    void tell().catch(() => undefined);
  };
  const body = back.request.body as unknown as { declaration?: Members }, errors = back.problem.errors ?? [];
  if (!body.declaration) {
    if (item.about) await done(await mendMove(item, item.about, body as Members, me));
    return ["case", item.case];
  }
  const answers = body.declaration, wrong = errors.map((w) => ({ pointer: w.pointer.replace(/^\/declaration/, "") || NOWHERE, text: w.message }));
  const draft: OfficeDraft = {
    ...newDraft(item.kind, item.office), id: item.id, case: item.case, secret: item.secret, answers, parts: partsOf(await formOf(item.kind), answers),
    files: item.files.map((f, n) => ({ id: crypto.randomUUID(), kind: f.kind, size: 0, parcel: place(me, item.id, `file${n}`) })),
    changed: new Date().toISOString(), wrong: wrong.length ? wrong : [{ pointer: NOWHERE, text: back.problem.detail ?? back.problem.title }],
    ...(item.about ? { about: { ...item.about, version: await versionNow(item, item.about) } } : {}),
  };
  await done({ puts: [await drawer.sealed("draft", draft.id, draft, me)], removes: [] });
  return ["draft", draft.id];
}

/** Takes an item off the list; one that did not arrive only when the officer insists. */
export async function drop(item: Item): Promise<void> {
  const me = drawer.mine();
  await writing;
  await drawer.apply({ puts: [], removes: [...parcelsOf(me, item), drawer.placeOf("outbox", item.id, me)] });
  items.set(items.get().filter((i) => i.id !== item.id));
  others?.postMessage(null);
  void tell().catch(() => undefined);
}

interface Exported {
  civis_outbox: 1;
  items: { id: string; case?: string; kind: string; made: string; move?: string; requested?: boolean; request: string; files: { kind: string; content: string }[] }[];
}

/** What has not arrived, as a file to carry to another device. It holds parcels only: nobody but the vault opens it. */
export async function exported(): Promise<Blob> {
  const me = drawer.mine(), out: Exported = { civis_outbox: 1, items: [] };
  const parcel = (item: Item, part: string) => kept<Uint8Array<ArrayBuffer>>("sealed", place(me, item.id, part));
  for (const item of items.get()) {
    const sealed = item.state === "sent" ? undefined : await parcel(item, "request");
    if (!sealed) continue;
    const files = [];
    for (const [n, f] of item.files.entries()) {
      const content = f.sent ? undefined : await parcel(item, `file${n}`);
      if (content) files.push({ kind: f.kind, content: base64url(content) });
    }
    out.items.push({ id: item.id, case: item.case, kind: item.kind, made: item.made, ...(item.about ? { move: item.about.transition } : {}),
      requested: item.requested, request: base64url(sealed), files });
  }
  return new Blob([JSON.stringify(out)], { type: "application/json" });
}

/** Takes over what another device exported; returns how many items, or null if the file is none. Fails where there is no room. */
export async function imported(file: Blob): Promise<number | null> {
  const me = drawer.mine();
  let all: Exported;
  const found: [Item, Uint8Array<ArrayBuffer>[]][] = [];
  try {
    all = JSON.parse(await file.text()) as Exported;
    if (all.civis_outbox !== 1) return null;
    for (const i of all.items) {
      if (![i.id, i.case ?? i.id].every((id) => /^[0-9a-f-]{36}$/.test(id)) || items.get().some((mine) => mine.id === i.id)) continue;
      const item = newItem({ id: i.id, case: i.case ?? i.id, kind: String(i.kind), name: "", office: "", secret: "" }, i.files.map((f) => ({ kind: String(f.kind), sent: false })));
      found.push([{ ...item, made: new Date(i.made).toISOString(), requested: i.requested === true,
        ...(i.move ? { about: { transition: String(i.move), version: 0, notice: false } } : {}) }, [i.request, ...i.files.map((f) => f.content)].map(fromBase64url)]);
    }
  } catch {
    return null;
  }
  for (const [item, parcels] of found)
    await drawer.apply({ puts: [...parcelsOf(me, item).map((at, n): [string, unknown] => [at, parcels[n]]), await drawer.sealed("outbox", item.id, item, me)], removes: [] });
  await load();
  void send(true);
  return found.length;
}

/** Follows network and session: whenever both are there, what waits is sent. */
export function watchOutbox(): void {
  others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(LOCK);
  others?.addEventListener("message", () => void load().catch(() => undefined));
  online.subscribe(() => void send(true));
  session.subscribe(() => void send(true));
  drawer.unlocked.subscribe(() => {
    items.set([]);
    if (drawer.unlocked.get()) void load().then(() => send(true));
  });
}
