// SPDX-License-Identifier: MPL-2.0
// Following a case: what the server tells to whoever has its code and secret.
import { getJson, Refusal } from "../../api/client";
import type { Tracked } from "../../api/types";
import { observable } from "../../base/observable";
import { plainCode } from "../../base/text";

/** What is being followed in this page. It stands in memory: an address with it would stay in the browser's history. */
export const followed = observable<{ code: string; secret: string } | null>(null);
export const follow = (what: { code: string; secret: string }): void => followed.set(what);

export const trackCase = (code: string, secret: string): Promise<Tracked> =>
  getJson<Tracked>("/api/v1/tracking", { body: { code, secret } });

/** As typed by hand; where the secret is one of ours, whatever letters it was written in. Says which secret it was. */
export async function trackTyped(code: string, secret: string): Promise<{ case: Tracked; secret: string }> {
  const exact = secret.replace(/[\s\u200b]/g, ""), plain = plainCode(secret);
  try {
    return { case: await trackCase(plainCode(code), plain), secret: plain };
  } catch (e) {
    if (!(e instanceof Refusal) || e.status !== 404 || exact === plain) throw e;
    return { case: await trackCase(plainCode(code), exact), secret: exact };
  }
}

export const officeAbove = (scope: string): string => scope.split("/").slice(0, -1).join("/");

/** "#/track/CODE/SECRET" as an address that can be opened anywhere. The part after '#' is sent to no server. */
export const trackAddress = (code: string, secret: string): string => `${location.origin}/#/track/${code}/${secret}`;
