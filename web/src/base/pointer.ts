// SPDX-License-Identifier: MPL-2.0
// JSON pointers (RFC 6901) into a declaration. Nothing is changed in place: a setter gives a new value.

export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };
export type Members = { [member: string]: Json };

const steps = (pointer: string): string[] => pointer.split("/").slice(1).map((s) => s.replace(/~1/g, "/").replace(/~0/g, "~"));

export const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);

export function getAt(value: Json | undefined, pointer: string): Json | undefined {
  let at = value;
  for (const step of steps(pointer)) {
    if (Array.isArray(at)) at = at[Number(step)];
    else if (isMembers(at)) at = at[step];
    else return undefined;
  }
  return at;
}

/** With `to` at the pointer; undefined takes the member away, and objects that become empty with it. */
export function setAt(value: Members, pointer: string, to: Json | undefined): Members {
  const [first, ...rest] = steps(pointer);
  if (first === undefined) return value;
  const next = { ...value };
  if (!rest.length) {
    if (to === undefined) delete next[first];
    else next[first] = to;
    return next;
  }
  const inner = isMembers(next[first]) ? next[first] : {};
  const changed = setAt(inner, `/${rest.join("/")}`, to);
  if (to === undefined && !Object.keys(changed).length) delete next[first];
  else next[first] = changed;
  return next;
}

export const below = (pointer: string, object: string): boolean => pointer === object || pointer.startsWith(`${object}/`);
