// SPDX-License-Identifier: MPL-2.0
// Opens zlib streams (RFC 1950), also those with the preset dictionary of CIV1 (docs/formats/qr.md), which browsers'
// DecompressionStream does not take by itself: the dictionary is put in front as a stored block, and cut off the result.
import { concat } from "../base/bytes";
import { Unreadable, Unsupported, ascii, need } from "./bytes";

const FDICT = 0x20;

/** The letters that names are written with, then the frame of a credential. It never changes for "CIV1:". */
export const DICTIONARY: Uint8Array = (() => {
  let letters = "";
  for (const [from, to] of [[0x1780, 0x17b3], [0x17b6, 0x17d2], [0x1000, 0x104f]] as const)
    for (let c = from; c <= to; c++) letters += String.fromCharCode(c);
  return concat(new TextEncoder().encode(letters), ascii(
    "\xd2\x84\x47\xa2\x01\x26\x04\x42\xa0\x58\xb4\xa5\x01\x63\x06\x1a\x6b\x07\x47\x00\x19\xff\xff\xa1\x6bstatus_list" +
    "\xa2\x63idx\x19\x63uri\x78\x1chttps:///status/0\x3a\x00\x01\x11\x70\xa8\x01\x61\x62\x02\x85\x66" +
    "0\x61\x42\x01\x19\x07\xea\x18\x03\x78\x04\x6d\x05\x61\x66\x06\x19\x50\x05\x61\x6d\x06\x19\x51\x07\x68\x08\x19\x51"));
})();

function adler32(bytes: Uint8Array): number {
  let a = 1, b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

const u32 = (b: Uint8Array, at: number): number => new DataView(b.buffer, b.byteOffset + at, 4).getUint32(0);

/** Block by block, and no further than `max`: memory follows content, not claims. */
async function inflateRaw(parts: Uint8Array[], max: number): Promise<Uint8Array> {
  if (typeof DecompressionStream === "undefined") throw new Unsupported("DecompressionStream");
  let stream: DecompressionStream;
  try {
    stream = new DecompressionStream("deflate-raw");
  } catch {
    throw new Unsupported("deflate-raw");
  }
  const writer = stream.writable.getWriter(), reader = stream.readable.getReader();
  const written = Promise.all([...parts.map((p) => writer.write(p as BufferSource)), writer.close()]).catch(() => undefined);
  const got: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
      if (done || !value) break;
      size += value.length;
      need(size <= max, "larger than it may be");
      got.push(value);
    }
    await written;
  } catch {
    await reader.cancel().catch(() => undefined);
    throw new Unreadable("damaged compression");
  }
  return concat(...got);
}

export async function inflate(zlib: Uint8Array, max: number, dictionary?: Uint8Array): Promise<Uint8Array> {
  const [method = 0, flags = 0] = zlib, preset = (flags & FDICT) !== 0;
  need(zlib.length >= 6 && (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0, "not zlib");
  const before = preset ? dictionary : undefined;
  need(!preset || (before && zlib.length >= 10 && u32(zlib, 2) === adler32(before)), "another dictionary");
  const length = before?.length ?? 0;
  const stored = before ? [Uint8Array.of(0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255), before] : [];
  const whole = await inflateRaw([...stored, zlib.subarray(preset ? 6 : 2, zlib.length - 4)], max + length);
  const content = whole.subarray(length);
  need(u32(zlib, zlib.length - 4) === adler32(content), "damaged compression");
  return content;
}
