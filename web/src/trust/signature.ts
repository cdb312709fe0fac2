// SPDX-License-Identifier: MPL-2.0
// The two signatures of the register, by the browser's own cryptography.
import { Unsupported, subtle } from "./bytes";

/** ES256: point 04‖x‖y, signature r‖s. */
export async function verifyP256(point: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const s = subtle();
  try {
    const key = await s.importKey("raw", point as BufferSource, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await s.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature as BufferSource, message as BufferSource);
  } catch {
    return false; // not a point of the curve
  }
}

let known: Promise<boolean> | undefined;

/** Chrome has Ed25519 since version 137, Firefox since 129, Safari since 17. */
export function hasEd25519(): Promise<boolean> {
  const basePoint = new Uint8Array(32).fill(0x66);
  basePoint[0] = 0x58;
  known ??= (async () => subtle().importKey("raw", basePoint, { name: "Ed25519" }, false, ["verify"]))().then(() => true, () => false);
  return known;
}

export async function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (!(await hasEd25519())) throw new Unsupported("Ed25519");
  try {
    const imported = await subtle().importKey("raw", key as BufferSource, { name: "Ed25519" }, false, ["verify"]);
    return await subtle().verify({ name: "Ed25519" }, imported, signature as BufferSource, message as BufferSource);
  } catch {
    return false;
  }
}
