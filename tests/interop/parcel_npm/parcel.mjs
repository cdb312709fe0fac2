// SPDX-License-Identifier: MPL-2.0
// Seals and opens parcels as docs/formats/parcel.md says, by an HPKE that is not ours.
//   parcel.mjs seal request|file KID KEY DEPLOYMENT < plaintext > parcel
//   parcel.mjs key                                    prints a key pair: {"key": …, "private": …}
//   parcel.mjs open PRIVATE DEPLOYMENT < parcel > plaintext
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { readFileSync, writeSync } from "node:fs";

const HEADER = 89, PIECE = 256 * 1024, TAG = 16;
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

function infoOf(deployment) {
  return Buffer.concat([Buffer.from("civis-parcel-v1\0"), Buffer.from(deployment.replaceAll("-", ""), "hex")]);
}

async function seal(kind, kid, key, deployment, plain) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(Buffer.from(key, "base64url"));
  const context = await suite.createSenderContext({ recipientPublicKey, info: infoOf(deployment) });
  const header = Buffer.alloc(HEADER);
  header.write("CIVP", 0, "latin1");
  header[4] = 1;
  header[5] = kind === "file" ? 2 : 1;
  header.set([0, 0x10, 0, 1, 0, 2], 6);
  header.write(kid, 12, "hex");
  header.writeUInt32BE(plain.length, 20);
  header.set(new Uint8Array(context.enc), 24);
  const parts = [header];
  for (let at = 0; at < plain.length; at += PIECE)
    parts.push(Buffer.from(await context.seal(plain.subarray(at, at + PIECE), header)));
  return Buffer.concat(parts);
}

async function open(privateKey, deployment, parcel) {
  const recipientKey = await suite.kem.deserializePrivateKey(Buffer.from(privateKey, "base64url"));
  const header = parcel.subarray(0, HEADER);
  const context = await suite.createRecipientContext({ recipientKey, info: infoOf(deployment), enc: header.subarray(24) });
  const parts = [];
  for (let at = HEADER; at < parcel.length; at += PIECE + TAG)
    parts.push(Buffer.from(await context.open(parcel.subarray(at, at + PIECE + TAG), header)));
  return Buffer.concat(parts);
}

async function makeKey() {
  const pair = await suite.kem.generateKeyPair();
  const text = async (serialize, key) => Buffer.from(await serialize(key)).toString("base64url");
  return JSON.stringify({
    key: await text((k) => suite.kem.serializePublicKey(k), pair.publicKey),
    private: await text((k) => suite.kem.serializePrivateKey(k), pair.privateKey),
  });
}

function write(bytes) {
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}

const [what, ...more] = process.argv.slice(2);
if (what === "seal") write(await seal(...more, readFileSync(0)));
else if (what === "open") write(await open(...more, readFileSync(0)));
else if (what === "key") console.log(await makeKey());
else process.exit(2);
