// SPDX-License-Identifier: MPL-2.0
'use strict';
/*
 * node verify.js DIR: checks what tests/interop/make_log.c wrote, sharing no
 * code with civis. Inclusion by @sigstore/verify, signatures by Node's crypto,
 * the receipt and the commitment by the few lines below, written from
 * docs/formats. Exit 0: everything holds; 1: something does not.
 */
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { verifyMerkleInclusion } = require(
  path.join(__dirname, '..', 'node_modules', '@sigstore', 'verify', 'dist', 'tlog', 'merkle.js'));

const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();

function check(condition, what) {
  if (!condition) throw new Error(what);
}

// ---- CBOR, as much as acts and receipts use; each item keeps its own bytes ----

function decode(buffer, start = 0) {
  let at = start;
  const first = buffer[at++];
  const major = first >> 5;
  let value = first & 31;
  check(first !== undefined && value <= 27, 'cbor head');
  if (value >= 24) {
    const size = 1 << (value - 24);
    check(at + size <= buffer.length, 'cbor head');
    value = size === 8 ? Number(buffer.readBigUInt64BE(at)) : buffer.readUIntBE(at, size);
    at += size;
  }
  const item = { major };
  if (major === 0) item.value = value;
  else if (major === 2 || major === 3) {
    check(at + value <= buffer.length, 'cbor string');
    item.value = buffer.subarray(at, at + value);
    at += value;
  } else if (major === 4 || major === 5) {
    item.value = [];
    for (let i = 0; i < value * (major - 3); i++) {
      const child = decode(buffer, at);
      item.value.push(child);
      at = child.end;
    }
  } else check(major === 7 && value === 22, 'cbor type');
  item.end = at;
  item.raw = buffer.subarray(start, at);
  return item;
}

function whole(buffer) {
  const item = decode(buffer);
  check(item.end === buffer.length, 'cbor: bytes behind the item');
  return item;
}

function head(major, n) {
  if (n < 24) return Buffer.from([(major << 5) | n]);
  if (n < 256) return Buffer.from([(major << 5) | 24, n]);
  return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
}

const field = (map, key) => {
  for (let i = 0; i < map.value.length; i += 2) if (map.value[i].value === key) return map.value[i + 1];
  throw new Error(`no key ${key}`);
};

// ---- docs/formats/commitment.md ----

function commitmentOf(form, digests) {
  const list = [head(4, digests.length + 1), head(3, form.length), form];
  for (const d of digests) list.push(head(2, 32), d);
  return sha256(Buffer.from('civis-act-v1'), ...list);
}

function commitmentOfAct(bytes) {
  const act = whole(bytes);
  const salt = field(act, 2).value;
  const map = field(act, 3);
  const digests = [];
  for (let i = 0; i < map.value.length; i += 2) {
    const label = Buffer.alloc(4);
    label.writeUInt32BE(map.value[i].value);
    const k = crypto.createHmac('sha256', salt).update(label).digest();
    digests.push(sha256(k, head(4, 2), map.value[i].raw, map.value[i + 1].raw));
  }
  return commitmentOf(field(act, 1).value, digests);
}

// ---- signed notes ----

const ed25519 = (raw) =>
  crypto.createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]), format: 'der', type: 'spki' });

function openCheckpoint(note, vkey) {
  const [name, id, material] = vkey.split('+');
  const key = Buffer.from(material, 'base64');
  check(key[0] === 1 && key.length === 33, 'verifier key');
  check(sha256(Buffer.from(name + '\n'), key).subarray(0, 4).toString('hex') === id, 'verifier key id');
  const end = note.lastIndexOf('\n\n') + 1;
  check(end > 0, 'note');
  const text = note.slice(0, end);
  const line = note.slice(end + 1).split('\n').find((l) => l.startsWith(`\u2014 ${name} `));
  check(line, 'no signature of the key');
  const blob = Buffer.from(line.split(' ')[2], 'base64');
  check(blob.subarray(0, 4).toString('hex') === id, 'signature key id');
  check(crypto.verify(null, Buffer.from(text), ed25519(key.subarray(1)), blob.subarray(4)), 'checkpoint signature');
  const [origin, size, root] = text.split('\n');
  check(origin === name, 'origin');
  return { logSize: BigInt(size), logHash: Buffer.from(root, 'base64') };
}

function checkInclusion(proof, vkey, entry) {
  const cut = proof.indexOf('\n\n');
  const [first, index, ...hashes] = proof.slice(0, cut).split('\n');
  check(first === 'c2sp.org/tlog-proof@v1' && index.startsWith('index '), 'proof');
  const checkpoint = openCheckpoint(proof.slice(cut + 2), vkey);
  verifyMerkleInclusion({
    canonicalizedBody: entry,
    inclusionProof: { logIndex: index.slice(6), hashes: hashes.map((h) => Buffer.from(h, 'base64')) },
  }, checkpoint);
}

// ---- docs/formats/receipt.md ----

function checkReceipt(bytes, actKey, vkey) {
  const receipt = whole(bytes);
  let opened = 0;
  const digests = field(receipt, 2).value.map((f) => {
    if (f.major === 2) return f.value;
    check(f.major === 4 && f.value.length === 2, 'opened field');
    check(whole(f.value[1].value).value.length === 2, 'opening');
    opened++;
    return sha256(f.value[0].value, f.value[1].value);
  });
  const commitment = commitmentOf(field(receipt, 1).value, digests);
  const signed = Buffer.concat([Buffer.from('civis-act-sig-v1'), commitment]);
  check(crypto.verify(null, signed, ed25519(actKey), field(receipt, 3).value), 'act signature');
  checkInclusion(field(receipt, 5).value.toString(), vkey, commitment);
  return { commitment, opened };
}

try {
  const dir = process.argv[2];
  const read = (name) => fs.readFileSync(path.join(dir, name));
  const vkey = read('log.vkey').toString().trim();
  const commitment = Buffer.from(read('commitment.hex').toString().trim(), 'hex');
  const actKey = Buffer.from(read('act.key.hex').toString().trim(), 'hex');
  check(commitmentOfAct(read('act.cbor')).equals(commitment), 'commitment of the act');
  checkInclusion(read('proof').toString(), vkey, commitment);
  openCheckpoint(fs.readFileSync(path.join(dir, 'log', 'checkpoint')).toString(), vkey);
  const receipt = checkReceipt(read('receipt.cbor'), actKey, vkey);
  check(receipt.commitment.equals(commitment), 'commitment of the receipt');
  check(receipt.opened === 3, 'opened fields');
  console.log('log_npm: commitment, proof and receipt hold');
} catch (error) {
  console.log(`log_npm: ${error.message}`);
  process.exit(1);
}
