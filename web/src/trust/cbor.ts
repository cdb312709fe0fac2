// SPDX-License-Identifier: MPL-2.0
// The subset of CBOR (RFC 8949) that the register writes: shortest heads, definite lengths, no floats, text in valid
// UTF-8, at most 16 levels. An item is its own bytes, as it is signed and compared; nothing is ever encoded anew.
import { Unreadable, equal, need, utf8 } from "./bytes";

const DEPTH_MAX = 16;
const UINT = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, TAG = 6, SIMPLE = 7;

interface Head {
  major: number;
  value: number;
  /** Where the content begins. */
  at: number;
}

function head(b: Uint8Array, at: number): Head {
  const first = b[at];
  need(first !== undefined, "CBOR ends early");
  const major = first >> 5, info = first & 31;
  if (major === SIMPLE) {
    need(info >= 20 && info <= 22, "CBOR simple value");
    return { major, value: info, at: at + 1 };
  }
  if (info < 24) return { major, value: info, at: at + 1 };
  need(info <= 27, "CBOR head");
  const size = 1 << (info - 24);
  need(b.length - at - 1 >= size, "CBOR ends early");
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (b[at + 1 + i] ?? 0);
  need(value >= ([24, 0x100, 0x10000, 0x100000000][info - 24] ?? 0), "CBOR head is not the shortest");
  return { major, value, at: at + 1 + size };
}

const string = (h: Head, b: Uint8Array): Uint8Array => {
  need(h.value <= b.length - h.at, "CBOR ends early");
  return b.subarray(h.at, h.at + h.value);
};

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return a.length - b.length;
}

/** Where the item ends that begins at `at`. `strict`: the keys of maps ascend, so that there is one way to write it. */
function skip(b: Uint8Array, at: number, strict: boolean, depth = 1): number {
  need(depth <= DEPTH_MAX, "CBOR is too deep");
  const h = head(b, at);
  if (h.major === TEXT) utf8(string(h, b));
  if (h.major === BYTES || h.major === TEXT) return h.at + string(h, b).length;
  if (h.major === TAG) return skip(b, h.at, strict, depth + 1);
  if (h.major !== ARRAY && h.major !== MAP) return h.at;
  need(h.value <= (b.length - h.at) / (h.major === MAP ? 2 : 1), "CBOR ends early");
  let to = h.at, last: Uint8Array | undefined;
  for (let i = 0; i < h.value; i++) {
    const from = to;
    to = skip(b, to, strict, depth + 1);
    if (h.major === ARRAY) continue;
    const key = b.subarray(from, to);
    need(!strict || !last || compare(last, key) < 0, "CBOR keys are out of order");
    last = key;
    to = skip(b, to, strict, depth + 1);
  }
  return to;
}

/** The bytes are one item and nothing behind it. */
export function checkItem(b: Uint8Array, strict: boolean): void {
  need(skip(b, 0, strict) === b.length, "bytes behind the CBOR");
}

function open(item: Uint8Array, major: number): Head {
  const h = head(item, 0);
  need(h.major === major, "CBOR of another type");
  return h;
}

/** Its children, one after the other; the item must end with the last. */
function* children(item: Uint8Array, major: number, each: number): Generator<Uint8Array> {
  const h = open(item, major);
  let at = h.at;
  for (let i = 0; i < h.value * each; i++) {
    const to = skip(item, at, false);
    yield item.subarray(at, to);
    at = to;
  }
  need(at === item.length, "bytes behind the CBOR");
}

export const elements = (item: Uint8Array): Uint8Array[] => [...children(item, ARRAY, 1)];

export function* pairs(item: Uint8Array): Generator<[Uint8Array, Uint8Array]> {
  let key: Uint8Array | undefined;
  for (const child of children(item, MAP, 2)) {
    if (key) {
      yield [key, child];
      key = undefined;
    } else {
      key = child;
    }
  }
}

export const isMap = (item: Uint8Array): boolean => (item[0] ?? 0) >> 5 === MAP;
export const isBytes = (item: Uint8Array): boolean => (item[0] ?? 0) >> 5 === BYTES;

/** The item behind tag `tag`; an item without a tag is itself. */
export function untag(item: Uint8Array, tag: number): Uint8Array {
  if ((item[0] ?? 0) >> 5 !== TAG) return item;
  const h = head(item, 0);
  need(h.value === tag, "CBOR of another tag");
  return item.subarray(h.at);
}

export function asUint(item: Uint8Array): number {
  const h = open(item, UINT);
  need(h.at === item.length && Number.isSafeInteger(h.value), "CBOR number");
  return h.value;
}

export function asInt(item: Uint8Array): number {
  if ((item[0] ?? 0) >> 5 !== NEGATIVE) return asUint(item);
  const h = head(item, 0);
  need(h.at === item.length && Number.isSafeInteger(-1 - h.value), "CBOR number");
  return -1 - h.value;
}

function asString(item: Uint8Array, major: number): Uint8Array {
  const h = open(item, major), s = string(h, item);
  need(h.at + s.length === item.length, "bytes behind the CBOR");
  return s;
}

export const asBytes = (item: Uint8Array): Uint8Array => asString(item, BYTES);
export const asText = (item: Uint8Array): string => utf8(asString(item, TEXT));

// ---- writing, as much as looking up and what is signed need ----

export function putHead(major: number, value: number): Uint8Array {
  if (value < 24) return Uint8Array.of((major << 5) | value);
  const size = value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
  const out = new Uint8Array(1 + size);
  out[0] = (major << 5) | (24 + Math.log2(size));
  for (let i = size, rest = value; i > 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
}

const encode = (key: number | string): Uint8Array => {
  if (typeof key === "number") return key < 0 ? putHead(NEGATIVE, -1 - key) : putHead(UINT, key);
  const text = new TextEncoder().encode(key);
  const h = putHead(TEXT, text.length), out = new Uint8Array(h.length + text.length);
  out.set(h);
  out.set(text, h.length);
  return out;
};

export function find(map: Uint8Array, key: number | string): Uint8Array | undefined {
  const wanted = encode(key);
  for (const [k, value] of pairs(map)) if (equal(k, wanted)) return value;
  return undefined;
}

export function findNeeded(map: Uint8Array, key: number | string): Uint8Array {
  const value = find(map, key);
  if (!value) throw new Unreadable(`no member ${key}`);
  return value;
}

/** A small map has no key twice, whatever their order. */
export function checkUnique(map: Uint8Array): void {
  const seen: Uint8Array[] = [];
  for (const [key] of pairs(map)) {
    need(seen.length < 64 && !seen.some((k) => equal(k, key)), "a CBOR key twice");
    seen.push(key);
  }
}
