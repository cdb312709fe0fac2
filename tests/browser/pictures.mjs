// SPDX-License-Identifier: MPL-2.0
// How screens look, compared with the committed pictures. Those are kept small: 256 colours, eight steps of red and of green and four
// of blue, which is close enough to see and to compare.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const here = dirname(fileURLToPath(import.meta.url));

// Two runs on one machine differ in no pixel. Debian brings a new Chromium every few weeks, which may smooth an edge otherwise:
// so a point may differ a little in colour, and one in a thousand altogether. A moved line or a lost mark is far more.
const COLOUR = 0.2, SHARE = 0.001;

function chunk(name, content) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]), whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(content.length);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** A picture in those 256 colours. */
function small({ width, height, data }) {
  const rows = Buffer.alloc((width + 1) * height), palette = Buffer.alloc(768), head = Buffer.alloc(13);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4;
      rows[y * (width + 1) + 1 + x] = (Math.round((data[i] * 7) / 255) << 5) | (Math.round((data[i + 1] * 7) / 255) << 2) | Math.round((data[i + 2] * 3) / 255);
    }
  for (let i = 0; i < 256; i++) palette.set([((i >> 5) * 255) / 7, (((i >> 2) & 7) * 255) / 7, ((i & 3) * 255) / 3].map(Math.round), i * 3);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** Compares the whole page with pictures/NAME-LANGUAGE-WIDTH.png. `hide`: selectors of what is never the same. */
export async function picture(page, name, { hide = [] } = {}) {
  await page.evaluate(() => document.fonts.ready);
  const got = await page.screenshot({
    fullPage: true, animations: "disabled", caret: "hide", scale: "css", mask: hide.map((s) => page.locator(s)) });
  const file = `${name}-${page.language}-${page.width}.png`, path = join(here, "pictures", file), now = PNG.sync.read(got);
  if (process.env.UPDATE_PICTURES) {
    writeFileSync(path, small(now));
    return;
  }
  assert.ok(existsSync(path), `there is no picture ${file}; UPDATE_PICTURES=1 takes it`);
  const want = PNG.sync.read(readFileSync(path));
  const keep = (what, bytes) => {
    const folder = join(process.env.BUILD_ROOT ?? join(here, "../../build"), "pictures");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file.replace(".png", `.${what}.png`)), bytes);
    return folder;
  };
  if (want.width !== now.width || want.height !== now.height)
    assert.fail(`${file} is ${now.width}×${now.height}, was ${want.width}×${want.height}; see ${keep("got", got)}`);
  const diff = new PNG({ width: now.width, height: now.height });
  const wrong = pixelmatch(want.data, now.data, diff.data, now.width, now.height, { threshold: COLOUR });
  if (wrong > SHARE * now.width * now.height) {
    keep("got", got);
    assert.fail(`${file} differs in ${wrong} points of ${now.width * now.height}; see ${keep("diff", PNG.sync.write(diff))}`);
  }
}
