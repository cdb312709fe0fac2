// SPDX-License-Identifier: MPL-2.0
// What can be said of a document's code, in the words of the program's own verifier (include/civis/verify.h).
//
// Nothing here asks anybody: keys and lists are given, and what is checked leaves no trace.
import { Unreadable } from "./bytes";
import { PREFIX, isSignedByUs, readCredential, unpack, type Credential } from "./credential";
import { isCurrent, readStatusList, sinceDay, statusAt, type StatusList } from "./status_list";
import type { Trust } from "./trust_file";

export type Reason =
  | "valid"
  | "altered"      // the code is damaged or was changed
  | "signature"    // not signed by a key of the trust file
  | "revoked" | "suspended" | "changed"
  | "status"       // the list at hand cannot tell: another one, unreadable, or not of today
  | "unusable";    // not a code of ours at all

export interface Finding {
  reason: Reason;
  /** Whether a status list was asked, and its answer. */
  status: "passed" | "failed" | "not_checked";
  /** What the document says; only if its signature holds. */
  credential: Credential | undefined;
  /** Since when it is revoked, suspended or changed: day since 1970. */
  since: number | undefined;
  /** The list that was asked. */
  list: StatusList | undefined;
}

/** Gives the signed list that is published under an address, if it is at hand. */
export type ListAtHand = (uri: string) => Promise<Uint8Array | undefined>;

const TOLERANCE_S = 300; // so far ahead of now may others' clocks be

const found = (reason: Reason, more: Partial<Finding> = {}): Finding =>
  ({ reason, status: "not_checked", credential: undefined, since: undefined, list: undefined, ...more });

async function judgeStatus(credential: Credential, trust: Trust, listOf: ListAtHand, now: number): Promise<Finding> {
  const unknown = found("status", { status: "failed", credential });
  if (!credential.status) return unknown;
  const { uri, index } = credential.status, bytes = await listOf(uri);
  if (!bytes) return found("valid", { credential });
  let list: StatusList;
  try {
    list = await readStatusList(bytes, trust);
  } catch (e) {
    if (e instanceof Unreadable) return unknown;
    throw e;
  }
  const status = list.uri === uri ? statusAt(list, index) : undefined;
  if (!status || (status === "valid" && !isCurrent(list, now))) return { ...unknown, list };
  if (status === "valid") return found("valid", { status: "passed", credential, list });
  return found(status, { status: "failed", credential, list, since: readSince(list, index) });
}

function readSince(list: StatusList, index: number): number | undefined {
  try {
    return sinceDay(list, index);
  } catch {
    return undefined; // a list need not say it
  }
}

/** `now`: seconds since 1970. Throws Unsupported where the browser cannot check signatures; nothing else. */
export async function verifyText(text: string, trust: Trust, listOf: ListAtHand, now: number): Promise<Finding> {
  let read;
  let unpacked = false;
  try {
    const cose = await unpack(text);
    unpacked = true;
    read = readCredential(cose);
  } catch (e) {
    if (!(e instanceof Unreadable)) throw e;
    return found(unpacked || text.slice(0, 64).includes(PREFIX) ? "altered" : "unusable");
  }
  const { signed, credential } = read;
  if (!(await isSignedByUs(signed, credential, trust)) || credential.issued > now + TOLERANCE_S) return found("signature");
  return judgeStatus(credential, trust, listOf, now);
}
