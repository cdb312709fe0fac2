// SPDX-License-Identifier: MPL-2.0
// A photograph is drawn anew before it leaves the phone: smaller, and without what cameras write beside a picture (where, when, which
// phone).

const SIDE_MAX = 1600;
const BYTES_MAX = 5 * 1024 * 1024;

/** A JPEG of at most 1600 pixels a side; null if the file is no picture that this browser reads. */
export async function drawnAnew(file: Blob): Promise<Blob | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  const scale = Math.min(1, SIDE_MAX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const paper = canvas.getContext("2d");
  if (!paper) return null;
  paper.fillStyle = "#fff"; // what was see-through in a PNG
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of [0.82, 0.6, 0.4]) {
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (made && made.size <= BYTES_MAX) return made;
  }
  return null;
}
