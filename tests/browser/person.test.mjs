// SPDX-License-Identifier: MPL-2.0
// Somebody at the counter: found by what they bring, opened for a reason, shown who looked; a correction begun.
import assert from "node:assert/strict";
import { countries, expectFault, LANGUAGES, looks, made, signIn, sound, tabThrough, visit, WIDTHS } from "./lib.mjs";

const submit = (page) => page.locator("main button[type=submit]").click();
const pick = (page, id) => page.locator(`label[for="${id}"]`).click();

/** The record of a child that was registered, open. */
async function opened(page, seed) {
  const child = await made(page.country, "register", { seed });
  await signIn(page, "registrar", "person");
  await pick(page, "by-2");
  await page.locator("#typed").fill(child.personal_number);
  await submit(page);
  await pick(page, "why-first");
  await submit(page);
  await page.locator("#notes, #start").first().waitFor();
  return child;
}

for (const language of LANGUAGES) {
  const country = language === "my" ? "mmr" : "khm";
  looks(`a record is found, opened, and told in ${language}`, { country, language, width: WIDTHS[0] }, async (page) => {
    const child = await made(country, "register", { seed: 500 + LANGUAGES.indexOf(language) });
    await signIn(page, "registrar", "person");
    await sound(page);
    await pick(page, "by-2");
    // Digits of the country as well as ours.
    const zero = { en: 0x30, km: 0x17e0, my: 0x1040 }[language];
    await page.locator("#typed").fill(child.personal_number.replace(/\d/g, (d) => String.fromCodePoint(zero + Number(d))));
    await submit(page);
    await page.locator("#why").waitFor();
    assert.equal(new URL(page.url()).hash, `#/person/${child.person_id}`);
    await sound(page);
    await submit(page);
    await page.locator(".govuk-error-summary a[href='#why']").waitFor();
    await pick(page, "why-first");
    await submit(page);
    await page.locator("#start").waitFor();
    const { name } = child.declaration.child; // a newborn may have none yet
    await page.getByText(name?.native ?? child.declaration.mother.name.native).first().waitFor();
    const text = await page.locator("main").innerText();
    assert.ok(!text.includes(child.personal_number) || language === "en", "the number is grouped, in the reader's digits");
    await sound(page);
    await page.locator(`a[href="#/person/${child.person_id}/looks"]`).first().click();
    await page.locator("tbody tr").first().waitFor();
    assert.ok((await page.locator("tbody tr").count()) > 3);
    // The office by its name, which a family knows; not by its path.
    await page.waitForFunction((scope) => !document.querySelector("tbody").innerText.includes(scope), countries[country].office);
    await sound(page);
  });
}

looks("by a document's number and by an entry one comes to the same record", { language: "en" }, async (page) => {
  const child = await made("khm", "register", { seed: 510 });
  await signIn(page, "registrar", "person");
  await pick(page, "by-3");
  await page.locator("#register").fill(child.entry.register.toLowerCase());
  await page.locator("#year").fill(String(child.entry.year));
  await page.locator("#book").fill(String(child.entry.book));
  await page.locator("#serial").fill(String(child.entry.serial));
  await submit(page);
  await page.locator("#why").waitFor();
  assert.equal(new URL(page.url()).hash, `#/person/${child.person_id}`);
});

looks("nobody is found by what is not whole, and it is said at the field", { language: "km" }, async (page) => {
  expectFault(page, /404/);
  await signIn(page, "registrar", "person");
  await pick(page, "by-2");
  await page.locator("#typed").fill("12345");
  await submit(page);
  await page.locator(".govuk-error-summary a[href='#typed']").waitFor();
  await page.locator("#typed").fill("2595750249");
  await submit(page);
  await page.locator("#typed-error").waitFor();
  await sound(page);
});

looks("a correction restates what stands; what needs evidence says so; it becomes a case", { language: "en", width: 1280 }, async (page) => {
  const child = await opened(page, 520);
  await page.locator(`a[href="#/person/${child.person_id}/act/correction"]`).click();
  await page.locator("#restated").waitFor();
  const headings = await page.locator("#restated ~ section h3").allInnerTexts();
  assert.ok(headings.length > 3);
  assert.deepEqual(headings.filter((h, i) => h === headings[i - 1]), [], "a part is named where it begins, however many pages it has");
  await sound(page);
  await submit(page); // nothing filled in: every error is linked, and says of which field it is
  await page.locator(".govuk-error-summary").waitFor();
  const errors = await page.locator(".govuk-error-summary a").allInnerTexts();
  assert.ok(errors.length > 3 && new Set(errors).size === errors.length, errors.join("; "));
  await pick(page, "f-correction-reason-first");
  await pick(page, "f-correction-basis-first");
  await page.locator("#f-correction-requester-name-native").fill(child.declaration.mother.name.native);
  await pick(page, "f-correction-requester-relation-1");
  const sex = page.locator("#restated ~ section").filter({ hasText: "Sex" }).first();
  await sex.getByRole("button").click();
  const other = child.declaration.child.sex === "female" ? "male" : "female";
  await page.locator(`input[name="f-child-sex"][value="${other}"]`).evaluate((e) => e.labels[0].click());
  await page.locator(".govuk-warning-text").first().waitFor(); // a change of sex needs something shown
  await page.locator("#f-correction-evidence button").click();
  await page.locator("#f-correction-evidence select").selectOption("health_card");
  await page.locator(".govuk-warning-text").waitFor({ state: "detached" });
  await sound(page);
  await submit(page);
  await page.waitForFunction(() => location.hash.startsWith("#/case/"));
  await page.locator("#moves").waitFor();
});

looks("a later naming is offered for a child without a name alone", { language: "en" }, async (page) => {
  const unnamed = await opened(page, 558);
  assert.equal(unnamed.declaration.child.naming, "not_yet_named");
  await page.locator(`a[href="#/person/${unnamed.person_id}/act/naming"]`).waitFor();
  await page.locator(".civis-bar button").click();
  await page.waitForFunction(() => location.hash === "#/");
  const named = await opened(page, 559);
  await page.locator(`a[href="#/person/${named.person_id}/act/correction"]`).waitFor();
  assert.equal(await page.locator(`a[href="#/person/${named.person_id}/act/naming"]`).count(), 0);
});

looks("an auditor reads who looked, and opens nothing", { language: "en" }, async (page) => {
  const child = await made("khm", "register", { seed: 530 });
  await signIn(page, "auditor", "person");
  await pick(page, "by-2");
  await page.locator("#typed").fill(child.personal_number);
  await submit(page);
  await page.locator("tbody tr").first().waitFor();
  assert.doesNotMatch(await page.locator("main").innerText(), new RegExp(child.declaration.mother.name.latin));
});

looks("the record by keyboard alone, and printed without what paper cannot do", { language: "km", width: 1280 }, async (page) => {
  await opened(page, 540);
  const passed = await tabThrough(page);
  assert.deepEqual(passed.filter((e) => !e.visible), []);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("main .govuk-button:visible").count(), 0);
  await visit(page, "person");
});
