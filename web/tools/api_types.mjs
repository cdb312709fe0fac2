// SPDX-License-Identifier: MPL-2.0
// Makes src/api/types.ts from a server's description of itself:
//
//   node web/tools/api_types.mjs http://127.0.0.1:8080 > web/src/api/types.ts
//
// What a declaration of each kind holds is left out: it differs from country to country, and the client learns it from the
// country's forms while it runs. tests/browser/api_types.test.mjs makes the file anew and compares.
import { fileURLToPath } from "node:url";

/** "Declaration.birth" and the like: one kind's, in one country, of which only "Declaration" stays. */
const family = (name) => name.split(".")[0];
const ref = (node) => family(node.$ref.replace("#/components/schemas/", ""));
const word = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
const note = (text, indent) => (text ? `${indent}/** ${text.replaceAll("*/", "* /")} */\n` : "");

function properties(node, indent) {
  const inner = `${indent}  `;
  const rows = Object.entries(node.properties ?? {}).map(([name, of]) =>
    `${note(of.description, inner)}${inner}${word(name)}${node.required?.includes(name) ? "" : "?"}: ${type(of, inner)};\n`);
  return `{\n${rows.join("")}${indent}}`;
}

const union = (types) => [...new Set(types)].join(" | ");

function list(items, indent) {
  const of = type(items, indent);
  return / [|&] /.test(of) && !/^[{(]/.test(of) ? `(${of})[]` : `${of}[]`;
}

/** The TypeScript type of a schema, written at a place that is indented so far. */
function type(node, indent = "") {
  if (node === true || !node) return "unknown";
  if (node.$ref) return ref(node);
  if ("const" in node) return JSON.stringify(node.const);
  if (node.enum) return union(node.enum.map((v) => JSON.stringify(v)));
  if (node.allOf) return node.allOf.map((n) => type(n, indent)).join(" & ");
  if (node.oneOf ?? node.anyOf) return union((node.oneOf ?? node.anyOf).map((n) => type(n, indent)));
  if (Array.isArray(node.type)) return union(node.type.map((one) => type({ ...node, type: one }, indent)));
  switch (node.type) {
    case "string": return "string";
    case "integer": case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": return list(node.items ?? {}, indent);
    case "object":
      if (node.properties) return properties(node, indent);
      return `Record<string, ${node.additionalProperties ? type(node.additionalProperties, indent) : "unknown"}>`;
    default: return "unknown";
  }
}

function schema(name, node) {
  const made = type(node);
  return note(node.description, "") + (node.type === "object" && node.properties
    ? `export interface ${name} ${made}\n` : `export type ${name} = ${made};\n`);
}

/** What a body or an answer holds: JSON as its type, all else as bytes; nothing is void. */
function content(of) {
  const kinds = Object.keys(of ?? {});
  if (!kinds.length) return "void";
  const json = kinds.find((k) => /[/+]json$/.test(k));
  return json ? type(of[json].schema, "    ") : "Blob";
}

function operation(path, method, of) {
  const query = (of.parameters ?? []).filter((p) => p.in === "query").map((p) => `${word(p.name)}${p.required ? "" : "?"}: ${type(p.schema, "    ")}`);
  const good = Object.entries(of.responses).filter(([status]) => /^2/.test(status)).map(([, answer]) => content(answer.content));
  const parts = [`method: ${JSON.stringify(method.toUpperCase())}`, `path: ${JSON.stringify(path)}`];
  if (query.length) parts.push(`query: { ${query.join("; ")} }`);
  if (of.requestBody) parts.push(`body: ${content(of.requestBody.content)}`);
  parts.push(`answer: ${union(good.length ? good : ["void"])}`);
  return `${note(of.summary, "  ")}  ${word(of.operationId)}: { ${parts.join("; ")} };\n`;
}

/** What all kinds have in common: something of the country's, or members that are themselves the same for each kind. */
function common(kinds) {
  if (!kinds.every((kind) => JSON.stringify(kind).includes("#/components/schemas/"))) return { type: "object", description: "As the country's form of its kind says" };
  const properties = Object.assign({}, ...kinds.map((kind) => kind.properties).reverse());
  for (const [name, of] of Object.entries(properties)) if ("const" in of) properties[name] = { type: of.type };
  return { type: "object", properties, required: Object.keys(properties).filter((name) => kinds.every((kind) => kind.required?.includes(name))) };
}

export function typesOf(description) {
  const all = description.components.schemas;
  const families = [...new Set(Object.keys(all).map(family))].sort();
  const schemas = families.map((name) => {
    const kinds = Object.keys(all).filter((other) => other.startsWith(`${name}.`));
    return schema(name, kinds.length ? common(kinds.map((kind) => all[kind])) : all[name]);
  });
  const operations = Object.entries(description.paths)
    .flatMap(([path, methods]) => Object.entries(methods).filter(([, of]) => of.operationId).map(([method, of]) => operation(path, method, of)));
  return [
    "// SPDX-License-Identifier: MPL-2.0\n// Generated by tools/api_types.mjs from /openapi.json. Do not edit.\n",
    ...schemas, `/** What can be asked of the server. */\nexport interface Operations {\n${operations.join("")}}\n`,
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answer = await fetch(new URL("/openapi.json", process.argv[2] ?? "http://127.0.0.1:8080"));
  process.stdout.write(typesOf(await answer.json()));
}
