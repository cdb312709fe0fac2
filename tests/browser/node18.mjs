// SPDX-License-Identifier: MPL-2.0
// What browsers have and Debian 12's own Node 18 has not: WebCrypto as a global, and bare deflate.
import { webcrypto } from "node:crypto";
import { Duplex } from "node:stream";
import { createInflateRaw } from "node:zlib";

globalThis.crypto ??= webcrypto;

const Given = globalThis.DecompressionStream;
try {
  new Given("deflate-raw");
} catch {
  globalThis.DecompressionStream = class {
    constructor(format) {
      return format === "deflate-raw" ? Duplex.toWeb(createInflateRaw()) : new Given(format);
    }
  };
}
