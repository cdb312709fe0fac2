// SPDX-License-Identifier: MPL-2.0
// The device's own store (IndexedDB). Three shelves, none with anything about a person in clear:
//
//   public  what anybody may fetch: the country's pack, places, keys, status lists; and what an office calls this device
//   users   one entry an officer who used this device: salt and wrapped key (office/drawer.ts)
//   sealed  drafts and outbox items: ciphertext under a user's key or the vault's
import { openDB, type IDBPDatabase } from "idb";

export type Shelf = "public" | "users" | "sealed";

let opened: Promise<IDBPDatabase> | undefined;

function database(): Promise<IDBPDatabase> {
  opened ??= openDB("civis", 1, {
    upgrade(db) {
      for (const shelf of ["public", "users", "sealed"] satisfies Shelf[]) db.createObjectStore(shelf);
    },
  });
  return opened;
}

export async function keep(shelf: Shelf, key: string, value: unknown): Promise<void> {
  await (await database()).put(shelf, value, key);
}

/** All of it or nothing, and on the disk when the promise is kept. */
export async function change(shelf: Shelf, puts: readonly (readonly [key: string, value: unknown])[], removes: readonly string[]): Promise<void> {
  const all = (await database()).transaction(shelf, "readwrite", { durability: "strict" });
  await Promise.all([...puts.map(([key, value]) => all.store.put(value, key)), ...removes.map((key) => all.store.delete(key)), all.done]);
}

/** The device has no room left. */
export const isFull = (e: unknown): boolean => e instanceof DOMException && e.name === "QuotaExceededError";

export async function kept<T>(shelf: Shelf, key: string): Promise<T | undefined> {
  return (await (await database()).get(shelf, key)) as T | undefined;
}

export async function keptKeys(shelf: Shelf): Promise<string[]> {
  return (await (await database()).getAllKeys(shelf)).map(String);
}

export async function forget(shelf: Shelf, key: string): Promise<void> {
  await (await database()).delete(shelf, key);
}
