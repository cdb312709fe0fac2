// SPDX-License-Identifier: MPL-2.0
// Reads QR codes: by the browser itself where it can, else by zxing, whose file the client brings along.
declare const __READER_WASM__: string;

/** The text of a code in a picture; undefined: none was found. */
export type Read = (from: HTMLVideoElement | ImageBitmap) => Promise<string | undefined>;

interface Detector {
  detect(from: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

async function native(): Promise<Read | undefined> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  try {
    if (!Native || !(await Native.getSupportedFormats()).includes("qr_code")) return undefined;
    const detector = new Native({ formats: ["qr_code"] });
    return async (from) => (await detector.detect(from))[0]?.rawValue;
  } catch {
    return undefined;
  }
}

const SIDE_MAX = 2400; // of a picture; more only costs memory

const sizeOf = (from: HTMLVideoElement | ImageBitmap): [number, number] =>
  from instanceof HTMLVideoElement ? [from.videoWidth, from.videoHeight] : [from.width, from.height];

async function carried(): Promise<Read> {
  const { prepareZXingModule, readBarcodes } = await import("zxing-wasm/reader");
  await prepareZXingModule({ overrides: { locateFile: () => __READER_WASM__ }, fireImmediately: true });
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d", { willReadFrequently: true });
  return async (from) => {
    const [width, height] = sizeOf(from), scale = Math.min(1, SIDE_MAX / Math.max(width, height, 1));
    if (!context || !width || !height) return undefined;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(from, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    canvas.width = 0; // the picture of somebody's paper stays nowhere
    return (await readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true }))[0]?.text;
  };
}

let made: Promise<Read> | undefined;

export function reader(): Promise<Read> {
  made ??= native().then((read) => read ?? carried());
  made.catch(() => (made = undefined));
  return made;
}

/** A picture that the browser cannot open throws. */
export async function readPicture(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file);
  try {
    return await (await reader())(picture);
  } finally {
    picture.close();
  }
}
