// SPDX-License-Identifier: MPL-2.0
// Documents with keys of a test's own: unit/made_document.ts, for tests that are not bundled.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url)), folder = mkdtempSync(join(tmpdir(), "civis-document-")), out = join(folder, "made_document.mjs");
process.on("exit", () => rmSync(folder, { recursive: true }));

await createRequire(join(here, "../../web/package.json"))("esbuild").build({
  entryPoints: [join(here, "unit/made_document.ts")], outfile: out, bundle: true, platform: "node", format: "esm", logLevel: "warning" });

export const documents = await import(pathToFileURL(out));
