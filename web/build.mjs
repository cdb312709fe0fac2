// SPDX-License-Identifier: MPL-2.0
// Builds the web client: node build.mjs OUT_DIR
//
//   OUT_DIR/web.pack      every file of the client, one after the other, each plain, gzip and brotli where that is shorter
//   OUT_DIR/web_pack.c    the table over it that src/gate/web.h describes, for the program that carries it
//   OUT_DIR/web.d         what it was made from, for ninja
//
// The first screen is rendered here in each language, with its style, its words and its program inside the page: on a slow line
// it is round trips that people wait for.
import * as esbuild from "esbuild";
import * as sass from "sass";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { usedStyle } from "./tools/used_style.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? "");
if (!process.argv[2]) {
  console.error("usage: node build.mjs OUT_DIR");
  process.exit(2);
}
const LANGUAGES = ["en", "km", "my"];
const sources = new Set();
const files = new Map(); // path → { type, bytes, forever }

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);
const sha256 = (text) => createHash("sha256").update(text).digest("base64");
const TYPES = {
  js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", html: "text/html; charset=utf-8",
  json: "application/json", webmanifest: "application/manifest+json", svg: "image/svg+xml", png: "image/png",
  woff2: "font/woff2", wasm: "application/wasm",
};

function put(path, bytes, forever) {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? TYPES.html;
  files.set(path, { type, bytes: Buffer.from(bytes), forever });
  return path;
}

function putHashed(name, ending, bytes) {
  return put(`/assets/${name}-${hash(bytes)}.${ending}`, bytes, true);
}

function source(...parts) {
  const path = join(here, ...parts);
  sources.add(path);
  return readFileSync(path);
}

const used = (metafile) => {
  for (const name of Object.keys(metafile.inputs)) if (!name.includes(":")) sources.add(resolve(here, name));
};

// ---- fonts and the style ----

function fonts() {
  const from = (pack, name) => putHashed(name, "woff2", readFileSync(join(here, "node_modules/@fontsource", pack, "files", `${name}.woff2`)));
  const face = (family, weight, url, range) =>
    `@font-face{font-family:${family};font-weight:${weight};font-display:swap;src:url(${url}) format("woff2");unicode-range:${range}}`;
  const KHMER = "U+1780-17FF,U+19E0-19FF,U+200B-200D,U+25CC", BURMESE = "U+1000-109F,U+A9E0-A9FF,U+AA60-AA7F,U+200B-200D,U+25CC";
  return [400, 700].map((weight) =>
    face('"Noto Sans Khmer"', weight, from("noto-sans-khmer", `noto-sans-khmer-khmer-${weight}-normal`), KHMER) +
    face("Padauk", weight, from("padauk", `padauk-myanmar-${weight}-normal`), BURMESE)).join("") +
    // On a page in another language stands one word of each script, the language's own name: for that no whole font is fetched.
    ["km", "my"].map((l) => `@font-face{font-family:name-${l};font-display:swap;src:url(${putHashed(`name-${l}`, "woff2", source("fonts", `name-${l}.woff2`))}) format("woff2")}`).join("") +
    // What a state is told by beside its words; a simple device may have no font with them.
    face("signs", 400, putHashed("signs", "woff2", source("fonts", "signs.woff2")), "U+2713,U+2715");
}

function style() {
  const result = sass.compile(join(here, "styles/civis.scss"), {
    style: "compressed", loadPaths: [join(here, "node_modules")], quietDeps: true, silenceDeprecations: ["import"],
  });
  for (const url of result.loadedUrls) sources.add(fileURLToPath(url));
  const programs = [...sources].filter((path) => path.startsWith(join(here, "src")) && /\.tsx?$/.test(path)).concat(join(here, "build.mjs"));
  return fonts() + usedStyle(result.css.trim(), programs.map((path) => readFileSync(path, "utf8")));
}

// ---- the program ----

const common = {
  absWorkingDir: here, bundle: true, minify: true, metafile: true, write: false, target: ["es2020"], charset: "utf8",
  // Without a helper of esbuild's for fields of classes, which would be one more file that all share.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } }, legalComments: "none", jsx: "automatic", jsxImportSource: "preact", logLevel: "error",
};

// What the first screen shares with later ones would be cut into a file for each set of them that shares it: soon a dozen,
// and a browser asks for six at a time. So whatever is fetched later is told that it needs all of the first, which then is one file.
async function later(options) {
  const { metafile } = await esbuild.build(options);
  return new Set(Object.values(metafile.inputs).flatMap((input) => input.imports)
    .filter((i) => i.kind === "dynamic-import" && /\.tsx?$/.test(i.path)).map((i) => resolve(here, i.path)));
}

const afterTheFirst = (late) => ({
  name: "after-the-first",
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, ({ path }) => late.has(path)
      ? { contents: `${readFileSync(path, "utf8")}\nimport ${JSON.stringify(join(here, "src/main.tsx"))};\n`, loader: path.endsWith("x") ? "tsx" : "ts" }
      : undefined);
  },
});

/** Where zxing-wasm would fetch its file from if it were not told: elsewhere. The program that is carried names no other host. */
const nothingFromElsewhere = {
  name: "nothing-from-elsewhere",
  setup(build) {
    build.onLoad({ filter: /zxing-wasm\/dist\/es\/share\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8"), without = text.replace(/`https:\/\/[^`]*`/, '""');
      if (without === text) throw new Error(`${path} has another form than it had`);
      return { contents: without, loader: "js" };
    });
  },
};

/** Built for Node, where Buffer is. */
const withoutBuffer = {
  name: "without-buffer",
  setup(build) {
    build.onLoad({ filter: /myanmar-tools\/build_node\/zawgyi_detector\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8"), without = text.replace('new Buffer(DATA, "base64")', "Uint8Array.from(atob(DATA), (c) => c.charCodeAt(0))");
      if (without === text) throw new Error(`${path} has another form than it had`);
      return { contents: without, loader: "js" };
    });
  },
};

// The first of it stands in the page itself and hands what later ones need over to a file in its place: a file that is named
// by an address would be a second round trip, and evaluated a second time where it was also part of the page.
function intoPage(url, text) {
  const handed = /export\{([^}]*)\};\s*$/.exec(text);
  if (!handed || /(^|;)import[ {"]|<\/script/.test(text)) throw new Error("the first program has another form than it had");
  const names = handed[1].split(",").map((name) => name.split(" as ")).map(([own, as]) => [own, as ?? own]);
  put(url, `const{${names.map(([, as]) => as)}}=globalThis.civis;export{${names.map(([, as]) => as)}};`, true);
  return `${text.slice(0, handed.index)}globalThis.civis={${names.map(([own, as]) => `${as}:${own}`)}}`;
}

async function program() {
  const wasm = putHashed("zxing_reader", "wasm", readFileSync(join(here, "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm")));
  const options = {
    ...common, entryPoints: { app: "src/main.tsx" }, outdir: "/assets", format: "esm", splitting: true,
    publicPath: "/assets", entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", define: { __READER_WASM__: JSON.stringify(wasm) },
  };
  const result = await esbuild.build({ ...options, plugins: [nothingFromElsewhere, withoutBuffer, afterTheFirst(await later(options))] });
  used(result.metafile);
  for (const file of result.outputFiles) put(`/assets/${file.path.slice(file.path.lastIndexOf("/") + 1)}`, file.contents, true);
  const [path] = Object.entries(result.metafile.outputs).find(([, o]) => "src/main.tsx" in o.inputs);
  const url = `/assets/${path.slice(path.lastIndexOf("/") + 1)}`;
  return intoPage(url, files.get(url).bytes.toString());
}

async function prerender() {
  const result = await esbuild.build({
    ...common, minify: false, entryPoints: ["src/prerender.tsx"], format: "esm", platform: "node", outfile: "prerender.mjs",
  });
  used(result.metafile);
  mkdirSync(out, { recursive: true });
  const path = join(out, "prerender.mjs");
  writeFileSync(path, result.outputFiles[0].contents);
  return (await import(`${pathToFileURL(path)}?${hash(result.outputFiles[0].contents)}`)).render;
}

async function worker(precache, version) {
  const result = await esbuild.build({
    ...common, entryPoints: ["src/worker/worker.ts"], format: "iife", outfile: "sw.js",
    define: { __PRECACHE__: JSON.stringify(precache), __VERSION__: JSON.stringify(version) },
  });
  used(result.metafile);
  put("/sw.js", result.outputFiles[0].contents, false);
}

// ---- the page ----

const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function page(language, css, code, body, words) {
  return `<!doctype html><html lang="${language}" class="govuk-template"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light">` +
    `<meta name="theme-color" content="#1f3a5f"><title>${escape(words["core.title"])}</title>` +
    `<link rel="manifest" href="/manifest.webmanifest"><link rel="icon" href="/icon.svg" type="image/svg+xml">` +
    `<style>${css}</style></head>` +
    `<body class="govuk-template__body"><div id="app">${body}</div>` +
    `<script type="application/json" id="words">${JSON.stringify(words).replace(/</g, "\\u003c")}</script>` +
    `<script type="module">${code}</script></body></html>`;
}

// ---- the pack ----

function compressed(file) {
  const { bytes, type } = file;
  const forms = [["", bytes]];
  if (!/font|png/.test(type)) {
    const gzip = gzipSync(bytes, { level: 9 });
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    if (gzip.length < bytes.length) forms.push(["gzip", gzip]);
    if (brotli.length < bytes.length) forms.push(["br", brotli]);
  }
  return forms;
}

function writePack(css, code) {
  const parts = [], rows = [];
  let at = 0;
  const c = (text) => JSON.stringify(text);
  for (const [path, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const [encoding, bytes] of compressed(file)) {
      rows.push(`\t{${c(path)}, ${c(file.type)}, ${c(encoding)}, ${c(`"${hash(file.bytes)}"`)}, ${at}, ${bytes.length}, ${file.forever}},`);
      parts.push(bytes);
      at += bytes.length;
    }
  writeFileSync(join(out, "web.pack"), Buffer.concat(parts));
  writeFileSync(join(out, "web_pack.c"), [
    "/* Generated. Do not edit. */", '#include "gate/web.h"', "",
    "const struct web_file web_files[] = {", ...rows, "};", "const size_t web_file_count = sizeof web_files / sizeof *web_files;",
    `const char web_style_hash[] = ${c(`sha256-${sha256(css)}`)};`, `const char web_script_hash[] = ${c(`sha256-${sha256(code)}`)};`, "",
    `__asm__(".section .rodata\\n.balign 16\\n.globl web_bytes\\nweb_bytes:\\n.incbin " ${c(c(join(out, "web.pack")))} "\\n.previous\\n");`, ""].join("\n"));
  writeFileSync(join(out, "sizes.json"), JSON.stringify(Object.fromEntries([...files].map(([path, file]) =>
    [path, Object.fromEntries(compressed(file).map(([encoding, bytes]) => [encoding || "plain", bytes.length]))])), null, 1));
}

const code = await program();
const css = style();
const render = await prerender();
put("/icon.svg", source("styles/icon.svg"), false);
put("/manifest.webmanifest", source("styles/manifest.webmanifest"), false);
for (const language of LANGUAGES) {
  const words = JSON.parse(source("strings/core", `${language}.json`));
  put(`/${language}/`, page(language, css, code, render(language, words), words), false);
}
const all = [...files].map(([path]) => path).filter((path) => !path.endsWith("/")); // of the pages a device keeps one
const version = hash([...files].map(([path, file]) => path + hash(file.bytes)).join("\n"));
await worker(all, version);
writePack(css, code);
for (const name of readdirSync(here)) if (/^(package-lock\.json|build\.mjs)$/.test(name)) sources.add(join(here, name));
writeFileSync(join(out, "web.d"), `${join(relative(process.cwd(), out), "web_pack.c")}: ${[...sources].join(" ")}\n`);
