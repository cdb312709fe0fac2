// SPDX-License-Identifier: MPL-2.0
// The receipt (docs/formats/receipt.md): that an act with these opened fields stands in the public log.
import { concat } from "../base/bytes";
import { Unreadable, decimal, fromBase64, need, sha256 } from "./bytes";
import { asBytes, asInt, asText, asUint, checkItem, elements, isBytes, pairs, putHead } from "./cbor";
import { readExtract, type Extract } from "./credential";
import { leafHash, verifyInclusion, type Hash } from "./merkle";
import { NOTE_MAX, openOurs, type Checkpoint } from "./note";
import { verifyEd25519 } from "./signature";
import { findKey, type Trust } from "./trust_file";

const PROOF_MAX = NOTE_MAX + 8192, FIELDS_MAX = 256, FORM_MAX = 64, KEY_ID_MAX = 32, TOLERANCE_MS = 300_000;
export const RECEIPT_MAX = 65536 + FIELDS_MAX * 80 + PROOF_MAX + 1024;
const TIME = 11, EXTRACT = 15;

export interface Receipt {
  commitment: Hash;
  /** Opened fields: label → CBOR item. */
  fields: Map<number, Uint8Array>;
  /** How many fields the act has, opened or not. */
  total: number;
  signature: Uint8Array;
  keyId: Uint8Array;
  proof: string;
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The digest of a field; an opened one is also put into `fields`. */
async function readField(item: Uint8Array, fields: Map<number, Uint8Array>): Promise<Hash> {
  if (isBytes(item)) {
    const digest = asBytes(item);
    need(digest.length === 32, "not a digest");
    return digest;
  }
  const [key, opening, ...more] = elements(item);
  need(key && opening && !more.length, "not an opened field");
  const k = asBytes(key), opened = asBytes(opening);
  checkItem(opened, false);
  const [first, value, ...rest] = elements(opened);
  need(k.length === 32 && first && value && !rest.length, "not an opened field");
  const label = asUint(first);
  need(label <= 0xffffffff && label > Math.max(-1, ...fields.keys()), "fields out of order");
  fields.set(label, value);
  return sha256(k, opened);
}

export async function readReceipt(bytes: Uint8Array): Promise<Receipt> {
  need(bytes.length <= RECEIPT_MAX, "too large");
  checkItem(bytes, false);
  const members = [...pairs(bytes)];
  need(members.length === 5 && members.every(([key], i) => asUint(key) === i + 1), "not a receipt");
  const [form, list, signature, keyId, proof] = members.map(([, value]) => value) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const formBytes = ascii(asText(form)), items = elements(list), fields = new Map<number, Uint8Array>();
  need(formBytes.length > 0 && formBytes.length <= FORM_MAX && items.length > 0 && items.length <= FIELDS_MAX, "not a receipt");
  const digests: Uint8Array[] = [];
  for (const item of items) digests.push(putHead(2, 32), await readField(item, fields));
  const r: Receipt = {
    commitment: await sha256(ascii("civis-act-v1"), putHead(4, items.length + 1), putHead(3, formBytes.length), formBytes, ...digests),
    fields, total: items.length, signature: asBytes(signature), keyId: asBytes(keyId), proof: asText(proof),
  };
  need(r.signature.length === 64 && r.keyId.length > 0 && r.keyId.length <= KEY_ID_MAX, "not a receipt");
  return r;
}

export interface LogProof {
  index: number;
  path: Hash[];
  note: string;
}

/** c2sp.org/tlog-proof@v1 */
export function readProof(text: string): LogProof {
  need(text.length <= PROOF_MAX, "too large");
  const cut = text.indexOf("\n\n");
  need(cut >= 0, "not a proof");
  const lines = text.slice(0, cut).split("\n");
  need(lines.shift() === "c2sp.org/tlog-proof@v1", "not a proof");
  if (lines[0]?.startsWith("extra ")) need(fromBase64(lines.shift()?.slice(6) ?? "").length > 0, "not a proof");
  const index = /^index (\d+)$/.exec(lines.shift() ?? "");
  need(index && lines.length <= 63, "not a proof");
  const path = lines.map(fromBase64);
  need(path.every((h) => h.length === 32), "not a proof");
  return { index: decimal(index[1] ?? ""), path, note: text.slice(cut + 2) };
}

export interface ReceiptFinding {
  reason: "valid" | "unusable" | "signature" | "proof";
  index?: number;
  checkpoint?: Checkpoint;
  /** What the receipt opens and people can read. */
  extract?: Extract;
  /** When the act was registered, milliseconds since 1970; if the receipt says. */
  time?: number;
  opened?: number;
  total?: number;
}

/** When the act was registered; a receipt that does not open its time is judged by now. */
function actTime(r: Receipt, nowMs: number): number {
  const at = r.fields.get(TIME);
  try {
    return at ? asInt(at) / 1000 : nowMs;
  } catch {
    return nowMs;
  }
}

function opened(r: Receipt): Extract | undefined {
  const item = r.fields.get(EXTRACT);
  try {
    return item && readExtract(item);
  } catch {
    return undefined; // a later version's
  }
}

/** Throws Unsupported where the browser lacks Ed25519; nothing else. */
export async function verifyReceipt(bytes: Uint8Array, trust: Trust, nowMs: number): Promise<ReceiptFinding> {
  try {
    const r = await readReceipt(bytes), at = actTime(r, nowMs), key = findKey(trust, "act", r.keyId, at);
    if (!key || at > nowMs + TOLERANCE_MS || !(await verifyEd25519(key.key, concat(ascii("civis-act-sig-v1"), r.commitment), r.signature)))
      return { reason: "signature" };
    return await verifyInLog(r, trust, at, nowMs);
  } catch (e) {
    if (e instanceof Unreadable) return { reason: "unusable" };
    throw e;
  }
}

/** A checkpoint does not say when it was made: its key must have been in force at some time after the act. */
async function verifyInLog(r: Receipt, trust: Trust, at: number, nowMs: number): Promise<ReceiptFinding> {
  try {
    const proof = readProof(r.proof), leaf = await leafHash(r.commitment);
    const checkpoint = await openOurs(proof.note, trust, (k) => k.from <= nowMs + TOLERANCE_MS && k.to > at);
    if (!checkpoint || !(await verifyInclusion(checkpoint.size, checkpoint.root, proof.index, leaf, proof.path))) return { reason: "proof" };
    const extract = opened(r), time = r.fields.has(TIME) ? { time: at } : {};
    return { reason: "valid", index: proof.index, checkpoint, opened: r.fields.size, total: r.total, ...time, ...(extract ? { extract } : {}) };
  } catch (e) {
    if (e instanceof Unreadable) return { reason: "proof" };
    throw e;
  }
}
