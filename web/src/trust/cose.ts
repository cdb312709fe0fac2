// SPDX-License-Identifier: MPL-2.0
// COSE_Sign1 (RFC 9052 §4.2), as the register writes it.
import { concat } from "../base/bytes";
import { equal, need } from "./bytes";
import { asBytes, asInt, asText, checkItem, elements, find, isMap, pairs, putHead, untag } from "./cbor";

const ALG = 1, CRIT = 2, KID = 4, TYPE = 16, ES256 = -7;

export interface Signed {
  kid: Uint8Array;
  /** Media type, from the protected header. */
  type: string | undefined;
  payload: Uint8Array;
  signature: Uint8Array;
  /** What is signed. */
  message: Uint8Array;
}

const bstr = (bytes: Uint8Array): Uint8Array[] => [putHead(2, bytes.length), bytes];

/** Reads; verifies nothing. Another algorithm than ES256 is refused. */
export function readSigned(bytes: Uint8Array): Signed {
  checkItem(bytes, false);
  const [first, unprotected, third, fourth, ...rest] = elements(untag(bytes, 18));
  need(first && unprotected && third && fourth && !rest.length && isMap(unprotected), "not a COSE_Sign1");
  const header = asBytes(first), payload = asBytes(third), signature = asBytes(fourth);
  checkItem(header, true);
  need(signature.length === 64 && !find(header, CRIT) && !find(unprotected, CRIT), "not a COSE_Sign1 of ours");
  for (const [key] of pairs(unprotected)) for (const [other] of pairs(header)) need(!equal(key, other), "a header twice");
  const alg = find(header, ALG), kid = find(header, KID) ?? find(unprotected, KID), type = find(header, TYPE);
  need(alg && asInt(alg) === ES256, "another algorithm");
  return {
    kid: kid ? asBytes(kid) : new Uint8Array(), type: type && asText(type), payload, signature,
    message: concat(putHead(4, 4), putHead(3, 10), new TextEncoder().encode("Signature1"), ...bstr(header), putHead(2, 0), ...bstr(payload)),
  };
}
