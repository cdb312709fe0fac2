// SPDX-License-Identifier: MPL-2.0
// A device that is away with what nobody has received: whoever leads the office sees it, and no more of it once it has been heard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { button, declareAll, NO_NETWORK, prepared, sentAll, word } from "./drafts.mjs";
import { asOfficer } from "./hands.mjs";
import { countries, expectFault, focusIsSeen, kept, launch, looks, made, passphrase, signIn, sound, visit } from "./lib.mjs";

/** By the longest piece of its words that is the same each time. */
const shown = (page, key) => page.locator("main").getByText(word(page, key).split(/\{\w+\}/).sort((a, b) => b.length - a.length)[0]).first();

async function calls(page, name) {
  await page.locator("#device-name").fill(name);
  await button(page, "device.name_keep").click();
}

for (const [country, language, name] of [["khm", "en", "Tablet 2"], ["khm", "km", "ថេប្លេត ៧"], ["mmr", "my", "တက်ဘလက် ၂"]])
  looks(`a device that is away is seen by those above, until it is heard, in ${language}`, { country, language, width: 320 }, async (page, t) => {
    expectFault(page, NO_NETWORK);
    // What is finished cannot be sent, but the device meets the register: it tells what waits on it.
    await page.route("**/api/v1/parcels", (route) => route.fulfill({ status: 503, contentType: "application/problem+json",
      body: JSON.stringify({ type: "about:blank", title: "busy", status: 503, code: "busy" }) }));
    await signIn(page, "official", "drafts");
    await declareAll(page, 1);
    await calls(page, `${name} 35209`);
    await page.locator("#device-name-error").waitFor();
    await sound(page);
    await calls(page, name);
    await shown(page, "device.name_kept").waitFor();
    const own = page.locator("tr", { hasText: name });
    await own.waitFor();
    assert.match(await own.locator("td").nth(1).innerText(), /^[1១၁]$/);
    await sound(page);
    if (language === "en") await focusIsSeen(page);
    await page.context().setOffline(true);
    await made(country, "devices_quiet", { days: 6 });

    const manager = await launch({ country, language, width: 320 });
    t.after(() => manager.context().close());
    const sees = async () => {
      await visit(manager, "counts", countries[country].office, "1");
      await visit(manager, "counts", country, "1");
    };
    await signIn(manager, "verifier", "counts");
    await shown(manager, "device.all_heard").waitFor();
    await sound(manager);
    await made(country, "devices_quiet", { days: 1 });
    await sees();
    const row = manager.locator("tr", { hasText: name });
    await row.waitFor();
    await sound(manager);
    const cells = await row.locator("td").allInnerTexts();
    assert.match(cells[1], /[7៧၇]/);
    assert.match(cells[2], /^[1១၁]$/);
    const [file] = await Promise.all([manager.waitForEvent("download"), manager.locator("a[download='devices.csv']").click()]);
    const [head, line] = readFileSync(await file.path(), "utf8").split("\r\n");
    assert.equal(head, "office,device,last_heard,waited_then");
    assert.match(line, new RegExp(`^${countries[country].office},${name},\\d{4}-\\d\\d-\\d\\d,1$`));

    await page.unroute("**/api/v1/parcels");
    await page.context().setOffline(false);
    await sentAll(page, 1);
    const told = await asOfficer(country, "official", passphrase);
    for (let tries = 0; tries < 50 && (await told("/api/v1/devices")).devices.find((d) => d.label === name).waiting; tries++) await page.waitForTimeout(100);
    await sees();
    await shown(manager, "device.all_heard").waitFor();

    // One that is lost is taken off the list: asked twice.
    await made(country, "devices_quiet", { days: 30 });
    await sees();
    await row.getByRole("button").click();
    await row.getByRole("button").click();
    await shown(manager, "device.all_heard").waitFor();
    assert.equal((await told("/api/v1/devices")).devices.some((d) => d.label === name), false);
  });

looks("a device that is made ready for the road is known from then on, by no name", { language: "en", worker: true }, async (page) => {
  const told = await asOfficer("khm", "official", passphrase), before = (await told("/api/v1/devices")).devices.map((d) => d.id);
  await visit(page);
  await kept(page);
  await signIn(page, "official", "drafts");
  await prepared(page);
  await visit(page, "outbox");
  await page.locator("tr", { hasText: word(page, "device.today") }).first().waitFor();
  const [device, ...more] = (await told("/api/v1/devices")).devices.filter((d) => !before.includes(d.id));
  assert.deepEqual([device.label, device.waiting, device.quiet, more.length], [null, 0, false, 0]);
});

looks("who leads offices comes from the figures to the backlog; who may not see cases is not led there", { language: "en" }, async (page) => {
  const { office } = countries.khm, other = `${office.slice(0, -1)}2`, created = new Date().toISOString();
  await page.route(/\/api\/v1\/cases\?/, (route) => route.fulfill({ json: { cases: [office, other].map((at, i) => (
    { id: `00000000-0000-4000-8000-00000000000${i}`, kind: "birth", state: "declared", office: at, created, deadline: null })) } }));
  await signIn(page, "secretary", "counts");
  await page.locator("a[href='#/queue/backlog']").click();
  await page.locator("main details[open] tbody tr").nth(1).waitFor();
  await page.locator(".civis-bar button").click();
  await page.waitForFunction(() => location.hash === "#/");
  await signIn(page, "auditor", "counts");
  await shown(page, "device.all_heard").waitFor();
  assert.equal(await page.locator("a[href='#/queue/backlog']").count(), 0);
});

looks("who is not staff is asked nothing about devices", { language: "en" }, async (page) => {
  let asked = 0;
  await page.route("**/api/v1/devices**", (route) => { asked += 1; return route.continue(); });
  await visit(page, "counts");
  await page.locator("table").nth(2).waitFor();
  assert.equal(asked, 0);
});
