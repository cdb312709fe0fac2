// SPDX-License-Identifier: MPL-2.0
// What an officer keeps on this device: drafts, tasks, the outbox's list. Each value is sealed under the officer's own key, so
// neither the next user of the device nor whoever steals it reads one.
//
//   passphrase ─PBKDF2-SHA256, 600,000 rounds, salt→ wrapping key ─AES-256-GCM→ the officer's key (random, 256 bits)
//   value ─AES-256-GCM under the officer's key, nonce random, associated data = its place on the shelf→ sealed
//
// The shelf "users" holds salt and wrapped key under SHA-256 of the officer's name. A passphrase that was changed on the server opens
// the drawer no more; the old one does, once, and it is wrapped anew.
import type { Session } from "../api/types";
import { unlockedStaff } from "../app/me";
import { change, forget, keep, kept, keptKeys } from "../base/kept";
import { observable } from "../base/observable";

type Staff = Session["staff"];
type Sealed = { nonce: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer };
interface UserEntry {
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  wrapped: Sealed;
}

export interface Unlocked {
  /** SHA-256 of the name, hexadecimal: under what this officer's things stand. */
  user: string;
  staff: Staff;
  key: CryptoKey;
}

/** The drawer opened on this device in this page, with or without a network. */
export const unlocked = observable<Unlocked | null>(null);

unlocked.subscribe(() => unlockedStaff.set(unlocked.get()?.staff ?? null));

const ROUNDS = 600_000;
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

async function userOf(name: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(`civis-user ${name.normalize("NFC")}`)));
  return Array.from(hash, (b) => b.toString(16).padStart(2, "0")).join("");
}

async function wrappingKey(passphrase: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", utf8(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, base, { name: "AES-GCM", length: 256 }, false,
    ["encrypt", "decrypt"]);
}

async function seal(key: CryptoKey, place: string, value: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  return { nonce, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: utf8(place) }, key, value) };
}

const open = (key: CryptoKey, place: string, sealed: Sealed): Promise<ArrayBuffer> =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.nonce, additionalData: utf8(place) }, key, sealed.bytes);

const importKey = (raw: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<CryptoKey> => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

async function wrap(user: string, raw: Uint8Array<ArrayBuffer>, passphrase: string): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const wrapped = await seal(await wrappingKey(passphrase, salt, ROUNDS), user, raw);
  await keep("users", user, { salt, rounds: ROUNDS, wrapped } satisfies UserEntry);
}

async function unwrap(user: string, entry: UserEntry, passphrase: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await open(await wrappingKey(passphrase, entry.salt, entry.rounds), user, entry.wrapped));
  } catch {
    return null;
  }
}

/** After the server accepted name and passphrase. "changed": the drawer is still under an earlier passphrase; ask for it and try
    again with `earlier`, or discardDrawer(). */
export async function openAfterSignIn(name: string, passphrase: string, staff: Staff, earlier?: string): Promise<"open" | "changed"> {
  const user = await userOf(name);
  const entry = await kept<UserEntry>("users", user);
  const raw = entry ? await unwrap(user, entry, earlier ?? passphrase) : crypto.getRandomValues(new Uint8Array(32));
  if (!raw) return "changed";
  if (!entry || earlier !== undefined) await wrap(user, raw, passphrase);
  unlocked.set({ user, staff, key: await importKey(raw) });
  raw.fill(0);
  await put("me", "staff", staff);
  return "open";
}

/** Without a network. "unknown": nobody of that name has signed in on this device; "wrong": not the passphrase. */
export async function openOffline(name: string, passphrase: string): Promise<"open" | "unknown" | "wrong"> {
  const user = await userOf(name);
  const entry = await kept<UserEntry>("users", user);
  if (!entry) return "unknown";
  const raw = await unwrap(user, entry, passphrase);
  if (!raw) return "wrong";
  const key = await importKey(raw);
  raw.fill(0);
  const staff = await read<Staff>(key, `${user}/me/staff`);
  if (!staff) return "unknown";
  unlocked.set({ user, staff, key });
  return "open";
}

export async function discardDrawer(name: string): Promise<void> {
  const user = await userOf(name);
  for (const key of await keptKeys("sealed")) if (key.startsWith(`${user}/`)) await forget("sealed", key);
  await forget("users", user);
}

/** The key leaves memory; what is on the device stays sealed. */
export function lock(): void {
  unlocked.set(null);
}

async function read<T>(key: CryptoKey, place: string): Promise<T | undefined> {
  const sealed = await kept<Sealed>("sealed", place);
  if (!sealed) return undefined;
  return JSON.parse(new TextDecoder().decode(await open(key, place, sealed))) as T;
}

export function mine(): Unlocked {
  const me = unlocked.get();
  if (!me) throw new Error("the drawer is locked");
  return me;
}

/** What is put or removed together (seal and place below say under which keys). */
export interface Changes {
  puts: [place: string, value: unknown][];
  removes: string[];
}

export const placeOf = (kind: string, id: string, me = mine()): string => `${me.user}/${kind}/${id}`;

/** A value as it is put at its place. */
export async function sealed(kind: string, id: string, value: unknown, me = mine()): Promise<[string, unknown]> {
  const place = placeOf(kind, id, me);
  return [place, await seal(me.key, place, value instanceof Uint8Array ? (value as Uint8Array<ArrayBuffer>) : utf8(JSON.stringify(value)))];
}

/** All of it or nothing; durable when the promise is kept. */
export const apply = (c: Changes): Promise<void> => change("sealed", c.puts, c.removes);

/** `kind`: "draft", "outbox", "task" …; `id` without '/'. `me`: whose it is, if work goes on that began before the drawer was locked. */
export async function put(kind: string, id: string, value: unknown, me = mine()): Promise<void> {
  await apply({ puts: [await sealed(kind, id, value, me)], removes: [] });
}

export async function get<T>(kind: string, id: string, me = mine()): Promise<T | undefined> {
  return read<T>(me.key, placeOf(kind, id, me));
}

export async function list<T>(kind: string, me = mine()): Promise<{ id: string; value: T }[]> {
  const prefix = placeOf(kind, "", me), found = [];
  for (const place of await keptKeys("sealed")) {
    if (!place.startsWith(prefix)) continue;
    const value = await read<T>(me.key, place);
    if (value !== undefined) found.push({ id: place.slice(prefix.length), value });
  }
  return found;
}

export async function remove(kind: string, id: string, me = mine()): Promise<void> {
  await forget("sealed", placeOf(kind, id, me));
}

/** Bytes under the officer's own key: photographs of a draft. */
export async function getBytes(kind: string, id: string, me = mine()): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const place = placeOf(kind, id, me), found = await kept<Sealed>("sealed", place);
  return found ? new Uint8Array(await open(me.key, place, found)) : undefined;
}
