// SPDX-License-Identifier: MPL-2.0
// Sending a file to a case: tus 1.0, in pieces, going on after a broken line where it stopped.
import { Refusal, request } from "./client";

export interface Upload {
  case: string;
  kind: string;
  content: Blob;
  /** The content is a parcel (docs/formats/parcel.md), which the vault opens. */
  sealed?: boolean;
  /** A family's, else the session's token is shown. */
  secret?: string;
  /** Where an earlier attempt had begun. */
  at?: string | undefined;
  /** Keep this: with it the next attempt goes on. */
  begun: (at: string) => void;
  progress: (bytes: number) => void;
}

const PIECE = 128 * 1024;
const TUS = { "Tus-Resumable": "1.0.0" };

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const shown = (u: Upload) => (u.secret ? { secret: u.secret } : {});

async function begin(u: Upload): Promise<string> {
  const answer = await request("/api/v1/uploads", {
    method: "POST", ...shown(u),
    headers: { ...TUS, "Upload-Length": String(u.content.size), "Upload-Metadata": `case ${base64(u.case)},kind ${base64(u.kind)}${u.sealed ? ",sealed" : ""}` },
  });
  const at = new URL(answer.headers.get("Location") ?? "", location.href).pathname;
  u.begun(at);
  return at;
}

/** How much has arrived; null if the server knows nothing of it any more. */
async function arrived(u: Upload, at: string): Promise<number | null> {
  try {
    const answer = await request(at, { method: "HEAD", headers: TUS, ...shown(u) });
    return Number(answer.headers.get("Upload-Offset"));
  } catch (e) {
    if (e instanceof Refusal && (e.status === 404 || e.status === 410)) return null;
    throw e;
  }
}

/** NoAnswer: call again with what `begun` told. Refusal: the server does not want it. */
export async function upload(u: Upload): Promise<void> {
  const known = u.at ? await arrived(u, u.at) : null;
  const at = known === null || !u.at ? await begin(u) : u.at;
  let offset = known ?? 0;
  u.progress(offset);
  // Also where all of it has arrived: an empty piece at the end has the server finish what it could not finish then.
  do {
    const answer = await request(at, {
      method: "PATCH", body: u.content.slice(offset, offset + PIECE), ...shown(u),
      headers: { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
    });
    offset = Number(answer.headers.get("Upload-Offset"));
    u.progress(offset);
  } while (offset < u.content.size);
}
