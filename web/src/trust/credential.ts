// SPDX-License-Identifier: MPL-2.0
// The credential in a certificate's code (docs/formats/qr.md): "CIV1:" ‖ base45(zlib(COSE_Sign1(CWT))).
import { Unreadable, need, startsWith, toHex } from "./bytes";
import { asBytes, asInt, asText, asUint, checkItem, elements, findNeeded, pairs } from "./cbor";
import { fromBase45 } from "./base45";
import { readSigned, type Signed } from "./cose";
import { DICTIONARY, inflate } from "./inflate";
import { verifyP256 } from "./signature";
import { readReference } from "./status_list";
import { inForce, type Trust } from "./trust_file";

export const PREFIX = "CIV1:";
const TEXT_MAX = 4296, COSE_MAX = 4096;
const ISSUER = 1, ISSUED = 6, SERIAL = 7, EXTRACT = -70001;
const FIRST_DAY = -719162, LAST_DAY = 2932896; // the years 1 to 9999

export interface Entry {
  office: string;
  register: string;
  book: number;
  year: number;
  serial: number;
}

/** What a document discloses; each may be absent. Days are "YYYY-MM-DD". */
export interface Extract {
  kind?: string;
  entry?: Entry;
  nameNative?: string;
  nameLatin?: string;
  sex?: string;
  birthDate?: string;
  birthPlace?: string;
  registered?: string;
}

export interface Credential {
  issuer: string;
  issued: number; // seconds since 1970
  serial: string; // as it is printed
  extract: Extract;
  /** The extract as it is signed: compared byte for byte. */
  extractBytes: Uint8Array;
  status: { uri: string; index: number } | undefined;
}

const TRAILING = /[\n\r\t]+$/;

/** The text of a code → COSE_Sign1. A space is one of the 45 characters, so those at the end are tried both ways. */
export async function unpack(text: string): Promise<Uint8Array> {
  text = text.replace(/^[ \n\r\t]+/, "").replace(TRAILING, "");
  need(text.startsWith(PREFIX) && text.length <= TEXT_MAX, "not a code of ours");
  let packed = text.slice(PREFIX.length);
  for (let tries = 0; ; tries++, packed = packed.slice(0, -1)) {
    try {
      return await inflate(fromBase45(packed), COSE_MAX, DICTIONARY);
    } catch (e) {
      if (!(e instanceof Unreadable) || tries === 3 || !packed.endsWith(" ")) throw e;
    }
  }
}

function day(item: Uint8Array): string {
  const days = asInt(item);
  need(days >= FIRST_DAY && days <= LAST_DAY, "a day out of range");
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

function readEntry(item: Uint8Array): Entry {
  const [office, register, book, year, serial, ...rest] = elements(item);
  need(office && register && book && year && serial && !rest.length, "not an entry");
  return { office: asText(office), register: asText(register), book: asUint(book), year: asUint(year), serial: asUint(serial) };
}

export function readExtract(map: Uint8Array): Extract {
  const x: Extract = {};
  for (const [key, value] of pairs(map)) switch (asUint(key)) {
    case 1: x.kind = asText(value); break;
    case 2: x.entry = readEntry(value); break;
    case 3: x.nameNative = asText(value); break;
    case 4: x.nameLatin = asText(value); break;
    case 5: x.sex = asText(value); break;
    case 6: x.birthDate = day(value); break;
    case 7: x.birthPlace = asText(value); break;
    case 8: x.registered = day(value); break;
    // labels of later versions are signed but not known here
  }
  return x;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Fifty bits in seven bytes as ten characters, "K7QM-2XWD-9F"; another number as it stands. */
export function serialText(serial: Uint8Array): string {
  const number = serial.reduce((n, b) => n * 256n + BigInt(b), 0n);
  if (serial.length !== 7 || number >> 50n) return toHex(serial);
  let text = "";
  for (let i = 9n; i >= 0n; i--) text += CROCKFORD[Number((number >> (5n * i)) & 31n)];
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

export function readCredential(cose: Uint8Array): { signed: Signed; credential: Credential } {
  need(cose.length <= COSE_MAX, "too large");
  const signed = readSigned(cose), claims = signed.payload;
  need(signed.kid.length >= 2, "no key is named");
  checkItem(claims, true);
  const extractBytes = findNeeded(claims, EXTRACT), issued = asUint(findNeeded(claims, ISSUED));
  need(issued <= 9e12, "an instant out of range");
  return {
    signed,
    credential: {
      issuer: asText(findNeeded(claims, ISSUER)), issued, serial: serialText(asBytes(findNeeded(claims, SERIAL))),
      extract: readExtract(extractBytes), extractBytes, status: readReference(claims),
    },
  };
}

/** Some key of the trust file that begins as the document's hint, and was in force when it was issued, signed it. */
export async function isSignedByUs(signed: Signed, credential: Credential, trust: Trust): Promise<boolean> {
  for (const key of trust.keys)
    if (key.use === "qr" && inForce(key, credential.issued * 1000) && startsWith(key.id, signed.kid) &&
        await verifyP256(key.key, signed.message, signed.signature)) return credential.issuer === trust.issuer;
  return false;
}
