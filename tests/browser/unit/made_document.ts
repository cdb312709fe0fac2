// SPDX-License-Identifier: MPL-2.0
// Documents, status lists and trust files as the register makes them, and spoilt ones, signed with keys of the test's own.
// Writes its own CBOR, so that the client's reader is not judged by itself.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { deflateSync } from "node:zlib";
import { DICTIONARY } from "../../../web/src/trust/inflate";

export type Item = number | string | Uint8Array | Item[] | Map<Item, Item> | Raw;
/** Bytes that stand as they are. */
export class Raw {
  constructor(readonly bytes: Uint8Array) {}
}

function head(major: number, n: number): Buffer {
  if (n < 24) return Buffer.from([(major << 5) | n]);
  const [info, size] = n < 0x100 ? [24, 1] : n < 0x10000 ? [25, 2] : n < 0x100000000 ? [26, 4] : [27, 8];
  const out = Buffer.alloc(1 + (size as number));
  out[0] = (major << 5) | (info as number);
  if (size === 8) out.writeBigUInt64BE(BigInt(n), 1);
  else out.writeUIntBE(n, 1, size as number);
  return out;
}

/** Maps in the order given, so that a wrong order can be written. */
export function cbor(item: Item): Buffer {
  if (item instanceof Raw) return Buffer.from(item.bytes);
  if (typeof item === "number") return item < 0 ? head(1, -1 - item) : head(0, item);
  if (typeof item === "string") return Buffer.concat([head(3, Buffer.byteLength(item)), Buffer.from(item)]);
  if (item instanceof Uint8Array) return Buffer.concat([head(2, item.length), item]);
  if (Array.isArray(item)) return Buffer.concat([head(4, item.length), ...item.map(cbor)]);
  return Buffer.concat([head(5, item.size), ...[...item].flatMap(([k, v]) => [cbor(k), cbor(v)])]);
}

const map = (...pairs: [Item, Item][]): Map<Item, Item> => new Map(pairs);
export { map };

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export function base45(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 2) {
    let [v, digits] = i + 1 < bytes.length ? [(bytes[i]! << 8) | bytes[i + 1]!, 3] : [bytes[i]!, 2];
    for (; digits; digits--, v = Math.floor(v / 45)) out += ALPHABET[v % 45];
  }
  return out;
}

export interface Key {
  secret: KeyObject;
  point: Buffer;
  id: Buffer;
}

export function newKey(): Key {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = createPublicKey(createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }))).export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x!, "base64url"), Buffer.from(jwk.y!, "base64url")]);
  return { secret: privateKey, point, id: createHash("sha256").update(point).digest().subarray(0, 8) };
}

export function sign1(key: Key, header: Map<Item, Item>, payload: Buffer): Buffer {
  const h = cbor(header), message = cbor(["Signature1", h, new Uint8Array(), payload]);
  return Buffer.concat([Buffer.from([0xd2]), cbor([h, new Map(), payload, sign("sha256", message, { key: key.secret, dsaEncoding: "ieee-p1363" })])]);
}

export const ES256 = -7;
export const DAY = 86_400;
export const URI = "https://khm.example/status/0";

export interface Wanted {
  key: Key;
  kid?: Uint8Array;
  alg?: number;
  issuer?: string;
  issued: number;
  /** null: the document names no list. */
  status?: { idx: number; uri: string } | null;
  extract?: Map<Item, Item>;
  /** The last say over the claims. */
  claims?: (claims: Map<Item, Item>) => Map<Item, Item>;
}

export const EXTRACT = (): Map<Item, Item> => map(
  [1, "b"], [2, ["080412", "B", 1, 2026, 17]], [3, "សុខ សុភ័ក្ត្រ"], [4, "SOK Sopheak"], [5, "f"], [6, 20759], [7, "08041203"], [8, 20770]);

export function credential(w: Wanted): Buffer {
  const claims: Map<Item, Item> = map([1, w.issuer ?? "khm"], [6, w.issued], [7, Buffer.from("0267bd05de352f", "hex")]);
  if (w.status !== null) claims.set(65535, map(["status_list", map(["idx", w.status?.idx ?? 6], ["uri", w.status?.uri ?? URI])]));
  claims.set(-70001, w.extract ?? EXTRACT());
  return sign1(w.key, map([1, w.alg ?? ES256], [4, w.kid ?? w.key.id.subarray(0, 2)]), cbor(w.claims ? w.claims(claims) : claims));
}

export const code = (cose: Uint8Array, dictionary = true): string =>
  "CIV1:" + base45(deflateSync(cose, { level: 9, memLevel: 1, ...(dictionary ? { dictionary: DICTIONARY } : {}) }));

export interface WantedList {
  key: Key;
  issued: number;
  expires?: number | null;
  uri?: string;
  places?: Record<number, number>;
  since?: Record<number, number>;
  type?: string;
  size?: number;
}

export function statusList(w: WantedList): Buffer {
  const packed = Buffer.alloc(w.size ?? 16384);
  for (const [index, value] of Object.entries(w.places ?? {})) packed[Number(index) >> 2]! |= value << ((Number(index) & 3) * 2);
  const claims: Map<Item, Item> = map([2, w.uri ?? URI]);
  if (w.expires !== null) claims.set(4, w.expires ?? w.issued + 30 * DAY);
  claims.set(6, w.issued);
  claims.set(65533, map(["lst", deflateSync(packed)], ["bits", 2]));
  claims.set(65534, DAY / 2);
  if (w.since) claims.set(-70002, map(...Object.entries(w.since).map(([i, d]): [Item, Item] => [Number(i), d])));
  return sign1(w.key, map([1, ES256], [4, w.key.id], [16, w.type ?? "application/statuslist+cwt"]), cbor(claims));
}

export function trustFile(key: Key, from: number): string {
  const one = (use: string) => ({ use, alg: "ES256", id: key.id.toString("hex"), public: key.point.toString("base64"), from: new Date(from * 1000).toISOString(), to: null });
  return JSON.stringify({ format: "civis-trust/1", issuer: "khm", status_uri: "https://khm.example/status/", keys: [one("qr"), one("status")] });
}
