// SPDX-License-Identifier: MPL-2.0
// The tree of the public log (RFC 6962 §2.1, RFC 9162 §2.1): its hashes, and its two proofs. Sizes are exact numbers.
import { equal, sha256 } from "./bytes";

export type Hash = Uint8Array;

const PROOF_MAX = 63;

export const leafHash = (data: Uint8Array): Promise<Hash> => sha256(Uint8Array.of(0), data);
export const nodeHash = (left: Hash, right: Hash): Promise<Hash> => sha256(Uint8Array.of(1), left, right);
export const emptyHash = (): Promise<Hash> => sha256();

/** The largest power of two that is no larger than n ≥ 1. */
export function powerWithin(n: number): number {
  let power = 1;
  while (power * 2 <= n) power *= 2;
  return power;
}

const half = (n: number): number => Math.floor(n / 2);
const odd = (n: number): boolean => n % 2 === 1;

export async function verifyInclusion(size: number, root: Hash, index: number, leaf: Hash, proof: readonly Hash[]): Promise<boolean> {
  if (index >= size || proof.length > PROOF_MAX) return false;
  let fn = index, sn = size - 1, r = leaf;
  for (const p of proof) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      r = await nodeHash(p, r);
      for (; !odd(fn) && fn !== 0; fn = half(fn)) sn = half(sn);
    } else {
      r = await nodeHash(r, p);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(r, root);
}

/** The tree of `oldSize` is the beginning of the tree of `size`. */
export async function verifyConsistency(oldSize: number, oldRoot: Hash, size: number, root: Hash, proof: readonly Hash[]): Promise<boolean> {
  if (oldSize > size || proof.length > PROOF_MAX) return false;
  if (oldSize === 0) return proof.length === 0 && equal(oldRoot, await emptyHash());
  if (oldSize === size) return proof.length === 0 && equal(oldRoot, root);
  let fn = oldSize - 1, sn = size - 1;
  // The old tree stands whole in the new one: its root is the first hash.
  const [first, ...rest] = powerWithin(oldSize) === oldSize ? [oldRoot, ...proof] : proof;
  if (!first) return false;
  for (; odd(fn); fn = half(fn)) sn = half(sn);
  let fr = first, sr = first;
  for (const p of rest) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      fr = await nodeHash(p, fr);
      sr = await nodeHash(p, sr);
      for (; !odd(fn) && fn !== 0; fn = half(fn)) sn = half(sn);
    } else {
      sr = await nodeHash(sr, p);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(fr, oldRoot) && equal(sr, root);
}
