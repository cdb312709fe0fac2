// SPDX-License-Identifier: MPL-2.0
// The signed status list (docs/formats/status-list.md): fetched whole, so that asking after one document tells nobody which.
import { need } from "./bytes";
import { asBytes, asInt, asText, asUint, checkUnique, find, findNeeded, isMap } from "./cbor";
import { readSigned } from "./cose";
import { inflate } from "./inflate";
import { verifyP256 } from "./signature";
import { findKey, type Trust } from "./trust_file";

export const LIST_MAX = 4 << 20;
const TYPE = "application/statuslist+cwt", CLOCK_TOLERANCE_S = 300, LAST_DAY = 2932896;
const SUB = 2, EXP = 4, IAT = 6, LIST = 65533, SINCE = -70002, REFERENCE = 65535;

export interface StatusList {
  uri: string;
  issued: number;   // seconds since 1970
  expires: number;  // 0: it does not say
  bits: number;
  places: Uint8Array;
  since: Uint8Array | undefined;
}

/** Reads, and checks the signature by a status (or qr) key of the trust file. */
export async function readStatusList(cwt: Uint8Array, trust: Trust): Promise<StatusList> {
  need(cwt.length <= LIST_MAX, "the status list is too large");
  const signed = readSigned(cwt), claims = signed.payload;
  need(signed.type === TYPE, "not a status list");
  checkUnique(claims);
  const inner = findNeeded(claims, LIST), since = find(claims, SINCE), exp = find(claims, EXP);
  checkUnique(inner);
  const bits = asUint(findNeeded(inner, "bits"));
  need([1, 2, 4, 8].includes(bits) && (!since || isMap(since)), "not a status list of ours");
  const list: StatusList = {
    uri: asText(findNeeded(claims, SUB)), issued: asUint(findNeeded(claims, IAT)), expires: exp ? asUint(exp) : 0,
    bits, since, places: await inflate(asBytes(findNeeded(inner, "lst")), LIST_MAX),
  };
  const key = findKey(trust, "status", signed.kid, list.issued * 1000) ?? findKey(trust, "qr", signed.kid, list.issued * 1000);
  need(key && await verifyP256(key.key, signed.message, signed.signature), "the status list's signature does not hold");
  return list;
}

/** Whether it says how things stand now (seconds since 1970). Only then does "valid" mean something. */
export const isCurrent = (list: StatusList, now: number): boolean => list.issued - CLOCK_TOLERANCE_S <= now && now < list.expires;

export type Status = "valid" | "revoked" | "suspended" | "changed";

/** undefined: the index lies outside of the list. */
export function statusAt(list: StatusList, index: number): Status | undefined {
  const perByte = 8 / list.bits, byte = list.places[Math.floor(index / perByte)];
  if (byte === undefined) return undefined;
  const value = (byte >> ((index % perByte) * list.bits)) & ((1 << list.bits) - 1);
  return (["valid", "revoked", "suspended", "changed"] as const)[value] ?? "revoked";
}

/** The day since 1970 since which it is so, if the list says. */
export function sinceDay(list: StatusList, index: number): number | undefined {
  const value = list.since && find(list.since, index);
  const day = value && asInt(value);
  return day !== undefined && day >= 0 && day <= LAST_DAY ? day : undefined;
}

/** Which place in which list a document names. */
export function readReference(claims: Uint8Array): { uri: string; index: number } | undefined {
  const value = find(claims, REFERENCE);
  if (!value) return undefined;
  checkUnique(value);
  const list = findNeeded(value, "status_list");
  checkUnique(list);
  return { index: asUint(findNeeded(list, "idx")), uri: asText(findNeeded(list, "uri")) };
}
