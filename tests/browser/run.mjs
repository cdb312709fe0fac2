// SPDX-License-Identifier: MPL-2.0
// Runs *.test.mjs and unit/*.test.ts with node:test and prints TAP, one point a test: run.mjs [FILE …]. Started by run.py.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), "civis-browser-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
process.env.CIVIS_ROOT ??= join(here, "../.."); // a bundled test is elsewhere, and looks for vectors

/** Tests in TypeScript, which take parts of the client by themselves. */
async function bundled(names) {
  const esbuild = createRequire(join(here, "../../web/package.json"))("esbuild");
  await esbuild.build({
    entryPoints: names.map((name) => join(here, "unit", name)), outdir: work, bundle: true, platform: "node", format: "esm",
    jsx: "automatic", jsxImportSource: "preact", nodePaths: [join(here, "../../web/node_modules")], outExtension: { ".js": ".mjs" },
    sourcemap: "inline", logLevel: "warning", inject: [join(here, "node18.mjs")],
  });
  return names.map((name) => join(work, name.replace(/ts$/, "mjs")));
}

const wanted = process.argv.slice(2).map((name) => basename(name));
const files = (folder, ending) => readdirSync(folder).filter((f) => f.endsWith(ending) && (!wanted.length || wanted.includes(f))).sort();
const units = files(join(here, "unit"), ".test.ts");
const all = [...(units.length ? await bundled(units) : []), ...files(here, ".test.mjs").map((f) => join(here, f))];

let number = 0, failed = 0;
const say = (text) => process.stdout.write(text.trimEnd().replace(/^/gm, "# ") + "\n");

function point(of, good, { name, details, skip }) {
  if (details.type === "suite") return;
  number += 1;
  if (!good) failed += 1;
  console.log(`${good ? "ok" : "not ok"} ${number} - ${of}: ${name.replace(/#/g, "")}${skip !== undefined ? ` # SKIP ${skip}` : ""}`);
  if (good) return;
  const error = details.error?.cause ?? details.error;
  say(error?.stack ?? String(error));
}

// One file after the other: what is measured and looked at shares the machine with nothing else of ours.
const took = [];
for (const file of all) {
  const of = basename(file).replace(/\.test\.\w+$/, ""), from = Date.now();
  const stream = run({ files: [file], concurrency: 1 });
  stream.on("test:pass", (data) => point(of, true, data));
  stream.on("test:fail", (data) => point(of, false, data));
  stream.on("test:stdout", ({ message }) => say(message));
  stream.on("test:stderr", ({ message }) => say(message));
  for await (const _ of stream);
  took.push({ of, seconds: Math.round((Date.now() - from) / 1000) });
}
console.log(`1..${number}`);
say(`seconds: ${took.map(({ of, seconds }) => `${of} ${seconds}`).join(", ")}; together ${took.reduce((sum, { seconds }) => sum + seconds, 0)}`);
say(`${number - failed} passed, ${failed} failed`);
process.exitCode = failed || !number ? 1 : 0;
