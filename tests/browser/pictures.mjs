// SPDX-License-Identifier: MPL-2.0
// How screens look, compared with the committed pictures. Those are kept small by 256 colours: the most frequent ones as they are, and
// for the edges of letters the nearest of six steps each of red, green and blue.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const here = dirname(fileURLToPath(import.meta.url));

// Two runs on one machine differ in no pixel. Debian brings a new Chromium every few weeks, which may smooth an edge otherwise:
// so a point may differ a little in colour, and one in a thousand altogether. A moved line or a lost mark is far more.
const COLOUR = 0.2, SHARE = 0.001;

/** CRC-32 of ISO 3309, which Node 18 does not have. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function chunk(name, content) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]), whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(content.length);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

const STEPS = 6, CUBE = STEPS ** 3, OWN = 256 - CUBE;
const step = (v) => Math.round((v * (STEPS - 1)) / 255), shade = (n) => Math.round((n * 255) / (STEPS - 1));

/** A picture in those 256 colours. */
function small({ width, height, data }) {
  const points = new Uint32Array(width * height), count = new Map();
  for (let i = 0; i < points.length; i++) {
    points[i] = (data[i * 4] << 16) | (data[i * 4 + 1] << 8) | data[i * 4 + 2];
    count.set(points[i], (count.get(points[i]) ?? 0) + 1);
  }
  const own = [...count].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, OWN).map(([colour]) => colour), at = new Map(own.map((colour, i) => [colour, CUBE + i]));
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const near = (colour) => parts(colour).reduce((n, v) => n * STEPS + step(v), 0);
  const rows = Buffer.alloc((width + 1) * height), palette = Buffer.alloc(256 * 3), head = Buffer.alloc(13);
  for (let y = 0, i = 0; y < height; y++) for (let x = 1; x <= width; x++, i++) rows[y * (width + 1) + x] = at.get(points[i]) ?? near(points[i]);
  for (let i = 0; i < CUBE; i++) palette.set([Math.floor(i / STEPS ** 2), Math.floor(i / STEPS) % STEPS, i % STEPS].map(shade), i * 3);
  own.forEach((colour, i) => palette.set(parts(colour), (CUBE + i) * 3));
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

const TRIES = 3; // on a busy machine the browser may not have drawn a part of a long page yet; what is wrong stays wrong

/** Compares the whole page with pictures/NAME-LANGUAGE-WIDTH.png. */
export async function picture(page, name) {
  const file = `${name}-${page.language}-${page.width}.png`, path = join(here, "pictures", file);
  const keep = (what, bytes) => {
    const folder = join(process.env.BUILD_ROOT ?? join(here, "../../build"), "pictures");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file.replace(".png", `.${what}.png`)), bytes);
    return folder;
  };
  await page.evaluate(() => document.fonts.ready);
  for (let left = TRIES; left--;) {
    const got = await page.screenshot({ fullPage: true, animations: "disabled", caret: "hide", scale: "css" }), now = PNG.sync.read(got);
    if (process.env.UPDATE_PICTURES) {
      writeFileSync(path, small(now));
      return;
    }
    assert.ok(existsSync(path), `there is no picture ${file}; UPDATE_PICTURES=1 takes it`);
    const want = PNG.sync.read(readFileSync(path));
    if (want.width !== now.width || want.height !== now.height)
      assert.fail(`${file} is ${now.width}×${now.height}, was ${want.width}×${want.height}; see ${keep("got", got)}`);
    const diff = new PNG({ width: now.width, height: now.height });
    const wrong = pixelmatch(want.data, now.data, diff.data, now.width, now.height, { threshold: COLOUR });
    if (wrong <= SHARE * now.width * now.height)
      return;
    if (!left) {
      keep("got", got);
      assert.fail(`${file} differs in ${wrong} points of ${now.width * now.height}; see ${keep("diff", PNG.sync.write(diff))}`);
    }
  }
}
