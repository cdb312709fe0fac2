// SPDX-License-Identifier: MPL-2.0
// Draws proofs from the log's tiles (C2SP tlog-tiles). What a tile says is believed only by the proof that it makes.
import { Unreadable, need } from "./bytes";
import { emptyHash, nodeHash, powerWithin, type Hash } from "./merkle";

const WIDTH = 256, HASH = 32;

/** The bytes of a file below the log's folder, "tile/0/x001/067.p/5"; undefined if it is not there. */
export type ReadTile = (path: string) => Promise<Uint8Array | undefined>;

export function tilePath(level: number, index: number, width: number): string {
  let number = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest; rest = Math.floor(rest / 1000)) number = `x${String(rest % 1000).padStart(3, "0")}/${number}`;
  return `tile/${level}/${number}${width < WIDTH ? `.p/${width}` : ""}`;
}

export class Tiles {
  private readonly held = new Map<string, Promise<Uint8Array>>();

  constructor(private readonly read: ReadTile, private readonly size: number) {}

  private async load(level: number, index: number): Promise<Uint8Array> {
    const width = Math.min(WIDTH, Math.floor(this.size / WIDTH ** level) - index * WIDTH);
    need(width > 0, "no such tile");
    // A partial tile goes once the full one is there.
    const bytes = (await this.read(tilePath(level, index, width))) ?? (width < WIDTH ? await this.read(tilePath(level, index, WIDTH)) : undefined);
    if (!bytes) throw new Unreadable("a tile is missing");
    need(bytes.length >= width * HASH && bytes.length <= WIDTH * HASH, "a tile is damaged");
    return bytes;
  }

  private tile(level: number, index: number): Promise<Uint8Array> {
    const key = `${level}/${index}`;
    let tile = this.held.get(key);
    if (!tile) this.held.set(key, (tile = this.load(level, index)));
    return tile;
  }

  /** The complete subtree of 2^height leaves that is the index-th of its height. */
  private async subtree(height: number, index: number): Promise<Hash> {
    const level = Math.floor(height / 8), count = 2 ** (height % 8), first = index * count;
    const tile = await this.tile(level, Math.floor(first / WIDTH)), at = (first % WIDTH) * HASH;
    let row = Array.from({ length: count }, (_, i) => tile.subarray(at + i * HASH, at + (i + 1) * HASH));
    need(row.every((h) => h.length === HASH), "a tile is damaged");
    while (row.length > 1) row = await Promise.all(Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i] as Hash, row[2 * i + 1] as Hash)));
    return row[0] as Hash;
  }

  /** Root of `count` leaves from `from` on, as RFC 6962 splits them off. */
  async range(from: number, count: number): Promise<Hash> {
    const parts: Hash[] = [];
    for (let left = count, at = from; left > 0;) {
      const leaves = powerWithin(left);
      parts.push(await this.subtree(Math.round(Math.log2(leaves)), at / leaves));
      at += leaves;
      left -= leaves;
    }
    let root = parts.pop();
    for (let next = parts.pop(); root && next; next = parts.pop()) root = await nodeHash(next, root);
    return root ?? emptyHash();
  }

  async proveInclusion(index: number): Promise<Hash[]> {
    const proof: Hash[] = [];
    for (let from = 0, count = this.size; count > 1;) {
      const k = split(count), right = index - from >= k;
      proof.unshift(await (right ? this.range(from, k) : this.range(from + k, count - k)));
      from += right ? k : 0;
      count = right ? count - k : k;
    }
    return proof;
  }

  /** RFC 6962 §2.1.2, walked from the root down. */
  async proveConsistency(oldSize: number): Promise<Hash[]> {
    const proof: Hash[] = [];
    let from = 0, count = this.size, m = oldSize, whole = true;
    while (m !== 0 && m !== count) {
      const k = split(count), right = m > k;
      proof.unshift(await (right ? this.range(from, k) : this.range(from + k, count - k)));
      from += right ? k : 0;
      count = right ? count - k : k;
      m -= right ? k : 0;
      whole &&= !right;
    }
    if (m !== 0 && !whole) proof.unshift(await this.range(from, count));
    return proof;
  }
}

/** The largest power of two below n. */
const split = (n: number): number => powerWithin(n - 1);
