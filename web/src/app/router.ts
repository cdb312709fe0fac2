// SPDX-License-Identifier: MPL-2.0
// Where one is: the part of the address after '#'. It never reaches a server, so no log can hold whom a screen was about.
import { observable } from "../base/observable";

/** "#/declare/birth/mother" → ["declare", "birth", "mother"] */
export function parse(hash: string): string[] {
  return hash.replace(/^#\/?/, "").split("/").filter((s) => s !== "").map((s) => {
    try {
      return decodeURIComponent(s);
    } catch {
      return s;
    }
  });
}

export const address = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

export const here = observable<string[]>([]);

export function go(...parts: string[]): void {
  location.hash = address(...parts);
}

/** Without a step back to where one was. */
export function replace(...parts: string[]): void {
  history.replaceState(null, "", address(...parts));
  here.set(parse(location.hash));
}

export function listen(): void {
  here.set(parse(location.hash));
  addEventListener("hashchange", () => here.set(parse(location.hash)));
}
