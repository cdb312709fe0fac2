// SPDX-License-Identifier: MPL-2.0
// The client's words: each area has the same keys with the same placeholders in every language, and nothing stands there unused.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const LANGUAGES = ["en", "km", "my"];
const areas = readdirSync(join(web, "strings"));
const file = (area, language) => readFileSync(join(web, "strings", area, `${language}.json`), "utf8");
const words = (area, language) => JSON.parse(file(area, language));
const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();

for (const area of areas)
  test(`the words of ${area} are the same in each language`, () => {
    const english = words(area, "en");
    for (const key of Object.keys(english)) assert.match(key, new RegExp(`^${area}\\.[a-z0-9_.]+$`));
    for (const language of LANGUAGES) {
      const these = words(area, language);
      assert.deepEqual(Object.keys(these).sort(), Object.keys(english).sort(), language);
      assert.equal(file(area, language).match(/^\s*"[^"]+":/gm)?.length ?? 0, Object.keys(these).length, `${language}: no key stands there twice`);
      for (const [key, text] of Object.entries(these)) {
        assert.deepEqual(placeholders(text), placeholders(english[key]), `${language}: ${key}`);
        assert.equal(text, text.normalize("NFC").trim(), `${language}: ${key} is neat`);
        assert.notEqual(text, "", `${language}: ${key}`);
        if (language === "km") assert.doesNotMatch(text, /[\u1000-\u109f]/, `${key} is Khmer`);
        if (language === "my") assert.doesNotMatch(text, /[\u1780-\u17ff]/, `${key} is Burmese`);
      }
    }
  });

test("in Khmer and Burmese stands no sentence that was left in English", () => {
  for (const area of areas)
    for (const [key, text] of Object.entries(words(area, "en")))
      for (const language of ["km", "my"])
        if (/[a-z]{3,} [a-z]{3,}/.test(text)) assert.notEqual(words(area, language)[key], text, `${language}: ${key}`);
});

test("every word is used somewhere", () => {
  const sources = readdirSync(join(web, "src"), { recursive: true }).filter((f) => /\.tsx?$/.test(f)).map((f) => readFileSync(join(web, "src", f), "utf8")).join("\n");
  const literal = new Set([...sources.matchAll(/"([a-z]+\.[a-z0-9_.]+)"/g)].map((m) => m[1]));
  // `log.${result}_why` stands for every key of that shape.
  const made = [...sources.matchAll(/`([a-z]+\.[^`\s]*\$\{[^`\s]*)`/g)]
    .map((m) => new RegExp(`^${m[1].replace(/\$\{[^}]*\}/g, "\0").replace(/[.*+?^()|[\]\\]/g, "\\$&").replaceAll("\0", "[a-z0-9_.]+")}$`));
  const unused = areas.flatMap((area) => Object.keys(words(area, "en"))).filter((key) => !literal.has(key) && !made.some((shape) => shape.test(key)));
  assert.deepEqual(unused, []);
});
