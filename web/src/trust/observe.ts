// SPDX-License-Identifier: MPL-2.0
// Follows the public log: is today's tree one that grew out of the tree that this device saw last?
import { Unreadable, equal } from "./bytes";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle";
import { epochEntry, epochOf, openNow, openOurs, readCheckpoint, type Checkpoint } from "./note";
import { Tiles, type ReadTile } from "./tiles";
import type { Trust } from "./trust_file";

const EPOCHS_MAX = 32;

/** A file below /log/; undefined if it is not there. What it throws for want of a network is passed on. */
export type ReadFile = ReadTile;

export interface Epoch {
  number: number;
  /** The tree that the next epoch commits to; undefined: missing, or not signed by the log's key. */
  known: Checkpoint | undefined;
  /** Entries whose files are gone; undefined: cannot be told. */
  lost: number | undefined;
  /** The next epoch begins with this one's note. */
  linked: boolean;
}

export type Comparison =
  | "first"    // nothing was seen before
  | "same" | "grown"
  | "unproven" // the files that would prove it are missing
  | "back"     // the log is shorter than it was
  | "forked";  // the log is another one than it was

export interface Observation {
  note: string;
  checkpoint: Checkpoint;
  /** Closed epochs, the newest first. */
  epochs: Epoch[];
  earlier: Checkpoint | undefined;
  comparison: Comparison;
}

/** "empty": nothing is signed yet. "unsigned": what is published is not signed by the log's key. */
export type Observed = Observation | "empty" | "unsigned";

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable("text");
  }
};

/** undefined for what cannot be read, also for what the reader of files has not. */
async function readable<T>(made: Promise<T>): Promise<T | undefined> {
  try {
    return await made;
  } catch (e) {
    if (e instanceof Unreadable) return undefined;
    throw e;
  }
}

class Watch {
  constructor(readonly trust: Trust, readonly read: ReadFile, readonly now: Checkpoint) {}

  private folder(epoch: number): string {
    return epoch === epochOf(this.now.origin)[1] ? "" : `closed/${epoch}/`;
  }

  private tiles(epoch: number, size: number): Tiles {
    return new Tiles((path) => this.read(this.folder(epoch) + path), size);
  }

  private async text(path: string): Promise<string | undefined> {
    const bytes = await this.read(path);
    return bytes && decode(bytes);
  }

  /** What the files of an epoch reach to. */
  private async left(epoch: number): Promise<Checkpoint | undefined> {
    if (!this.folder(epoch)) return this.now;
    const note = await this.text(`${this.folder(epoch)}checkpoint`);
    return note === undefined ? undefined : readable(Promise.resolve().then(() => readCheckpoint(note)));
  }

  private async beginsWith(epoch: number, note: string): Promise<boolean> {
    const tree = await this.left(epoch);
    if (!tree || tree.size === 0) return false;
    const proof = await readable(this.tiles(epoch, tree.size).proveInclusion(0));
    return proof !== undefined && verifyInclusion(tree.size, tree.root, 0, await leafHash(await epochEntry(note)), proof);
  }

  async epoch(number: number): Promise<Epoch> {
    const [name] = epochOf(this.now.origin), note = await readable(this.text(`closed/${number}/known`));
    const opened = note && (await readable(openOurs(note, this.trust, () => true)));
    const known = opened && opened.origin === `${name}/${number}` ? opened : undefined;
    const left = await this.left(number);
    return {
      number, known, lost: known && Math.max(0, known.size - (left?.size ?? 0)),
      linked: note !== undefined && known !== undefined && (await this.beginsWith(number + 1, note)),
    };
  }

  private async grew(epoch: number, from: Checkpoint, to: Checkpoint): Promise<Comparison> {
    if (to.size < from.size) return "back";
    if (to.size === from.size) return equal(to.root, from.root) ? "same" : "forked";
    const proof = await readable(this.tiles(epoch, to.size).proveConsistency(from.size));
    if (!proof) return "unproven";
    return (await verifyConsistency(from.size, from.root, to.size, to.root, proof)) ? "grown" : "forked";
  }

  async compare(earlier: Checkpoint, epochs: Epoch[]): Promise<Comparison> {
    const [name, epoch] = epochOf(this.now.origin), [before, was] = epochOf(earlier.origin);
    if (before !== name) return "forked";
    if (was > epoch) return "back";
    if (was === epoch) return this.grew(epoch, earlier, this.now);
    const since = epochs.filter((e) => e.number >= was), first = since.find((e) => e.number === was);
    if (!first?.known || since.some((e) => !e.linked)) return "unproven";
    const step = await this.grew(was, earlier, first.known);
    return step === "same" ? "grown" : step;
  }
}

/** `seen`: the note that this device saw last. Throws Unsupported where the browser lacks Ed25519, and what `read` throws. */
export async function observe(trust: Trust, read: ReadFile, seen: string | undefined, nowMs: number): Promise<Observed> {
  const bytes = await read("checkpoint");
  if (!bytes) return "empty";
  const note = await readable(Promise.resolve().then(() => decode(bytes)));
  const checkpoint = note === undefined ? undefined : await readable(openNow(note, trust, nowMs));
  if (note === undefined || !checkpoint || !/\/[1-9]\d{0,8}$/.test(checkpoint.origin)) return "unsigned";
  const watch = new Watch(trust, read, checkpoint), [, epoch] = epochOf(checkpoint.origin), epochs: Epoch[] = [];
  for (let n = epoch - 1; n >= 1 && epochs.length < EPOCHS_MAX; n--) epochs.push(await watch.epoch(n));
  const earlier = seen === undefined ? undefined : await readable(Promise.resolve().then(() => readCheckpoint(seen)));
  return { note, checkpoint, epochs, earlier, comparison: earlier ? await watch.compare(earlier, epochs) : "first" };
}
