// SPDX-License-Identifier: MPL-2.0
// The declaration that a family is writing, one at a time, and the codes of what it sent.
import { unsaved } from "../../app/update";
import { observable } from "../../base/observable";
import { setAt, type Json, type Members } from "../../base/pointer";
import { newSecret } from "../../base/text";
import type { Answered } from "../../form/answers";
import { language } from "../../words/words";
import { device, get, getJson, keepNothing, openDevice, put, putJson, remove } from "./device";

/** A case that is there already: a hospital's notification to complete, a declaration to amend. */
export interface About {
  transition: string;
  version: number;
  code: string;
}

export interface Photograph {
  id: string;
  kind: string;
  size: number;
  /** When it has arrived. */
  sent?: boolean;
  /** Where its upload goes on after a broken line. */
  upload?: string;
}

export interface Wrong {
  pointer: string;
  text: string;
}

export interface Draft extends Answered {
  case: string;
  kind: string;
  secret: string;
  office: string | null;
  /** The place by which the office was chosen. */
  place: string | null;
  photographs: Photograph[];
  about?: About;
  /** What the server found wrong, at pointers of the declaration. */
  wrong: Wrong[];
  /** What was sent and may have arrived: it is repeated to the letter until there is an answer. */
  attempt?: { key: string; path: string; body: string };
  /** The server has it; only photographs may be missing. */
  made?: { code: string; at: string };
}

/** A declaration that was sent: what one needs to follow it, and the answers for as long as they may have to be amended. */
export interface Sent {
  case: string;
  code: string;
  secret: string;
  kind: string;
  office: string;
  at: string;
  answers: Members;
  parts: Record<string, boolean>;
}

export const draft = observable<Draft | null>(null);
export const sent = observable<Sent[]>([]);
/** The pictures themselves, by id. */
const pictures = new Map<string, Blob>();

let loaded: Promise<void> | undefined;

/** Before a family's screen: what is kept on the person's own phone. */
export function needDrafts(): Promise<void> {
  loaded ??= openDevice().then(async () => {
    if (device.get() !== "mine") return;
    sent.set((await getJson<Sent[]>("sent")) ?? []);
    if (!draft.get()) draft.set((await getJson<Draft>("draft")) ?? null);
  }).catch(() => undefined);
  return loaded;
}

/** The phone has no room: what was typed last stands in this page alone. */
export const notKept = observable(false);
const notKeptPictures = new Set<string>();

// On a shared phone, and where there is no room, what was typed stands in this page alone: no newer client takes over, and before it is
// closed the browser asks.
const isTyped = (): boolean => (device.get() === "shared" || notKept.get()) && Object.keys(draft.get()?.answers ?? {}).length > 0;
const look = (): void => unsaved.set(isTyped() || (device.get() === "shared" && sent.get().length > 0));
device.subscribe(look);
draft.subscribe(look);
notKept.subscribe(look);
sent.subscribe(look);
addEventListener("beforeunload", (e) => { if (isTyped()) e.preventDefault(); });

let writing: Promise<void> = Promise.resolve();

/** One write after the other, the newest last. */
function save(): void {
  if (device.get() !== "mine") return;
  writing = writing.then(async () => {
    const now = draft.get();
    await (now ? putJson("draft", now) : remove("draft"));
    await putJson("sent", sent.get());
    notKept.set(notKeptPictures.size > 0);
  }).catch(() => notKept.set(true));
}

export const saved = (): Promise<void> => writing;

export function startDraft(kind: string, more: Partial<Draft> = {}): Draft {
  const made: Draft = {
    case: crypto.randomUUID(), kind, secret: newSecret(), office: null, place: null, answers: {}, parts: {}, photographs: [], wrong: [], ...more,
  };
  draft.set(made);
  save();
  return made;
}

export function change(to: Partial<Draft>): void {
  const now = draft.get();
  if (!now) return;
  draft.set({ ...now, ...to });
  save();
}

export function answer(pointer: string, value: Json | undefined): void {
  const now = draft.get();
  if (!now) return;
  const wrong = now.wrong.filter((w) => w.pointer !== pointer);
  change({ answers: setAt(now.answers, pointer, value), wrong });
}

/** Forgets the declaration that is being written. */
export async function dropDraft(): Promise<void> {
  const old = draft.get();
  draft.set(null);
  notKeptPictures.clear();
  save();
  for (const p of old?.photographs ?? []) {
    pictures.delete(p.id);
    await remove(`picture/${p.id}`);
  }
  await saved();
}

export async function addPicture(kind: string, picture: Blob): Promise<void> {
  const id = crypto.randomUUID();
  pictures.set(id, picture);
  if (device.get() === "mine") await put(`picture/${id}`, new Uint8Array(await picture.arrayBuffer())).catch(() => notKeptPictures.add(id));
  change({ photographs: [...(draft.get()?.photographs ?? []), { id, kind, size: picture.size }] });
}

export async function pictureOf(id: string): Promise<Blob | undefined> {
  const here = pictures.get(id);
  if (here) return here;
  const bytes = await get(`picture/${id}`);
  if (!bytes) return undefined;
  const picture = new Blob([bytes], { type: "image/jpeg" });
  pictures.set(id, picture);
  return picture;
}

export async function removePicture(id: string): Promise<void> {
  pictures.delete(id);
  notKeptPictures.delete(id);
  change({ photographs: (draft.get()?.photographs ?? []).filter((p) => p.id !== id) });
  await remove(`picture/${id}`);
}

export function changePicture(id: string, to: Partial<Photograph>): void {
  change({ photographs: (draft.get()?.photographs ?? []).map((p) => (p.id === id ? { ...p, ...to } : p)) });
}

export function rememberSent(one: Sent): void {
  sent.set([one, ...sent.get().filter((s) => s.case !== one.case)]);
  save();
}

export function forgetSent(id: string): void {
  sent.set(sent.get().filter((s) => s.case !== id));
  save();
}

/** What was kept in memory until now, on a phone that from now on keeps things. */
export async function keepWhatIsHere(): Promise<void> {
  for (const [id, picture] of pictures) await put(`picture/${id}`, new Uint8Array(await picture.arrayBuffer()));
  save();
  await saved();
}

/** Nothing of the family stays, neither here nor in memory. */
export async function leaveNothing(): Promise<void> {
  await saved();
  await keepNothing();
  pictures.clear();
  draft.set(null);
  sent.set([]);
}

export const languageOfCase = (packLanguages: readonly string[]): string =>
  packLanguages.includes(language.get()) ? language.get() : packLanguages[0] ?? "en";
