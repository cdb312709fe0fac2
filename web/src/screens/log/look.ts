// SPDX-License-Identifier: MPL-2.0
// Fetches what is published of the log, compares it with what this device saw last, and remembers it if it grew out of that.
import { NoAnswer } from "../../api/client";
import { Unreadable, Unsupported } from "../../trust/bytes";
import { fetchPublic, keptTrust, lastSeen, refreshTrust, remember } from "../../trust/kept";
import { NOTE_MAX } from "../../trust/note";
import { observe } from "../../trust/observe";
import type { Looked } from "./observation";

const read = (path: string): Promise<Uint8Array | undefined> => fetchPublic(`/log/${path}`, NOTE_MAX);

/** A tree that contradicts the earlier one is not remembered: the earlier one is the proof against it. */
export async function look(): Promise<Looked> {
  const at = Date.now(), seen = await lastSeen();
  try {
    await refreshTrust();
    const kept = await keptTrust();
    if (!kept) return "failed";
    const observed = await observe(kept.trust, read, seen?.note, at);
    if (typeof observed === "string") return observed;
    if (observed.comparison === "first" || observed.comparison === "same" || observed.comparison === "grown") await remember({ note: observed.note, at });
    return { ...observed, at, seen };
  } catch (e) {
    if (e instanceof Unsupported) return "browser";
    if (e instanceof NoAnswer) return { offline: seen };
    if (e instanceof Unreadable) return "failed";
    throw e;
  }
}
