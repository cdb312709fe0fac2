// SPDX-License-Identifier: MPL-2.0
// Parcels (docs/formats/parcel.md): what was finished is sealed to the vault's key, and this device cannot open it again.
//
// HPKE (RFC 9180) in base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, over the browser's own WebCrypto.
import { concat, fromBase64url } from "../base/bytes";

export interface ParcelKey {
  kid: string;
  suite: { kem: number; kdf: number; aead: number };
  key: string;
  deployment: string;
  not_before: string;
  not_after: string;
}

type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;
const EMPTY = new Uint8Array(0);
const PIECE = 256 * 1024;
const KEM_SUITE = concat(utf8("KEM"), new Uint8Array([0, 0x10]));
const HPKE_SUITE = concat(utf8("HPKE"), new Uint8Array([0, 0x10, 0, 1, 0, 2]));

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  // WebCrypto takes no empty HMAC key; one of zeros of the block's length is the same key (RFC 2104).
  const raw = key.length ? key : new Uint8Array(64);
  const k = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", k, data));
}

// RFC 9180, section 4. No length here is above 32, so one block of HKDF-Expand is enough.
const labeledExtract = (suite: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> =>
  hmac(salt, concat(utf8("HPKE-v1"), suite, utf8(label), ikm));

async function labeledExpand(suite: Bytes, prk: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  const block = concat(new Uint8Array([0, length]), utf8("HPKE-v1"), suite, utf8(label), info, new Uint8Array([1]));
  return (await hmac(prk, block)).slice(0, length);
}

/** Encap of section 4.1 for a public key as an uncompressed point. */
async function encap(recipient: Bytes): Promise<{ secret: Bytes; enc: Bytes }> {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", recipient, curve, false, []);
  const pair = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256));
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const prk = await labeledExtract(KEM_SUITE, EMPTY, "eae_prk", dh);
  dh.fill(0);
  return { secret: await labeledExpand(KEM_SUITE, prk, "shared_secret", concat(enc, recipient), 32), enc };
}

/** KeySchedule of section 5.1 in base mode. */
async function schedule(secret: Bytes, info: Bytes): Promise<{ key: CryptoKey; nonce: Bytes }> {
  const context = concat(new Uint8Array([0]), await labeledExtract(HPKE_SUITE, EMPTY, "psk_id_hash", EMPTY),
    await labeledExtract(HPKE_SUITE, EMPTY, "info_hash", info));
  const prk = await labeledExtract(HPKE_SUITE, secret, "secret", EMPTY);
  const raw = await labeledExpand(HPKE_SUITE, prk, "key", context, 32);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  raw.fill(0);
  return { key, nonce: await labeledExpand(HPKE_SUITE, prk, "base_nonce", context, 12) };
}

function nonceAt(base: Bytes, n: number): Bytes {
  const nonce = base.slice();
  for (let i = 0; i < 4; i++) nonce[11 - i] = (nonce[11 - i] ?? 0) ^ (Math.floor(n / 256 ** i) % 256);
  return nonce;
}

const hexBytes = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (h) => parseInt(h, 16));

async function seal(to: ParcelKey, kind: 1 | 2, plain: Bytes): Promise<Bytes> {
  if (to.suite.kem !== 0x10 || to.suite.kdf !== 1 || to.suite.aead !== 2) throw new Error("unknown suite");
  const { secret, enc } = await encap(fromBase64url(to.key));
  const info = concat(utf8("civis-parcel-v1"), new Uint8Array([0]), hexBytes(to.deployment.replace(/-/g, "")));
  const { key, nonce } = await schedule(secret, info);
  secret.fill(0);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, plain.length);
  const head = concat(utf8("CIVP"), new Uint8Array([1, kind, 0, 0x10, 0, 1, 0, 2]), hexBytes(to.kid), length, enc);
  const parts: Bytes[] = [head];
  for (let at = 0, n = 0; at < plain.length; at += PIECE, n++) {
    const piece = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonceAt(nonce, n), additionalData: head }, key, plain.slice(at, at + PIECE));
    parts.push(new Uint8Array(piece));
  }
  return concat(...parts);
}

export interface SealedRequest {
  path: string;
  key: string;
  match: number | null;
  body: unknown;
}

export function sealRequest(to: ParcelKey, staff: string, madeAt: string, request: SealedRequest): Promise<Bytes> {
  return seal(to, 1, utf8(JSON.stringify({ made_at: madeAt, staff, request: { method: "POST", ...request } })));
}

export async function sealFile(to: ParcelKey, file: Blob): Promise<Bytes> {
  return seal(to, 2, new Uint8Array(await file.arrayBuffer()));
}
