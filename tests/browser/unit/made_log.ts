// SPDX-License-Identifier: MPL-2.0
// A small public log with epochs, of a key of the test's own: the files that are published, by their paths below /log/.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

const sha256 = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();

/** RFC 6962 §2.1, the plain way. */
export function treeRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) return leaves[0] ?? sha256();
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.from([1]), treeRoot(leaves.slice(0, k)), treeRoot(leaves.slice(k)));
}

const leafOf = (entry: Uint8Array): Buffer => sha256(Buffer.from([0]), entry);

export interface LogKey {
  secret: KeyObject;
  public: Buffer;
}

export function newLogKey(): LogKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const secret = createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
  return { secret, public: Buffer.from(createPublicKey(secret).export({ format: "jwk" }).x!, "base64url") };
}

const material = (key: LogKey): Buffer => Buffer.concat([Buffer.from([1]), key.public]);
const keyId = (key: LogKey, name: string): Buffer => sha256(Buffer.from(`${name}\n`), material(key)).subarray(0, 4);

export const verifierKey = (key: LogKey, name: string): string => `${name}+${keyId(key, name).toString("hex")}+${material(key).toString("base64")}`;

/** A checkpoint of the first `size` entries; `signer`: the name that signs, of old the origin itself. */
export function checkpoint(key: LogKey, origin: string, entries: readonly Buffer[], size = entries.length, signer = origin): string {
  const text = `${origin}\n${size}\n${treeRoot(entries.slice(0, size).map(leafOf)).toString("base64")}\n`;
  return `${text}\n\u2014 ${signer} ${Buffer.concat([keyId(key, signer), sign(null, Buffer.from(text), key.secret)]).toString("base64")}\n`;
}

/** What the next epoch begins with. */
export const link = (note: string): Buffer => sha256(Buffer.from(note));

export const entry = (n: number): Buffer => sha256(Buffer.from([n]));

/** Fewer than 256 entries, of which the first `left` are published in `folder`. */
export function publish(files: Map<string, Buffer>, folder: string, note: string, entries: readonly Buffer[], left = entries.length): void {
  files.set(`${folder}checkpoint`, Buffer.from(note));
  files.set(`${folder}tile/0/000.p/${left}`, Buffer.concat(entries.slice(0, left).map(leafOf)));
}
