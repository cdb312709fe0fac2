// SPDX-License-Identifier: MPL-2.0
// A code as a camera and a photograph show it.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";

const web = createRequire(join(dirname(fileURLToPath(import.meta.url)), "../../web/package.json"));
const { prepareZXingModule, writeBarcode } = web("zxing-wasm/writer");
prepareZXingModule({ overrides: { wasmBinary: readFileSync(web.resolve("zxing-wasm/writer/zxing_writer.wasm")) } });

/** The text of the code that a certificate's PDF carries. */
export const codeOf = (pdf) => /stream\n(CIV1:[0-9A-Z $%*+\-./:]+)\nendstream/.exec(Buffer.from(pdf).toString("latin1"))[1];

/** Grey points, 255 white, of the code in the middle of a sheet of that size. */
async function grey(text, width, height) {
  const { symbol } = await writeBarcode(text, { format: "QRCode", ecLevel: "M" });
  const scale = Math.floor((Math.min(width, height) * 0.8) / symbol.width), side = symbol.width * scale;
  const left = (width - side) >> 1, top = (height - side) >> 1, points = Buffer.alloc(width * height, 235);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      points[(top + y) * width + left + x] = symbol.data[Math.floor(y / scale) * symbol.width + Math.floor(x / scale)] ? 235 : 16;
  return points;
}

/** A photograph (PNG). */
export async function photograph(text, side = 900) {
  const png = new PNG({ width: side, height: side }), points = await grey(text, side, side);
  points.forEach((v, i) => png.data.set([v, v, v, 255], i * 4));
  return PNG.sync.write(png);
}

/** What a camera sees (YUV4MPEG2), for Chromium's --use-file-for-fake-video-capture. */
export async function film(path, text, width = 640, height = 480) {
  const frame = Buffer.concat([Buffer.from("FRAME\n"), await grey(text, width, height), Buffer.alloc((width * height) / 2, 128)]);
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
  return path;
}
