// SPDX-License-Identifier: MPL-2.0
// The client's types are those of the server that carries it, in each country.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { typesOf } from "../../web/tools/api_types.mjs";
import { countries } from "./lib.mjs";

const committed = readFileSync(new URL("../../web/src/api/types.ts", import.meta.url), "utf8");

for (const [country, { url }] of Object.entries(countries))
  test(`web/src/api/types.ts is what the server of ${country} describes`, async () => {
    const description = await (await fetch(`${url}/openapi.json`)).json();
    const made = typesOf(description);
    if (made !== committed) assert.fail(firstDifference(made, committed));
  });

function firstDifference(made, kept) {
  let at = 0;
  while (made[at] === kept[at]) at++;
  const near = (text) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return `line ${made.slice(0, at).split("\n").length}: ${near(made)}, but the file has ${near(kept)}; make it anew: node web/tools/api_types.mjs URL > web/src/api/types.ts`;
}
