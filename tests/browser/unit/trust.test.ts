// SPDX-License-Identifier: MPL-2.0
// The client's verifier against the program's: the same verdict, for the same reason, on what is whole and what is spoilt.
// CIVIS names the program; without it the table is compared with the words that stand in it. CIVIS_ROOT: the project.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Unreadable } from "../../../web/src/trust/bytes";
import { fromBase45 } from "../../../web/src/trust/base45";
import { checkItem } from "../../../web/src/trust/cbor";
import { unpack } from "../../../web/src/trust/credential";
import { DICTIONARY, inflate } from "../../../web/src/trust/inflate";
import { verifyConsistency, verifyInclusion, leafHash } from "../../../web/src/trust/merkle";
import { readCheckpoint } from "../../../web/src/trust/note";
import { observe, type Observation, type ReadFile } from "../../../web/src/trust/observe";
import { attached } from "../../../web/src/trust/pdf";
import { readProof, readReceipt, verifyReceipt } from "../../../web/src/trust/receipt";
import { readStatusList } from "../../../web/src/trust/status_list";
import { readTrust } from "../../../web/src/trust/trust_file";
import { verifyText, type Reason } from "../../../web/src/trust/verify";
import { DAY, EXTRACT, Raw, base45, code, credential, map, newKey, statusList, trustFile, type Item } from "./made_document";
import { checkpoint, entry, link, newLogKey, publish, treeRoot, verifierKey } from "./made_log";

const root = process.env["CIVIS_ROOT"] ?? process.cwd();
const vector = (...path: string[]): Buffer => readFileSync(join(root, "tests/vectors", ...path));
const civis = process.env["CIVIS"];
const folder = mkdtempSync(join(tmpdir(), "civis-trust-"));
after(() => rmSync(folder, { recursive: true }));

const NOW = Math.floor(Date.now() / 1000), ISSUED = NOW - 40 * DAY, BEGAN = NOW - 100 * DAY;
const key = newKey(), stranger = newKey();
const trustJson = trustFile(key, BEGAN), trust = readTrust(trustJson);
const good = { key, issued: ISSUED }, goodList = { key, issued: NOW - DAY };
const cose = credential(good);

const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const b = Buffer.from(bytes);
  b[at]! ^= 1;
  return b;
};
/** The compressed credential, changed before it becomes text. */
const respelt = (bytes: Uint8Array, change: (zlib: Buffer) => Buffer): Buffer => change(Buffer.from(fromBase45(code(bytes).slice(5))));
const swapped = (text: string, at: number): string => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
const reordered = (claims: Map<Item, Item>): Map<Item, Item> => new Map([...claims].reverse());
const kindOf = (value: Item) => (): Map<Item, Item> => EXTRACT().set(6, value);

interface Case {
  name: string;
  text: string;
  list?: Buffer;
  reason: Reason;
  status?: "passed" | "failed" | "not_checked";
}

const CASES: Case[] = [
  { name: "whole, and in the list", text: code(cose), list: statusList(goodList), reason: "valid", status: "passed" },
  { name: "no list", text: code(cose), reason: "valid" },
  { name: "without the dictionary", text: code(cose, false), reason: "valid" },
  { name: "white space around", text: `\n  ${code(cose)}\r\n`, reason: "valid" },
  { name: "a label of a later version", text: code(credential({ ...good, extract: EXTRACT().set(9, "?") })), reason: "valid" },
  { name: "a long hint of the key", text: code(credential({ ...good, kid: key.id })), reason: "valid" },
  { name: "nothing disclosed", text: code(credential({ ...good, extract: map() })), reason: "valid" },
  { name: "a character changed", text: swapped(code(cose), 60), reason: "altered" },
  { name: "cut short", text: code(cose).slice(0, -30), reason: "altered" },
  { name: "a prefix alone", text: "CIV1:", reason: "altered" },
  { name: "small letters", text: code(cose).toLowerCase(), reason: "unusable" },
  { name: "bytes behind the credential", text: code(Buffer.concat([cose, Buffer.from([0])])), reason: "altered" },
  { name: "larger than a credential may be", text: code(Buffer.concat([cose, Buffer.alloc(5000)])), reason: "altered" },
  { name: "bytes behind the compression", text: "CIV1:" + base45(Buffer.concat([Buffer.from([0x78, 0x9c]), Buffer.alloc(9)])), reason: "altered" },
  { name: "a wrong checksum", text: "CIV1:" + base45(respelt(cose, (zlib) => flipped(zlib, zlib.length - 1))), reason: "altered" },
  { name: "another dictionary", text: "CIV1:" + base45(respelt(cose, (zlib) => flipped(zlib, 5))), reason: "altered" },
  { name: "another algorithm", text: code(credential({ ...good, alg: -8 })), reason: "altered" },
  { name: "a hint of one byte", text: code(credential({ ...good, kid: key.id.subarray(0, 1) })), reason: "altered" },
  { name: "claims out of order", text: code(credential({ ...good, claims: reordered })), reason: "altered" },
  { name: "no extract", text: code(credential({ ...good, claims: (c) => (c.delete(-70001), c) })), reason: "altered" },
  { name: "an extract that is no map", text: code(credential({ ...good, claims: (c) => c.set(-70001, "x") })), reason: "altered" },
  { name: "a date that is a text", text: code(credential({ ...good, extract: kindOf("2026")() })), reason: "altered" },
  { name: "a date beyond the calendar", text: code(credential({ ...good, extract: kindOf(2932897)() })), reason: "altered" },
  { name: "a number in a long form", text: code(credential({ ...good, extract: kindOf(new Raw(Buffer.from([0x18, 5])))() })), reason: "altered" },
  { name: "a place that is no number", text: code(credential({ ...good, claims: (c) => c.set(65535, map(["status_list", map(["idx", "6"], ["uri", "x"])])) })), reason: "altered" },
  { name: "a name changed", text: code(flipped(cose, cose.indexOf("SOK Sopheak") + 4)), reason: "signature" },
  { name: "the signature changed", text: code(flipped(cose, cose.length - 3)), reason: "signature" },
  { name: "another's key under our hint", text: code(credential({ ...good, key: stranger, kid: key.id.subarray(0, 2) })), reason: "signature" },
  { name: "another's key", text: code(credential({ ...good, key: stranger })), reason: "signature" },
  { name: "another issuer's name", text: code(credential({ ...good, issuer: "mmr" })), reason: "signature" },
  { name: "before the key was in force", text: code(credential({ ...good, issued: BEGAN - DAY })), reason: "signature" },
  { name: "issued tomorrow", text: code(credential({ ...good, issued: NOW + DAY })), list: statusList(goodList), reason: "signature" },
  { name: "cancelled", text: code(cose), list: statusList({ ...goodList, places: { 6: 1 }, since: { 6: 20779 } }), reason: "revoked", status: "failed" },
  { name: "suspended", text: code(cose), list: statusList({ ...goodList, places: { 6: 2 } }), reason: "suspended", status: "failed" },
  { name: "changed", text: code(cose), list: statusList({ ...goodList, places: { 5: 1, 6: 3, 7: 1 }, since: { 5: 1, 6: 20779 } }), reason: "changed", status: "failed" },
  { name: "its neighbours are cancelled", text: code(cose), list: statusList({ ...goodList, places: { 5: 3, 7: 3 } }), reason: "valid", status: "passed" },
  { name: "cancelled, says an old list", text: code(cose), list: statusList({ key, issued: NOW - 40 * DAY, places: { 6: 1 } }), reason: "revoked", status: "failed" },
  { name: "an old list", text: code(cose), list: statusList({ key, issued: NOW - 40 * DAY }), reason: "status", status: "failed" },
  { name: "a list of tomorrow", text: code(cose), list: statusList({ key, issued: NOW + DAY }), reason: "status", status: "failed" },
  { name: "a list that does not end", text: code(cose), list: statusList({ ...goodList, expires: null }), reason: "status", status: "failed" },
  { name: "another list", text: code(cose), list: statusList({ ...goodList, uri: "https://khm.example/status/1" }), reason: "status", status: "failed" },
  { name: "a list signed by a stranger", text: code(cose), list: statusList({ ...goodList, key: stranger }), reason: "status", status: "failed" },
  { name: "a list that was changed", text: code(cose), list: flipped(statusList(goodList), 130), reason: "status", status: "failed" },
  { name: "a list of another type", text: code(cose), list: statusList({ ...goodList, type: "application/cwt" }), reason: "status", status: "failed" },
  { name: "no list at all", text: code(cose), list: Buffer.from("<html>"), reason: "status", status: "failed" },
  { name: "a place outside of the list", text: code(credential({ ...good, status: { idx: 65536, uri: "https://khm.example/status/0" } })), list: statusList(goodList), reason: "status", status: "failed" },
  { name: "no list is named", text: code(credential({ ...good, status: null })), list: statusList(goodList), reason: "status", status: "failed" },
  { name: "a credential in place of the list", text: code(cose), list: cose, reason: "status", status: "failed" },
  { name: "a list in place of the credential", text: code(statusList(goodList)), reason: "altered" },
  { name: "a health certificate", text: "HC1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3", reason: "unusable" },
  { name: "an address", text: "https://example.org/", reason: "unusable" },
  { name: "nothing", text: "", reason: "unusable" },
  { name: "other letters", text: "សុខ", reason: "unusable" },
];

interface Told {
  verdict: string;
  reason: string;
  checks: { name: string; outcome: string }[];
  fields: Record<string, string>;
}

/** What the program says of the same bytes. */
function programSays(text: string, list: Buffer | undefined, trustFileText = trustJson): Told {
  const path = (name: string, content: string | Buffer): string => (writeFileSync(join(folder, name), content), join(folder, name));
  const args = ["verify", path("code.txt", text), "--trust", path("trust.json", trustFileText), "--json"];
  if (list) args.push("--status", path("list.cwt", list));
  const done = spawnSync(civis ?? "", args, { encoding: "utf8" });
  assert.ok(done.stdout, done.stderr);
  return JSON.parse(done.stdout) as Told;
}

for (const c of CASES)
  test(`a code: ${c.name}`, async () => {
    const finding = await verifyText(c.text, trust, async () => c.list, NOW);
    assert.equal(finding.reason, c.reason);
    assert.equal(finding.status, c.status ?? "not_checked");
    if (!civis) return;
    const told = programSays(c.text, c.list);
    assert.equal(finding.reason, told.reason);
    assert.equal(finding.status, told.checks.find((x) => x.name === "status")?.outcome);
    const day = finding.since === undefined ? undefined : new Date(finding.since * DAY * 1000).toISOString().slice(0, 10);
    assert.equal(day, told.fields["status_since"]);
    const x = finding.credential?.extract, e = x?.entry;
    if (told.verdict === "unusable") return;
    const says = {
      kind: x?.kind, name_native: x?.nameNative, name_latin: x?.nameLatin, sex: x?.sex, birth_date: x?.birthDate, birth_place: x?.birthPlace,
      registered: x?.registered, entry: e && [e.office, e.register, e.book, e.year, e.serial].join("/"), issuer: finding.credential?.issuer,
      serial: finding.credential?.serial, status_uri: finding.credential?.status?.uri,
      issued: finding.credential && new Date(finding.credential.issued * 1000).toISOString(),
    };
    for (const [name, value] of Object.entries(says)) assert.equal(value, told.fields[name], name);
  });

test("the vector: a certificate of the program", async () => {
  const keys = readTrust(vector("certificate/trust.json").toString()), text = vector("certificate/qr.txt").toString();
  const finding = await verifyText(text, keys, async () => undefined, NOW + 3650 * DAY);
  assert.equal(finding.reason, "valid");
  assert.equal(finding.credential?.serial, "K7QM-2XWD-9F");
  assert.deepEqual(Buffer.from(attached(vector("certificate/signed.pdf"), "qr.txt") ?? []).toString().trim(), text.trim());
  assert.equal(createHash("sha256").update(DICTIONARY).digest("hex"), "f13bf11e307174e603a75fc21e7ecf76e7323bab1e4910dcc804a1172772b1f4");
});

test("a trust file that is not one is refused", () => {
  const made = (change: (t: Record<string, unknown>) => void): string => {
    const t = JSON.parse(trustJson) as Record<string, unknown>;
    change(t);
    return JSON.stringify(t);
  };
  readTrust(made((t) => (t["keys"] as unknown[]).push({ use: "of a later version", alg: "?" })));
  for (const wrong of ["", "[]", "{", made((t) => (t["format"] = "civis-trust/2")), made((t) => delete t["issuer"]), made((t) => (t["keys"] = {})),
    made((t) => ((t["keys"] as Record<string, unknown>[])[0]!["public"] = "AAAA")), made((t) => ((t["keys"] as Record<string, unknown>[])[0]!["from"] = "now")),
    made((t) => ((t["keys"] as Record<string, unknown>[])[0]!["id"] = "x")), made((t) => (t["keys"] = Array(513).fill({ use: "x", alg: "x" })))])
    assert.throws(() => readTrust(wrong), Unreadable);
});

// ---- spoilt at random: nothing but the defined error, and never valid ----

let seed = 20261122;
const random = (below: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;

function spoil(bytes: Uint8Array): Buffer {
  const b = Buffer.from(bytes), way = random(4);
  if (way === 0) return b.subarray(0, random(b.length));
  if (way === 1) return Buffer.concat([b.subarray(0, random(b.length)), b.subarray(random(b.length))]);
  for (let n = 1 + random(way === 2 ? 1 : 8); n; n--) b[random(b.length)] = random(256);
  return b;
}

async function total<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (e) {
    assert.ok(e instanceof Unreadable, String((e as Error).stack));
    return undefined;
  }
}

test("a spoilt credential is never valid, and every reader ends with the one error", async () => {
  const list = statusList({ ...goodList, places: { 6: 3 }, since: { 6: 20779 } }), asked = async () => list;
  for (let i = 0; i < 400; i++) {
    const spoilt = spoil(cose), same = spoilt.equals(cose);
    const finding = await verifyText(code(spoilt, i % 2 === 0), trust, asked, NOW);
    assert.ok(same || finding.reason === "altered" || finding.reason === "signature", finding.reason);
    await total(() => checkItem(spoilt, true));
    await total(() => inflate(spoil(Buffer.from(fromBase45(code(cose).slice(5)))), 4096, DICTIONARY));
    const text = spoil(Buffer.from(code(cose), "latin1")).toString("latin1");
    await total(() => unpack(text));
    // A bit of the compression that means nothing may be another: what is signed is behind it.
    if ((await verifyText(text, trust, asked, NOW)).reason !== "changed") continue;
    assert.deepEqual(Buffer.from(await unpack(text)), cose);
    if (civis) assert.equal(programSays(text, list).reason, "changed", text);
  }
});

test("a spoilt status list says nothing", async () => {
  const list = statusList({ ...goodList, places: { 6: 3 }, since: { 6: 20779 } });
  for (let i = 0; i < 300; i++) {
    const spoilt = spoil(list);
    if (!spoilt.equals(list)) assert.equal(await total(() => readStatusList(spoilt, trust)), undefined);
  }
});

test("the memory for a list is bounded by what it may be, not by what it claims", async () => {
  const bomb = statusList({ ...goodList, size: 5 << 20 });
  assert.ok(bomb.length < 10_000);
  assert.equal(await total(() => readStatusList(bomb, trust)), undefined);
});

// ---- the log ----

const vkey = vector("log/log.vkey").toString().trim(), actKey = vector("log/act.key.hex").toString().trim();
const receipt = vector("log/receipt.cbor"), keyId = Buffer.from((await readReceipt(receipt)).keyId).toString("hex");
const logTrust = readTrust(JSON.stringify({
  format: "civis-trust/1", issuer: "khm", origin: vkey.split("/").slice(0, 2).join("/"), keys: [
    { use: "act", alg: "Ed25519", id: keyId, public: Buffer.from(actKey, "hex").toString("base64"), from: null, to: null },
    { use: "log", alg: "Ed25519", id: vkey.split("+")[1], public: vkey, from: null, to: null }],
}));
const older = vector("log/older").toString(), proof = vector("log/proof").toString();
const file: ReadFile = async (path) => {
  try {
    return vector("log/log", ...path.split("/"));
  } catch {
    return undefined;
  }
};
const without = (part: string): ReadFile => async (path) => (path.includes(part) ? undefined : file(path));
const seen = async (read: ReadFile, note: string | undefined): Promise<Observation> => {
  const o = await observe(logTrust, read, note, NOW * 1000);
  assert.ok(typeof o === "object");
  return o;
};

test("a receipt proves that its act stands in the log", async () => {
  const f = await verifyReceipt(receipt, logTrust, NOW * 1000);
  assert.equal(f.reason, "valid");
  assert.equal(f.index, 100);
  assert.equal(f.checkpoint?.size, 300);
  assert.equal(f.opened, 3);
});

test("the receipt of a certificate", async () => {
  const keys = readTrust(vector("certificate/trust.json").toString());
  const f = await verifyReceipt(vector("certificate/receipt.cbor"), keys, NOW * 1000);
  assert.equal(f.reason, "valid");
  assert.equal(f.extract?.nameLatin, "SOK Sopheak");
  assert.deepEqual(Buffer.from(attached(vector("certificate/signed.pdf"), "receipt.cbor") ?? []), vector("certificate/receipt.cbor"));
  const none = readTrust(JSON.stringify({ ...JSON.parse(vector("certificate/trust.json").toString()) as object, keys: [] }));
  assert.equal((await verifyReceipt(vector("certificate/receipt.cbor"), none, NOW * 1000)).reason, "signature");
  const ended = JSON.parse(vector("certificate/trust.json").toString()) as { keys: { use: string; to: string }[] };
  for (const k of ended.keys) if (k.use === "log") k.to = "2026-02-01T00:00:00Z";
  assert.equal((await verifyReceipt(vector("certificate/receipt.cbor"), readTrust(JSON.stringify(ended)), NOW * 1000)).reason, "proof");
  const renamed = readTrust(JSON.stringify({ ...JSON.parse(vector("certificate/trust.json").toString()) as object, origin: "another.example" }));
  assert.equal((await verifyReceipt(vector("certificate/receipt.cbor"), renamed, NOW * 1000)).reason, "proof");
});

test("a spoilt receipt proves nothing", async () => {
  for (let i = 0; i < 400; i++) {
    const spoilt = spoil(receipt);
    if (!spoilt.equals(receipt)) assert.notEqual((await verifyReceipt(spoilt, logTrust, NOW * 1000)).reason, "valid");
  }
});

test("a spoilt checkpoint is none, and a spoilt proof does not lead to the root", async () => {
  const note = vector("log/log/checkpoint");
  const p = readProof(proof), checkpoint = readCheckpoint(p.note), leaf = await leafHash((await readReceipt(receipt)).commitment);
  assert.ok(await verifyInclusion(checkpoint.size, checkpoint.root, p.index, leaf, p.path));
  for (let i = 0; i < 200; i++) {
    const spoilt = spoil(note), o = await observe(logTrust, async (path) => (path === "checkpoint" ? spoilt : file(path)), undefined, NOW * 1000);
    if (!spoilt.equals(note)) assert.equal(o, "unsigned");
    await total(() => readProof(spoil(Buffer.from(proof)).toString()));
    const at = random(p.path.length);
    assert.equal(await verifyInclusion(checkpoint.size, checkpoint.root, p.index, leaf, p.path.map((h, n) => (n === at ? flipped(h, random(32)) : h))), false);
  }
});

test("a log that grew is told from one that went back, forked, or cannot be proven", async () => {
  assert.equal((await seen(file, undefined)).comparison, "first");
  assert.equal((await seen(file, vector("log/log/checkpoint").toString())).comparison, "same");
  const grown = await seen(file, older);
  assert.equal(grown.comparison, "grown");
  assert.deepEqual([grown.earlier?.size, grown.checkpoint.size], [150, 300]);
  const back: ReadFile = async (path) => (path === "checkpoint" ? Buffer.from(older) : file(path));
  assert.equal((await seen(back, vector("log/log/checkpoint").toString())).comparison, "back");
  assert.equal((await seen(without("tile/0/000"), older)).comparison, "unproven");
  const [origin, size, hash = "", ...rest] = older.split("\n"), other = Buffer.from(hash, "base64");
  const forked = [origin, size, flipped(other, 5).toString("base64"), ...rest].join("\n");
  assert.equal((await seen(file, forked)).comparison, "forked");
  assert.equal((await seen(file, [`${origin?.replace(/\/1$/, "")}/2`, ...older.split("\n").slice(1)].join("\n"))).comparison, "back");
  assert.equal((await seen(file, ["other.example/1", ...older.split("\n").slice(1)].join("\n"))).comparison, "forked");
  const spoiltTile: ReadFile = async (path) => {
    const bytes = await file(path);
    return bytes && path.startsWith("tile/0/000") ? flipped(bytes, 200 * 32) : bytes;
  };
  assert.equal((await seen(spoiltTile, older)).comparison, "forked");
  assert.equal(await observe(logTrust, async () => undefined, undefined, NOW * 1000), "empty");
});

// A log that was closed twice: entries 0–4 in epoch 1; then epoch 2 of its link and two more; then epoch 3.
const NAME = "log.example/khm", logKey = newLogKey();
const epochTrust = readTrust(JSON.stringify({
  format: "civis-trust/1", issuer: "khm", origin: NAME,
  keys: [1, 2, 3].map((e) => ({ use: "log", alg: "Ed25519", id: "00", public: verifierKey(logKey, `${NAME}/${e}`) })),
}));

function closedTwice({ left = 5, linked = true } = {}): { files: Map<string, Buffer>; first: Buffer[] } {
  const files = new Map<string, Buffer>(), first = [0, 1, 2, 3, 4].map(entry);
  const known = checkpoint(logKey, `${NAME}/1`, first);
  publish(files, "closed/1/", checkpoint(logKey, `${NAME}/1`, first, left), first, left);
  files.set("closed/1/known", Buffer.from(known));
  const second = [linked ? link(known) : entry(9), entry(5), entry(6)], knownToo = checkpoint(logKey, `${NAME}/2`, second);
  publish(files, "closed/2/", knownToo, second);
  files.set("closed/2/known", Buffer.from(knownToo));
  const third = [link(knownToo), entry(7)];
  publish(files, "", checkpoint(logKey, `${NAME}/3`, third), third);
  return { files, first };
}

const observed = async (files: Map<string, Buffer>, note?: string): Promise<Observation> => {
  const o = await observe(epochTrust, async (path) => files.get(path), note, NOW * 1000);
  assert.ok(typeof o === "object", String(o));
  return o;
};

test("closed epochs are told, with what was lost, and what was seen of them still counts", async () => {
  const { files, first } = closedTwice(), seenThree = checkpoint(logKey, `${NAME}/1`, first, 3);
  const whole = await observed(files, seenThree);
  assert.deepEqual(whole.epochs.map((e) => [e.number, e.known?.size, e.lost, e.linked]), [[2, 3, 0, true], [1, 5, 0, true]]);
  assert.equal(whole.comparison, "grown");
  const other = checkpoint(logKey, `${NAME}/1`, [0, 1, 9].map(entry));
  assert.equal((await observed(files, other)).comparison, "forked");
  const longer = checkpoint(logKey, `${NAME}/1`, [0, 1, 2, 3, 4, 5].map(entry));
  assert.equal((await observed(files, longer)).comparison, "back");
  const lost = await observed(closedTwice({ left: 4 }).files, seenThree);
  assert.equal(lost.epochs[1]?.lost, 1);
  assert.equal(lost.comparison, "unproven", "the tiles that would prove it are among what was lost");
  const unlinked = await observed(closedTwice({ linked: false }).files, seenThree);
  assert.deepEqual(unlinked.epochs.map((e) => e.linked), [true, false]);
  assert.equal(unlinked.comparison, "unproven");
  files.set("closed/2/known", files.get("closed/1/known")!);
  assert.equal((await observed(files)).epochs[0]?.known, undefined, "a note of another epoch");
  files.delete("closed/2/known");
  const missing = await observed(files, seenThree);
  assert.deepEqual(missing.epochs.map((e) => [e.linked, e.lost]), [[false, undefined], [true, 0]]);
  assert.equal(missing.comparison, "unproven");
});

test("a key signs for its own log alone", async () => {
  const { files, first } = closedTwice();
  files.set("checkpoint", Buffer.from(checkpoint(logKey, `${NAME}/4`, first, 5, `${NAME}/3`)));
  assert.equal(await observe(epochTrust, async (path) => files.get(path), undefined, NOW * 1000), "unsigned");
  files.set("checkpoint", Buffer.from(checkpoint(newLogKey(), `${NAME}/3`, first)));
  assert.equal(await observe(epochTrust, async (path) => files.get(path), undefined, NOW * 1000), "unsigned");
});

// Every pair of sizes of a small tree, over hashes computed the plain way.
test("consistency holds between all sizes, and between no others", async () => {
  const sha = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
  const leaves = Array.from({ length: 40 }, (_, i) => sha(Buffer.from([0, i])));
  const subproof = (m: number, l: Buffer[], whole: boolean): Buffer[] => {
    if (m === l.length) return whole ? [] : [treeRoot(l)];
    let k = 1;
    while (k * 2 < l.length) k *= 2;
    return m <= k ? [...subproof(m, l.slice(0, k), whole), treeRoot(l.slice(k))] : [...subproof(m - k, l.slice(k), false), treeRoot(l.slice(0, k))];
  };
  for (let n = 1; n <= leaves.length; n++)
    for (let m = 1; m <= n; m++) {
      const before = treeRoot(leaves.slice(0, m)), now = treeRoot(leaves.slice(0, n)), path = subproof(m, leaves.slice(0, n), true);
      assert.ok(await verifyConsistency(m, before, n, now, path), `${m} of ${n}`);
      assert.equal(await verifyConsistency(m, flipped(before, 0), n, now, path), false);
      assert.equal(await verifyConsistency(m, before, n, now, [...path, before]), false);
    }
});

