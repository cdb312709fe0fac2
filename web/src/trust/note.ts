// SPDX-License-Identifier: MPL-2.0
// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint).
import { decimal, equal, fromBase64, fromHex, need, sha256, startsWith } from "./bytes";
import { verifyEd25519 } from "./signature";
import { inForce, namesLog, type Trust, type TrustKey } from "./trust_file";

export const NOTE_MAX = 32768;
const SIGNATURES_MAX = 32, NAME_MAX = 127, ED25519 = 1;

export interface NoteKey {
  name: string;
  id: Uint8Array;
  key: Uint8Array;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
}

interface Note {
  /** What is signed, with its last newline. */
  text: string;
  signatures: { name: string; bytes: Uint8Array }[];
}

const encoder = new TextEncoder();

const isName = (name: string): boolean => /^[^\x00-\x20+\x7f]+$/.test(name) && encoder.encode(name).length <= NAME_MAX;

/** "name+hex+base64" */
export async function readNoteKey(text: string): Promise<NoteKey> {
  const m = /^([^+]+)\+([0-9a-fA-F]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  need(m && isName(m[1] ?? ""), "not a verifier key");
  const [, name = "", hex = "", base64 = ""] = m, material = fromBase64(base64), id = fromHex(hex);
  need(material.length === 33 && material[0] === ED25519, "another kind of key");
  need(startsWith(await sha256(encoder.encode(`${name}\n`), material), id), "not the key's id");
  return { name, id, key: material.subarray(1) };
}

function readNote(whole: string): Note {
  need(whole.length <= NOTE_MAX && !/[\x00-\x09\x0b-\x1f]/.test(whole), "not a note");
  const at = whole.lastIndexOf("\n\n");
  need(at >= 0 && whole.endsWith("\n") && whole.length > at + 2, "not a note");
  const lines = whole.slice(at + 2, -1).split("\n");
  need(lines.length <= SIGNATURES_MAX, "too many signatures");
  return {
    text: whole.slice(0, at + 1),
    signatures: lines.map((line) => {
      const m = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line);
      need(m && isName(m[1] ?? ""), "not a signature of a note");
      const bytes = fromBase64(m[2] ?? "");
      need(bytes.length >= 5 && bytes.length <= 4096, "not a signature of a note");
      return { name: m[1] ?? "", bytes };
    }),
  };
}

/** The key signed it, and no signature under its name and id fails; others are passed over. */
async function isSigned(note: Note, key: NoteKey): Promise<boolean> {
  let good = false;
  for (const s of note.signatures) {
    if (s.name !== key.name || !startsWith(s.bytes, key.id)) continue;
    if (!(await verifyEd25519(key.key, encoder.encode(note.text), s.bytes.subarray(4)))) return false;
    good = true;
  }
  return good;
}

/** Reads without verifying. */
export function readCheckpoint(whole: string): Checkpoint {
  const [origin = "", size = "", root = "", ...rest] = readNote(whole).text.split("\n");
  need(origin && encoder.encode(origin).length <= NAME_MAX && rest.length, "not a checkpoint");
  const hash = fromBase64(root);
  need(hash.length === 32, "not a checkpoint");
  return { origin, size: decimal(size), root: hash };
}

/** undefined: the key did not sign it, or is another log's. */
export async function openCheckpoint(whole: string, key: NoteKey): Promise<Checkpoint | undefined> {
  const checkpoint = readCheckpoint(whole);
  return checkpoint.origin === key.name && (await isSigned(readNote(whole), key)) ? checkpoint : undefined;
}

/** A checkpoint of our log, signed by a key of the trust file that `counts`; undefined if none did. */
export async function openOurs(whole: string, trust: Trust, counts: (key: TrustKey) => boolean): Promise<Checkpoint | undefined> {
  for (const k of trust.keys) {
    if (k.use !== "log" || !counts(k)) continue;
    const key = await readNoteKey(k.text).catch(() => undefined);
    const checkpoint = key && namesLog(trust, key.name) ? await openCheckpoint(whole, key) : undefined;
    if (checkpoint) return checkpoint;
  }
  return undefined;
}

export const openNow = (whole: string, trust: Trust, nowMs: number): Promise<Checkpoint | undefined> => openOurs(whole, trust, (k) => inForce(k, nowMs));

export const sameTree = (a: Checkpoint, b: Checkpoint): boolean => a.origin === b.origin && a.size === b.size && equal(a.root, b.root);

/** The leaf with which the next epoch begins: it commits to the last note of this one. */
export const epochEntry = (note: string): Promise<Uint8Array> => sha256(encoder.encode(note));

/** "name/7" → ["name", 7] */
export function epochOf(origin: string): [string, number] {
  const m = /^(.+)\/([1-9]\d{0,8})$/.exec(origin);
  need(m, "an origin without epoch");
  return [m[1] ?? "", Number(m[2])];
}
