// SPDX-License-Identifier: MPL-2.0
// Base 45 (RFC 9285): bytes in the alphabet of a QR code's alphanumeric mode.
import { need } from "./bytes";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export function fromBase45(text: string): Uint8Array {
  need(text.length % 3 !== 1, "base 45 of an impossible length");
  const out: number[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const group = text.slice(i, i + 3);
    let value = 0;
    for (const c of [...group].reverse()) {
      const digit = ALPHABET.indexOf(c);
      need(digit >= 0, "not a character of base 45");
      value = value * 45 + digit;
    }
    need(value < (group.length === 3 ? 0x10000 : 0x100), "base 45 out of range");
    if (group.length === 3) out.push(value >> 8);
    out.push(value & 255);
  }
  return Uint8Array.from(out);
}
