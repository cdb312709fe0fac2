// SPDX-License-Identifier: MPL-2.0
// What is attached to a certificate's PDF: the code's text and the receipt. The file's own signature is not judged here.
import { need } from "./bytes";

export const PDF_MAX = 16 << 20;

export const isPdf = (bytes: Uint8Array): boolean => new TextDecoder("latin1").decode(bytes.subarray(0, 1024)).includes("%PDF-");

/** The bytes of the one attachment of that name; undefined: there is none. Two of a name are refused. */
export function attached(pdf: Uint8Array, name: "qr.txt" | "receipt.cbor"): Uint8Array | undefined {
  need(pdf.length <= PDF_MAX, "too large");
  const text = new TextDecoder("latin1").decode(pdf); // a character for each byte
  const specs = [...text.matchAll(/\/Type \/Filespec \/F \(([^()]{1,64})\)[^<>]{0,200}\/EF << \/F (\d{1,9}) 0 R/g)].filter((m) => m[1] === name);
  const [spec] = specs;
  if (!spec) return undefined;
  need(specs.length === 1, "attached more than once");
  // A later update of the file replaces an earlier object.
  const head = `\n${spec[2]} 0 obj`, from = text.lastIndexOf(head);
  const dict = /^\s*<<[^]{0,300}?\/Length (\d{1,9})[^]{0,300}?>>\s*stream\r?\n/.exec(from < 0 ? "" : text.slice(from + head.length, from + head.length + 700));
  need(dict && !dict[0].includes("/Filter"), "an attachment of another form");
  const begin = from + head.length + dict[0].length, length = Number(dict[1]);
  need(begin + length <= pdf.length, "an attachment is cut");
  return pdf.subarray(begin, begin + length);
}
