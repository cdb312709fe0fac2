// SPDX-License-Identifier: MPL-2.0
// From what was scanned, chosen or typed to one answer. Nothing is kept and nothing is sent.
import { Unreadable, Unsupported } from "../../trust/bytes";
import { keptTrust, listAtHand, settled } from "../../trust/kept";
import { PDF_MAX, attached, isPdf } from "../../trust/pdf";
import { verifyText, type Finding } from "../../trust/verify";
import type { Key } from "../../words/words";
import { readPicture } from "./scan";

/** The large word of an answer. */
export type Verdict = "valid" | "changed" | "revoked" | "suspended" | "altered" | "foreign" | "unusable" | "unknown";

export interface Answer {
  verdict: Verdict;
  /** The sentence below the word. */
  why: Key;
  finding: Finding | undefined;
  fromPdf: boolean;
}

const answer = (verdict: Verdict, why: Key, finding?: Finding): Answer => ({ verdict, why, finding, fromPdf: false });

function ofFinding(f: Finding): Answer {
  switch (f.reason) {
    case "valid": return f.status === "passed" ? answer("valid", "check.valid_why", f) : answer("unknown", "check.unknown_list", f);
    case "status": return answer("unknown", f.list && f.list.expires <= Date.now() / 1000 ? "check.unknown_old" : "check.unknown_list", f);
    case "signature": return answer("foreign", "check.foreign_why", f);
    case "altered": return answer("altered", "check.altered_why", f);
    case "unusable": return answer("unusable", "check.unusable_why", f);
    case "revoked": return answer("revoked", "check.revoked_why", f);
    case "suspended": return answer("suspended", "check.suspended_why", f);
    case "changed": return answer("changed", "check.changed_why", f);
  }
}

export async function judgeText(text: string): Promise<Answer> {
  await settled(); // keys and lists that are on their way since the screen was opened
  const kept = await keptTrust();
  if (!kept) return answer("unknown", "check.unknown_keys");
  try {
    return ofFinding(await verifyText(text, kept.trust, listAtHand(kept.trust), Math.floor(Date.now() / 1000)));
  } catch (e) {
    if (e instanceof Unsupported) return answer("unknown", "check.unknown_browser");
    throw e;
  }
}

const PICTURE_MAX = 32 << 20;

/** Throws the key of the sentence that says why a file gives no text. */
export class NoCode extends Error {
  constructor(readonly key: Key) {
    super(key);
  }
}

async function textOfPdf(file: File): Promise<string> {
  try {
    const found = attached(new Uint8Array(await file.arrayBuffer()), "qr.txt");
    if (found) return new TextDecoder().decode(found);
  } catch (e) {
    if (!(e instanceof Unreadable)) throw e;
  }
  throw new NoCode("check.pdf_none");
}

async function textOfPicture(file: File): Promise<string> {
  let text: string | undefined;
  try {
    text = await readPicture(file);
  } catch {
    throw new NoCode("check.picture_not");
  }
  if (text === undefined) throw new NoCode("check.picture_unread");
  return text;
}

export async function judgeFile(file: File): Promise<Answer> {
  const pdf = isPdf(new Uint8Array(await file.slice(0, 1024).arrayBuffer()));
  if (file.size > (pdf ? PDF_MAX : PICTURE_MAX)) throw new NoCode("check.file_large");
  return { ...(await judgeText(await (pdf ? textOfPdf(file) : textOfPicture(file)))), fromPdf: pdf };
}
