// SPDX-License-Identifier: MPL-2.0
// The trust file (/trust.json): every public key that the issuer ever used, with its period.
import { equal, fromBase64, fromHex, need, startsWith } from "./bytes";

export type Use = "qr" | "status" | "act" | "log" | "document-ca" | "tsa-ca";

export interface TrustKey {
  use: Use;
  id: Uint8Array;
  /** qr, status: point of 65 bytes; act: 32 bytes. Empty for the others. */
  key: Uint8Array;
  /** log: the verifier key, "name+hex+base64". */
  text: string;
  /** Milliseconds since 1970; infinite if open. */
  from: number;
  to: number;
}

export interface Trust {
  issuer: string;
  /** Name of the log; none: any. */
  origin: string | undefined;
  /** What the addresses of the status lists begin with. */
  statusUri: string | undefined;
  keys: TrustKey[];
}

export const TRUST_MAX = 1 << 20;
const KEYS_MAX = 512;
const ALGORITHMS: Record<Use, string> = { qr: "ES256", status: "ES256", act: "Ed25519", log: "Ed25519", "document-ca": "X.509", "tsa-ca": "X.509" };
// The fixed beginning of a SubjectPublicKeyInfo of P-256 (RFC 5480); the point follows.
const SPKI_P256 = fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

function instant(value: unknown, open: number): number {
  if (value === undefined || value === null) return open;
  need(typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value), "not an instant");
  const at = Date.parse(value);
  need(!Number.isNaN(at), "not an instant");
  return at;
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  need(typeof value === "string" && value.length > 0 && value.length < 256, "not a text");
  return value;
}

function point(bytes: Uint8Array): Uint8Array {
  const p = bytes.length === SPKI_P256.length + 65 && startsWith(bytes, SPKI_P256) ? bytes.subarray(SPKI_P256.length) : bytes;
  need(p.length === 65 && p[0] === 4, "not a point");
  return p;
}

/** undefined: of a use that this version does not know. */
function readKey(value: unknown): TrustKey | undefined {
  need(isObject(value) && typeof value["use"] === "string" && typeof value["alg"] === "string", "a key without use");
  const use = value["use"] as Use;
  if (ALGORITHMS[use] !== value["alg"]) return undefined;
  need(typeof value["id"] === "string" && value["id"].length <= 64 && typeof value["public"] === "string" && value["public"].length <= 16384, "not a key");
  const given = value["public"];
  const key = use === "qr" || use === "status" ? point(fromBase64(given)) : use === "act" ? fromBase64(given) : new Uint8Array();
  need(use !== "act" || key.length === 32, "not a key");
  return { use, id: fromHex(value["id"]), key, text: use === "log" ? given : "", from: instant(value["from"], -Infinity), to: instant(value["to"], Infinity) };
}

export function readTrust(json: string): Trust {
  need(json.length <= TRUST_MAX, "the trust file is too large");
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch {
    need(false, "not JSON");
  }
  need(isObject(root) && root["format"] === "civis-trust/1" && Array.isArray(root["keys"]) && root["keys"].length <= KEYS_MAX, "not a trust file");
  const issuer = text(root["issuer"]);
  need(issuer, "no issuer");
  return {
    issuer, origin: text(root["origin"]), statusUri: text(root["status_uri"]),
    keys: root["keys"].map(readKey).filter((k): k is TrustKey => k !== undefined),
  };
}

/** Whether it was in force at an instant (milliseconds). */
export const inForce = (key: TrustKey, at: number): boolean => at >= key.from && at < key.to;

export const findKey = (trust: Trust, use: Use, id: Uint8Array, at: number): TrustKey | undefined =>
  trust.keys.find((k) => k.use === use && equal(k.id, id) && inForce(k, at));

/** Whether a checkpoint of that origin is of the trust file's log: the name, or the name with "/" and the epoch. */
export const namesLog = (trust: Trust, origin: string): boolean =>
  !trust.origin || origin === trust.origin || (origin.startsWith(`${trust.origin}/`) && /^(0|[1-9]\d{0,9})$/.test(origin.slice(trust.origin.length + 1)));
