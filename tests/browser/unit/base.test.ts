// SPDX-License-Identifier: MPL-2.0
// Digits, text and addresses, as people type them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, parse } from "../../../web/src/app/router";
import { observable } from "../../../web/src/base/observable";
import { base64url, fromBase64url } from "../../../web/src/base/bytes";
import { asciiDigits, localDigits, newSecret, searchKey, tidy, utf8Length } from "../../../web/src/base/text";

test("digits of both scripts become ASCII, and back", () => {
  assert.equal(asciiDigits("១២ ខែ ៩"), "12 ខែ 9");
  assert.equal(asciiDigits("၁၂ လ ၉"), "12 လ 9");
  assert.equal(asciiDigits("႐႙"), "09");
  assert.equal(localDigits(2026, "km"), "២០២៦");
  assert.equal(localDigits("07", "my"), "၀၇");
  assert.equal(localDigits(7, "en"), "7");
});

test("text is tidied at its ends alone", () => {
  assert.equal(tidy(" \u200bសុខ\u200bដារ៉ា \u200b"), "សុខ\u200bដារ៉ា");
  assert.equal(tidy("e\u0301"), "\u00e9");
  assert.equal(searchKey("KEO\u200bDara"), "keodara");
  assert.equal(utf8Length("ក"), 3);
});

test("bytes survive base64url, and a secret is what the server takes", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(fromBase64url(base64url(bytes)), bytes);
  assert.match(newSecret(), /^[A-Za-z0-9_-]{22,128}$/);
  assert.notEqual(newSecret(), newSecret());
});

test("an address is read as it was made, and a broken one is no accident", () => {
  assert.deepEqual(parse(address("declare", "birth", "a/b ក")), ["declare", "birth", "a/b ក"]);
  assert.deepEqual(parse(""), []);
  assert.deepEqual(parse("#/"), []);
  assert.deepEqual(parse("#/track/%E0%A4"), ["track", "%E0%A4"]);
});

test("who follows a value hears of each change once, and no more after leaving", () => {
  const value = observable(1);
  const heard: number[] = [];
  const leave = value.subscribe(() => heard.push(value.get()));
  value.set(2);
  value.set(2);
  leave();
  value.set(3);
  assert.deepEqual(heard, [2]);
});
