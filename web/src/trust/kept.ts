// SPDX-License-Identifier: MPL-2.0
// Keys, status lists and the last checkpoint, on this device. They are about no person.
//
// Status lists are fetched whole and all of them, when the screen is opened: which document is checked, and that one is
// checked at all, nobody learns.
import { NoAnswer } from "../api/client";
import { keep, kept } from "../base/kept";
import { Unreadable, utf8 } from "./bytes";
import { LIST_MAX } from "./status_list";
import { TRUST_MAX, readTrust, type Trust } from "./trust_file";

const LISTS_MAX = 4096, LISTS_BYTES_MAX = 64 << 20, AT_ONCE = 8, FRESH_MS = 3_600_000, TIMEOUT_MS = 60_000, SETTLE_MS = 8_000;

/** When the lists were last fetched, all of them, in milliseconds since 1970. */
interface Lists {
  count: number;
  at: number;
}

const memory = new Map<string, unknown>(); // a browser that keeps nothing still checks

async function put(key: string, value: unknown): Promise<void> {
  memory.set(key, value);
  await keep("public", key, value).catch(() => undefined);
}

async function get<T>(key: string): Promise<T | undefined> {
  return (memory.get(key) as T | undefined) ?? (await kept<T>("public", key).catch(() => undefined));
}

/** A public file, up to `max` bytes; undefined: there is none. NoAnswer without a network. Says nothing of who asks. */
export async function fetchPublic(path: string, max: number): Promise<Uint8Array | undefined> {
  try {
    const answer = await fetch(path, { credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new NoAnswer(`${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length > max) throw new Unreadable("too large");
    return bytes;
  } catch (e) {
    if (e instanceof Unreadable || e instanceof NoAnswer) throw e;
    throw new NoAnswer(String(e));
  }
}

const TRUST = "/trust.json", LISTS = "status-lists", SEEN = "log-seen";
const listPath = (n: number): string => `/status/${n}`;

export async function keptTrust(): Promise<{ trust: Trust; at: number } | undefined> {
  const copy = await get<{ json: string; at: number }>(TRUST);
  try {
    return copy && { trust: readTrust(copy.json), at: copy.at };
  } catch {
    return undefined; // kept by another version
  }
}

export const keptLists = (): Promise<Lists | undefined> => get<Lists>(LISTS);

export async function refreshTrust(): Promise<void> {
  const bytes = await fetchPublic(TRUST, TRUST_MAX);
  if (!bytes) throw new Unreadable("no trust file");
  const json = utf8(bytes);
  readTrust(json);
  await put(TRUST, { json, at: Date.now() });
}

async function refreshLists(): Promise<void> {
  const at = Date.now();
  let count = 0, size = 0;
  // Where they end is told by the first that is not there; so few are asked for at first.
  for (let more = true; more && count < LISTS_MAX && size < LISTS_BYTES_MAX;) {
    const lists = await Promise.all(Array.from({ length: Math.min(Math.max(count, 1), AT_ONCE) }, (_, i) => fetchPublic(listPath(count + i), LIST_MAX)));
    for (const bytes of lists) {
      more &&= bytes !== undefined;
      if (!more || !bytes) break;
      await put(listPath(count++), bytes);
      size += bytes.length;
    }
  }
  await put(LISTS, { count, at } satisfies Lists);
}

let running: Promise<void> | undefined;

/** Fetches keys and lists anew. `evenIfFresh`: also when that was less than an hour ago. */
export function refresh(evenIfFresh: boolean): Promise<void> {
  running ??= (async () => {
    const lists = await keptLists(), age = Date.now() - (lists?.at ?? 0);
    if (!evenIfFresh && lists && age >= 0 && age < FRESH_MS && (await keptTrust())) return;
    await refreshTrust();
    await refreshLists();
  })().finally(() => (running = undefined));
  return running;
}

/** Until a fetching that is under way has ended, but no longer than some seconds. */
export const settled = (): Promise<void> =>
  Promise.race([running?.catch(() => undefined) ?? Promise.resolve(), new Promise<void>((done) => setTimeout(done, SETTLE_MS))]);

/** The kept list of an address, as documents name it. */
export const listAtHand = (trust: Trust) => async (uri: string): Promise<Uint8Array | undefined> => {
  const number = /\/(\d{1,9})$/.exec(uri);
  if (!number || (trust.statusUri !== undefined && !uri.startsWith(trust.statusUri))) return undefined;
  return get<Uint8Array>(listPath(Number(number[1])));
};

/** The checkpoint that this device saw last, and when. */
export interface Seen {
  note: string;
  at: number;
}

export const lastSeen = (): Promise<Seen | undefined> => get<Seen>(SEEN);
export const remember = (seen: Seen): Promise<void> => put(SEEN, seen);
