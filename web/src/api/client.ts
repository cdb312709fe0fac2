// SPDX-License-Identifier: MPL-2.0
// Talking with the server. Types are generated from /openapi.json; see tools/api_types.mjs.
import { observable } from "../base/observable";
import { language } from "../words/words";
import type { Problem, ProblemCode, SessionMade } from "./types";

/** "unreadable": what answered was not the server, but something before it. */
export type Refused = Omit<Problem, "code"> & { code: ProblemCode | "unreadable" };

/** The server's refusal: a stable code, a sentence in the reader's language, and perhaps the fields that are wrong. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly problem: Refused, readonly retryAfter: number | null) {
    super(problem.detail ?? problem.title);
  }
  get code(): Refused["code"] {
    return this.problem.code;
  }
}

/** No answer came: no network, or a server that is down. What was sent may or may not have arrived. */
export class NoAnswer extends Error {}

export interface Ask {
  method?: "GET" | "POST" | "PATCH" | "HEAD" | "DELETE";
  body?: unknown;                 // sent as JSON, unless it is bytes
  key?: string;                   // Idempotency-Key
  match?: number;                 // version of the case, If-Match
  secret?: string;                // Tracking-Secret
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Whoever is signed in. The token lives in memory alone: whoever opens the page again unlocks again. */
export const session = observable<SessionMade | null>(null);

const TIMEOUT_MS = 60_000;

async function refusal(answer: Response): Promise<Refusal> {
  const after = Number(answer.headers.get("Retry-After"));
  let problem: Refused;
  try {
    problem = (await answer.json()) as Problem;
  } catch {
    problem = { type: "about:blank", title: answer.statusText, status: answer.status, code: "unreadable" };
  }
  return new Refusal(answer.status, problem, after > 0 ? after : null);
}

/** The whole answer; a refusal is thrown. */
export async function request(path: string, ask: Ask = {}): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": language.get(), ...ask.headers };
  const who = session.get();
  if (who && !ask.secret) headers["Authorization"] = `Bearer ${who.token}`;
  if (ask.key) headers["Idempotency-Key"] = ask.key;
  if (ask.match) headers["If-Match"] = `"${ask.match}"`;
  if (ask.secret) headers["Tracking-Secret"] = ask.secret;
  const bytes = ask.body instanceof Uint8Array || ask.body instanceof Blob;
  if (ask.body !== undefined && !bytes) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: ask.method ?? (ask.body === undefined ? "GET" : "POST"), headers, credentials: "omit", redirect: "error",
      signal: ask.signal ?? AbortSignal.timeout(TIMEOUT_MS),
      ...(ask.body === undefined ? {} : { body: bytes ? (ask.body as BodyInit) : JSON.stringify(ask.body) }),
    });
  } catch (e) {
    throw new NoAnswer(String(e));
  }
  if (answer.ok) return answer;
  const refused = await refusal(answer);
  if (refused.status === 401 && who && session.get() === who) session.set(null);
  throw refused;
}

export async function getJson<T>(path: string, ask: Ask = {}): Promise<T> {
  return (await (await request(path, ask)).json()) as T;
}
