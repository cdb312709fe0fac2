// SPDX-License-Identifier: MPL-2.0
// Digits and text as people type them.

export type Digits = "ascii" | "km" | "my";

const ZERO = { ascii: 0x30, km: 0x17e0, my: 0x1040 } as const;

/** Khmer, Burmese (also Shan) and ASCII digits become ASCII; all else stays. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u17e0-\u17e9\u1040-\u1049\u1090-\u1099]/g, (c) => {
    const at = c.charCodeAt(0);
    return String(at - (at >= ZERO.km ? ZERO.km : at >= 0x1090 ? 0x1090 : ZERO.my));
  });
}

/** ASCII digits in the digits of a language. */
export function localDigits(text: string | number, language: string): string {
  const zero = language === "km" ? ZERO.km : language === "my" ? ZERO.my : ZERO.ascii;
  return zero === ZERO.ascii ? String(text) : String(text).replace(/[0-9]/g, (c) => String.fromCharCode(zero + Number(c)));
}

/** As the server keeps text: NFC, without outer space; zero-width spaces stay inside, they break Khmer lines. */
export function tidy(text: string): string {
  return text.normalize("NFC").replace(/^[\s\u200b]+|[\s\u200b]+$/g, "");
}

/** For comparing and looking up: without zero-width characters and without regard to case. */
export function searchKey(text: string): string {
  return tidy(text).replace(/[\u200b-\u200d]/g, "").toLowerCase();
}

export const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

// Letters that are not taken for others when they are read out or copied by hand (Crockford's base 32), as in a tracking code.
const PLAIN = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 28 characters nobody can guess: the secret with which a family follows its case. People write it down and type it again. */
export function newSecret(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(28)), (b) => PLAIN[b & 31]).join("");
}

/** A code or one of our secrets as it may be typed: in small letters, with spaces, in digits of the country, O for 0. */
export function plainCode(typed: string): string {
  return asciiDigits(typed).normalize("NFKC").replace(/[\s\u200b-\u200d-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
}

/** "K7QM2XWD…" in groups of four, as it is shown. */
export const inFours = (text: string): string => text.replace(/-/g, "").replace(/(.{4})(?=.)/g, "$1 ");
