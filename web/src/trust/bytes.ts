// SPDX-License-Identifier: MPL-2.0
// Bytes and the few hashes and encodings that a proof is made of.
import { concat } from "../base/bytes";

/** What was read is not of the expected form. The one error that a reader of this room throws for what it is given. */
export class Unreadable extends Error {}

/** This browser lacks what a signature needs; nothing can be said, whatever the document. */
export class Unsupported extends Error {}

export function need(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Unreadable(what);
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

export function startsWith(whole: Uint8Array, part: Uint8Array): boolean {
  return whole.length >= part.length && part.every((x, i) => x === whole[i]);
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Strict: padding required, no white space, unused bits zero. */
export function fromBase64(text: string): Uint8Array {
  let raw: string;
  try {
    raw = atob(text);
  } catch {
    throw new Unreadable("base64");
  }
  need(btoa(raw) === text, "base64");
  return ascii(raw);
}

export function fromHex(text: string): Uint8Array {
  need(/^([0-9a-fA-F]{2})*$/.test(text), "hexadecimal");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export const toHex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");

/** Well-formed UTF-8 without NUL, as the register takes it. */
export function utf8(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    need(!text.includes("\0"), "text with NUL");
    return text;
  } catch {
    throw new Unreadable("text");
  }
}

/** Decimal digits, no sign, no leading zero, exact as a number. */
export function decimal(text: string): number {
  need(/^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text)), "number");
  return Number(text);
}

/** WebCrypto, which browsers give to pages over TLS alone. */
export function subtle(): SubtleCrypto {
  const s = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (!s) throw new Unsupported("WebCrypto");
  return s;
}

export async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await subtle().digest("SHA-256", concat(...parts) as BufferSource));
}
