// SPDX-License-Identifier: MPL-2.0
// Whose phone this is.
//
//   shared  (what holds unless somebody says otherwise) all stays in this page's memory; nothing is left when it closes
//   mine    drafts, and codes of what was sent, are kept sealed until the person removes them: AES-256-GCM under a random key that
//           scripts can use but not read out. The key stands in the same store: whoever can unlock the phone can read them, as the
//           page says. Removing throws the key away first, so that what a disk still has of the rest is worth nothing.
import { forget, keep, kept, keptKeys } from "../../base/kept";
import { observable } from "../../base/observable";

export type Device = "shared" | "mine";

export const device = observable<Device>("shared");

const KEY = "family/key";
const place = (name: string): string => `family/${name}`;
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

interface Sealed {
  nonce: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

let key: CryptoKey | undefined;
let opened: Promise<void> | undefined;

/** Whether something is kept here from an earlier day. */
export function openDevice(): Promise<void> {
  opened ??= kept<CryptoKey>("sealed", KEY).then((found) => {
    key = found;
    device.set(found ? "mine" : "shared");
  }, () => undefined);
  return opened;
}

/** From now on things are kept. False: this browser keeps nothing (full, or private). */
export async function keepHere(): Promise<boolean> {
  try {
    const made = key ?? await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await keep("sealed", KEY, made);
    key = made;
    device.set("mine");
    return true;
  } catch {
    return false;
  }
}

/** Removes all that was kept, the key first. */
export async function keepNothing(): Promise<void> {
  device.set("shared");
  key = undefined;
  try {
    await forget("sealed", KEY);
    for (const name of await keptKeys("sealed")) if (name.startsWith(place(""))) await forget("sealed", name);
  } catch {
    // A browser that keeps nothing has nothing to remove.
  }
}

export async function put(name: string, value: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!key) return;
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: utf8(name) }, key, value);
  if (key) await keep("sealed", place(name), { nonce, bytes } satisfies Sealed);
}

export async function get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const sealed = key && await kept<Sealed>("sealed", place(name));
  if (!key || !sealed) return undefined;
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.nonce, additionalData: utf8(name) }, key, sealed.bytes));
}

export const putJson = (name: string, value: unknown): Promise<void> => put(name, utf8(JSON.stringify(value)));

export async function getJson<T>(name: string): Promise<T | undefined> {
  const bytes = await get(name);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
}

export const remove = (name: string): Promise<void> => forget("sealed", place(name)).catch(() => undefined);
