// SPDX-License-Identifier: MPL-2.0
// Officers on the road: a whole day without a network, and what then comes of it over a bad line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after } from "node:test";
import { badLink } from "./bad_link.mjs";
import { answer, begin, bornYesterday, button, dateInto, declareAll, draftOf, FAMILIES, finish, MOTHERS, NO_NETWORK, onward, photograph, pick, prepared, question, sentAll, sign, states, takePicture, word, write, yesterday } from "./drafts.mjs";
import { countries, expectFault, focusIsSeen, kept, launch, looks, made, noLatinMonths, offline, passphrase, ready, signIn, sound, visit } from "./lib.mjs";

async function signOut(page) {
  await button(page, "core.sign_out").click();
  await page.waitForFunction(() => location.hash === "#/");
}

// ---- the register, asked past the browser ----

async function asOfficer(country, name) {
  const { url } = countries[country];
  const signed = await fetch(`${url}/api/v1/sessions`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, passphrase }) });
  assert.equal(signed.status, 201);
  const { token } = await signed.json();
  const Authorization = `Bearer ${token}`;
  return (path, body, more = {}) => fetch(url + path, body ? { method: "POST", body: JSON.stringify(body),
    headers: { Authorization, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID(), ...more } } : { headers: { Authorization } });
}

async function caseIds(get) {
  const ids = [];
  for (let after = ""; ;) {
    const page = await (await get(`/api/v1/cases?limit=100${after}`)).json();
    ids.push(...page.cases.map((c) => c.id));
    if (!page.next) return ids;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

/** All that is on the device, as whoever steals it reads it. */
const dump = (page) => page.evaluate(async () => {
  const text = (v) => v instanceof Uint8Array || v instanceof ArrayBuffer
    ? new TextDecoder("utf-8").decode(v) + new TextDecoder("utf-16le").decode(v)
    : v && typeof v === "object" && !(v instanceof CryptoKey) ? Object.entries(v).map(([k, x]) => `${k}=${text(x)}`).join(";") : String(v);
  const all = [text({ ...localStorage }), text({ ...sessionStorage })];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const shelf of db.objectStoreNames) {
      const store = db.transaction(shelf).objectStore(shelf);
      const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()].map((r) => new Promise((done) => { r.onsuccess = () => done(r.result); })));
      keys.forEach((k, i) => all.push(`${shelf}/${k}: ${text(values[i])}`));
    }
  }
  return all.join("\n");
});

// ---- tests ----

const links = [];
after(() => links.forEach((l) => l.close()));
const link = async (country) => {
  const bad = await badLink(countries[country].url);
  links.push(bad);
  return bad;
};

const line = await link("khm");
looks("a day without a network: each declaration arrives once, with all that belongs to it", { language: "km", worker: true, baseURL: line.url }, async (page) => {
  expectFault(page, NO_NETWORK);
  const verifier = await asOfficer("khm", "verifier"), before = await caseIds(verifier);
  await visit(page);
  await kept(page);
  await signIn(page, "official", "drafts");
  await prepared(page);
  await offline(page);
  const drafts = [await declareAll(page, 0)];
  // The page is opened again on the road, and the device unlocked without a network.
  await page.reload();
  await ready(page);
  await signIn(page, "official", "drafts");
  for (let n = 1; n < FAMILIES.khm.length; n++) drafts.push(await declareAll(page, n));
  await visit(page, "outbox");
  assert.deepEqual(await states(page), Array(8).fill("…"));
  await noLatinMonths(page);

  const stored = await dump(page);
  for (const [native, latin] of [...FAMILIES.khm, MOTHERS.khm]) for (const name of [native, latin]) assert.ok(!stored.includes(name), name);
  const personal = stored.split("\n").filter((l) => !l.startsWith("public/")).join("\n");
  assert.ok(personal.includes("/parcel/") && !personal.includes("official"), "nor the officer's");

  line.bad();
  await offline(page, false);
  await signIn(page, "official", "outbox");
  await sentAll(page, 8);
  line.bad(false);
  for (const way of ["lost", "twice", "slow", "broken"]) assert.ok(line.counts[way] > 0, `the line was ${way}: ${JSON.stringify(line.counts)}`);

  const arrived = (await caseIds(verifier)).filter((id) => !before.includes(id));
  assert.deepEqual([...arrived].sort(), [...drafts].sort());
  for (const [n, id] of drafts.entries()) {
    const case_ = await (await verifier(`/api/v1/cases/${id}`)).json();
    assert.equal(case_.declaration.child.name.native, FAMILIES.khm[n][0]);
    assert.deepEqual(case_.attachments.map((a) => a.kind).sort(), ["health_card", "signed_draft"]);
    assert.equal(case_.history.length, 1);
  }
  // What the family takes along follows its case.
  await page.locator(`a[href="#/outbox/${drafts[0]}"]`).click();
  await page.locator(".civis-qr").waitFor();
  const [code, secret] = await page.locator(".civis-codes__text").allInnerTexts();
  const tracked = await fetch(`${countries.khm.url}/api/v1/tracking`, { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code, secret: secret.replace(/\s/g, "") }) });
  assert.equal(tracked.status, 200, await tracked.text());
  await sound(page);
});

looks("whoever comes next on the device sees nothing of the first", { language: "en" }, async (page) => {
  await signIn(page, "official", "drafts");
  const draft = await begin(page);
  await question(page, draft, "naming", () => pick(page, "/child/naming", "named"));
  await question(page, draft, "name", () => write(page, "/child/name/native", FAMILIES.khm[1][0]));
  await signOut(page);
  await signIn(page, "clerk", "drafts");
  await page.getByText(word(page, "office.no_drafts")).waitFor();
  await visit(page, "draft", draft);
  await page.getByText(word(page, "office.draft_gone")).waitFor();
  await visit(page, "outbox");
  await page.getByText(word(page, "office.outbox_empty")).waitFor();
  assert.ok(!(await page.content()).includes(FAMILIES.khm[1][0]));
  await signOut(page);
  // The first finds what was typed.
  await signIn(page, "official", "draft", draft, "name");
  assert.equal(await page.locator("#f-child-name-native").inputValue(), FAMILIES.khm[1][0]);
});

looks("a hospital's notice asks for little, and the family gets its codes", { language: "en" }, async (page) => {
  await signIn(page, "clerk", "drafts");
  const draft = await begin(page);
  await question(page, draft, "sex", () => pick(page, "/child/sex", "female"));
  await question(page, draft, "born", () => bornYesterday(page));
  await question(page, draft, "live", () => pick(page, "/child/live_born", "true"));
  await visit(page, "draft", draft);
  assert.equal(await page.getByText(word(page, "office.reading")).count(), 0, "nobody signs a notice");
  await button(page, "office.finish").click();
  await page.locator(".govuk-error-summary").waitFor();
  await question(page, draft, "consent", () => pick(page, "/notice/visit_consent", "false"));
  await finish(page, draft);
  await sentAll(page, 1);
  await page.locator(`a[href="#/outbox/${draft}"]`).click();
  await page.locator(".civis-qr").waitFor();
});

looks("a session that ended, an account that may not, and a colleague who sends it", { language: "en" }, async (page, t) => {
  expectFault(page, NO_NETWORK);
  await signIn(page, "official", "drafts");
  const problem = (status, code) => (route) => route.fulfill({ status, contentType: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title: code, detail: `said ${code}`, status, code }) });
  await page.route("**/api/v1/parcels", problem(401, "unauthenticated"));
  const draft = await declareAll(page, 2);
  await page.getByText(word(page, "office.outbox_sign_in")).waitFor();
  assert.deepEqual(await states(page), ["…"]);
  await page.unroute("**/api/v1/parcels");
  await page.route("**/api/v1/parcels", problem(403, "forbidden"));
  await signIn(page, "official", "outbox");
  await page.getByText(word(page, "office.not_mine")).waitFor();
  assert.deepEqual(await states(page), ["✕"]);
  await button(page, "office.export").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText(word(page, "office.export_ready")).click()]);
  const file = await download.path(), text = readFileSync(file, "utf8");
  for (const name of FAMILIES.khm[2]) assert.ok(!text.includes(name));

  const colleague = await launch({ language: "en" });
  t.after(() => colleague.context().close());
  await signIn(colleague, "registrar", "outbox");
  await colleague.locator("summary").click();
  await colleague.locator("#import").setInputFiles(file);
  await sentAll(colleague, 1);
  const case_ = await (await (await asOfficer("khm", "verifier"))(`/api/v1/cases/${draft}`)).json();
  assert.equal(case_.attachments.length, 2);
  // Sent by its owner as well, later: it is there, and that is all.
  await page.unroute("**/api/v1/parcels");
  await button(page, "core.again").click();
  await sentAll(page, 1);
  const again = await (await (await asOfficer("khm", "verifier"))(`/api/v1/cases/${draft}`)).json();
  assert.deepEqual([again.attachments.length, again.version], [2, case_.version]);
});

/** As on a device whose forms are older than the register's: names may be in any letters. */
const olderForm = (page) => page.route("**/api/v1/country/forms/birth", async (route) => {
  const answer = await route.fetch(), form = await answer.json();
  for (const field of form.fields) if (field.type === "name") delete field.script;
  await route.fulfill({ response: answer, json: form });
});

/** One declaration that the register refuses, with a photograph and a signature. */
async function refused(page) {
  const draft = await begin(page);
  await answer(page, draft, 5);
  await question(page, draft, "name", () => write(page, "/child/name/native", "ROS DARA"));
  await takePicture(page, draft, 50);
  await sign(page, draft);
  await finish(page, draft);
  await page.locator("main .govuk-tag--red").waitFor();
  return draft;
}

looks("what the register refuses comes back to who finished it, is mended and sent", { language: "en" }, async (page) => {
  expectFault(page, NO_NETWORK);
  await olderForm(page);
  await signIn(page, "official", "drafts");
  const draft = await refused(page);
  for (const name of FAMILIES.khm[5].slice(0, 2)) assert.ok(!(await dump(page)).includes(name), "nothing of it can be read on the device");
  await sound(page);
  await button(page, "office.mend").click();
  await page.waitForFunction(() => location.hash.startsWith("#/draft/"));
  await page.getByText(word(page, "office.refused_because")).waitFor();
  assert.equal(draftOf(page), draft);
  assert.deepEqual(await page.locator(".govuk-task-list__item", { has: page.locator(".govuk-tag--red") }).locator("a").evaluateAll((all) => all.map((a) => a.hash.split("/").pop())), ["name"]);
  await sound(page);
  await visit(page, "draft", draft, "evidence");
  await page.getByText(word(page, "office.photo_sealed")).waitFor();
  await sound(page);
  await visit(page, "draft", draft, "name");
  await page.locator("#f-child-name-native-error").waitFor();
  assert.equal(await page.locator("#f-child-name-native").inputValue(), "ROS DARA");
  await sound(page);
  await question(page, draft, "name", () => write(page, "/child/name/native", FAMILIES.khm[5][0]));
  await visit(page, "draft", draft);
  assert.equal(await page.locator(".govuk-tag--red").count(), 0);
  await finish(page, draft);
  await sentAll(page, 1);
  const case_ = await (await (await asOfficer("khm", "verifier"))(`/api/v1/cases/${draft}`)).json();
  assert.equal(case_.declaration.child.name.native, FAMILIES.khm[5][0]);
  assert.deepEqual([case_.version, case_.attachments.map((a) => a.kind).sort()], [1, ["health_card", "signed_draft"]]);
  assert.ok(!(await dump(page)).split("\n").some((l) => l.includes("/parcel/")), "nothing of it stays");
});

looks("what was refused and has been taken meanwhile is not given back", { language: "en" }, async (page) => {
  expectFault(page, NO_NETWORK);
  await signIn(page, "official", "drafts");
  await page.route("**/api/v1/parcels", (route) => route.fulfill({ status: 422, contentType: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title: "invalid", status: 422, code: "invalid" }) }));
  const draft = await declareAll(page, 6);
  await page.locator("main .govuk-tag--red").waitFor();
  await page.unroute("**/api/v1/parcels");
  await button(page, "office.mend").click();
  await page.locator("main .govuk-tag--red").waitFor({ state: "detached" }); // it has been asked for, and the answer is here
  await sentAll(page, 1);
  const case_ = await (await (await asOfficer("khm", "verifier"))(`/api/v1/cases/${draft}`)).json();
  assert.deepEqual([case_.version, case_.attachments.length], [1, 2]);
});

for (const regime of ["paper", "electronic"])
  looks(`an office that works in the way "${regime}" is asked for its book or not`, { language: "en" }, async (page) => {
    await page.route("**/api/v1/sessions", async (route) => {
      const answer = await route.fetch(), told = await answer.json();
      assert.equal(told.staff.regime, "electronic");
      await route.fulfill({ response: answer, json: { ...told, staff: { ...told.staff, regime } } });
    });
    await signIn(page, "official", "drafts");
    const draft = await begin(page);
    assert.equal(await page.locator(`a[href="#/draft/${draft}/book"]`).count(), regime === "paper" ? 1 : 0);
    if (regime === "electronic") return;
    await visit(page, "draft", draft, "book");
    assert.ok(await page.locator("input[name=ask][value=yes]").isChecked(), "what is declared here stands in a book");
    await sound(page);
    await onward(page);
    await page.locator("#f-book-serial-error").waitFor();
  });

looks("a full device says so and loses nothing that it had", { language: "en" }, async (page) => {
  await page.addInitScript(() => {
    const real = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function put(...args) {
      if (globalThis.full) throw new DOMException("full", "QuotaExceededError");
      return real.apply(this, args);
    };
  });
  await signIn(page, "official", "drafts");
  const draft = await begin(page);
  await answer(page, draft, 3);
  await page.evaluate(() => { globalThis.full = true; });
  await visit(page, "draft", draft, "informant");
  await write(page, "/informant/name/native", "ជា ចាន់");
  await page.getByText(word(page, "office.full")).waitFor();
  await visit(page, "draft", draft);
  await button(page, "office.finish").click();
  await page.locator(".govuk-error-summary").filter({ hasText: word(page, "office.full") }).waitFor();
  await page.evaluate(() => { globalThis.full = false; });
  await visit(page, "draft", draft, "informant");
  await write(page, "/informant/name/native", "ជា ចាន់ថា");
  await page.waitForFunction((text) => !document.body.innerText.includes(text), word(page, "office.full"));
  await finish(page, draft);
  await sentAll(page, 1);
});

looks("two windows of one browser do not write over each other", { language: "en" }, async (page) => {
  await signIn(page, "official", "drafts");
  const draft = await begin(page);
  const second = Object.assign(await page.context().newPage(), { language: "en", country: "khm" });
  await signIn(second, "official", "draft", draft);
  await second.getByText(word(page, "office.draft_elsewhere")).waitFor();
  await answer(page, draft, 4);
  await visit(page, "drafts");
  await second.locator(".govuk-task-list").waitFor();
  await finish(second, draft);
  await sentAll(second, 1);
  await visit(page, "outbox");
  await page.locator(".govuk-tag--green").waitFor();
  assert.equal((await states(page)).length, 1);
});

// ---- tasks taken along ----

/** As a hospital's clerk tells of a birth. */
async function notified(country, visit, contact) {
  const { office } = countries[country], clerk = await asOfficer(country, "clerk"), id = crypto.randomUUID();
  const [year, month, day] = yesterday().map((n) => String(n).padStart(2, "0"));
  const answer = await clerk("/api/v1/cases", { id, kind: "birth", office, language: countries[country].language, declaration: {
    child: { sex: "female", live_born: true, birth: { date: `${year}-${month}-${day}` } },
    notice: { visit_consent: visit, ...(visit ? { contact } : {}) }, evidence: [{ kind: "birth_notice" }] } });
  assert.equal(answer.status, 201, await answer.text());
  return id;
}

async function takeAlong(page, id) {
  await visit(page, "tasks", id);
  await button(page, "office.take").click();
  await page.waitForFunction((key) => ![...document.querySelectorAll("button")].some((b) => b.textContent === key), word(page, "office.take"));
}

const moveButton = async (page, key) => {
  const { strings } = await (await fetch(`${countries[page.country].url}/api/v1/country/strings/${page.language}`)).json();
  return page.getByRole("button", { name: strings[key], exact: true });
};

async function recordVisit(page, reason, next) {
  await (await moveButton(page, "transition.visit")).click();
  await page.locator(`input[name=reason][value=${reason}]`).check();
  await dateInto(page, "f-d-visited_on", yesterday());
  if (next) await dateInto(page, "f-d-next_visit", next);
  await sound(page);
  await onward(page);
  await page.getByText(word(page, "office.task_recorded")).waitFor();
}

looks("tasks are taken along: a visit, a notification completed, a certificate handed over, all without a network", { language: "km", worker: true }, async (page) => {
  expectFault(page, NO_NETWORK);
  const phone = "012 345 678", registrar = await asOfficer("khm", "registrar"), verifier = await asOfficer("khm", "verifier");
  const [again, complete, without] = [await notified("khm", true, phone), await notified("khm", true, phone), await notified("khm", false)];
  const registered = await made("khm", "register", { seed: 4711 });
  await visit(page);
  await kept(page);
  await signIn(page, "official", "tasks");
  await visit(page, "drafts");
  await prepared(page);
  for (const id of [again, complete, registered.id]) await takeAlong(page, id);
  await visit(page, "tasks", without);
  await button(page, "office.take").click();
  await page.getByText(word(page, "office.no_visit_text")).waitFor();
  await sound(page);
  await visit(page, "tasks");
  await page.locator(`a[href="#/tasks/${registered.id}"]`).waitFor();
  assert.equal(await page.getByText(word(page, "office.taken")).count(), 3);
  await sound(page);
  assert.ok(!(await dump(page)).includes(phone), "a telephone's number stands on the device in no readable form");
  // A certificate that is handed over has been drawn.
  assert.equal((await registrar(`/api/v1/acts/${registered.act_id}/certificate.pdf`)).status, 200);
  await offline(page);

  await visit(page, "tasks", again);
  await page.getByText(phone).waitFor();
  await sound(page);
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10).split("-").map(Number);
  await recordVisit(page, "not_at_home", soon);
  await page.locator("main li strong").waitFor(); // when to come again
  await recordVisit(page, "will_come");
  await page.locator("main .govuk-list--bullet li").nth(1).waitFor();
  await sound(page);

  await visit(page, "tasks", complete);
  await (await moveButton(page, "transition.complete")).click();
  await page.waitForFunction(() => location.hash.startsWith("#/draft/"));
  await page.locator(".govuk-task-list").waitFor();
  const draft = draftOf(page);
  await visit(page, "tasks", complete);
  await page.getByText(word(page, "office.go_on")).waitFor();
  await answer(page, draft, 7);
  await sign(page, draft);
  await finish(page, draft);

  await visit(page, "tasks", registered.id);
  await (await moveButton(page, "transition.hand_over")).click();
  await page.locator("#f-d-name").fill(MOTHERS.khm[0]);
  await page.locator("input[name='f-d-relation'][value=parent]").check();
  await page.locator("input[name='f-d-identified_by'][value=document]").check();
  await sound(page);
  await onward(page);
  await page.getByText(word(page, "office.task_recorded")).waitFor();
  await sound(page);
  await visit(page, "outbox");
  // What was finished last may still be tried.
  await page.waitForFunction(() => [...document.querySelectorAll("main .civis-item .govuk-tag")].filter((e) => e.innerText.trim().startsWith("…")).length === 4);
  await sound(page);

  await offline(page, false);
  await signIn(page, "official", "outbox");
  await sentAll(page, 4);
  const seen = async (id) => (await (await verifier(`/api/v1/cases/${id}`)).json());
  const visited = await seen(again);
  assert.deepEqual([visited.state, visited.history.slice(1).map((s) => [s.transition, s.reason])], ["notified", [["visit", "not_at_home"], ["visit", "will_come"]]]);
  assert.equal(visited.history[1].details.next_visit, soon.map((n) => String(n).padStart(2, "0")).join("-"));
  assert.ok(visited.history[1].finished, "it was finished without a network");
  const completed = await seen(complete);
  assert.deepEqual([completed.state, completed.declaration.child.name.native], ["declared", FAMILIES.khm[7][0]]);
  const handed = await seen(registered.id);
  assert.deepEqual([handed.state, handed.history.at(-1).details.identified_by], ["handed_over", "document"]);
  // The office sees it in the case; what is nobody's task any more has left the device.
  await visit(page, "case", again);
  await page.getByText((await (await fetch(`${countries.khm.url}/api/v1/country/strings/km`)).json()).strings["reason.not_at_home"]).first().waitFor();
  await noLatinMonths(page);
  await visit(page, "tasks");
  await page.locator(`a[href="#/tasks/${again}"]`).waitFor();
  for (const done of [complete, registered.id]) await page.locator(`a[href="#/tasks/${done}"]`).waitFor({ state: "detached" });
  assert.equal(await page.getByText(word(page, "office.taken")).count(), 1);
  await visit(page, "tasks", again);
  await button(page, "office.put_back").click();
  await page.waitForFunction(() => location.hash === "#/tasks");
  await page.getByText(word(page, "office.taken")).waitFor({ state: "detached" });
});

looks("a visit that the register refuses is opened again with what was typed, and sent", { language: "en" }, async (page) => {
  expectFault(page, NO_NETWORK);
  const id = await notified("khm", true, "012 345 678"), registrar = await asOfficer("khm", "registrar");
  await signIn(page, "official", "tasks");
  await takeAlong(page, id);
  // Somebody else was there meanwhile.
  const day = yesterday().map((n) => String(n).padStart(2, "0")).join("-"), path = `/api/v1/cases/${id}/visit`;
  assert.equal((await registrar(path, { reason: "not_at_home", details: { visited_on: day } }, { "If-Match": '"1"' })).status, 200);
  await recordVisit(page, "will_come", new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10).split("-").map(Number));
  await visit(page, "outbox");
  await page.locator("main .govuk-tag--red").waitFor();
  await button(page, "office.mend").click();
  await page.waitForFunction((at) => location.hash === `#/case/${at}`, id);
  await page.locator("input[name=reason][value=will_come]:checked").waitFor();
  assert.ok(await page.locator("#f-d-next_visit-input").inputValue());
  await sound(page);
  await page.locator(".civis-moves form button[type=submit]").click();
  await page.locator("#move").waitFor({ state: "detached" });
  const case_ = await (await registrar(`/api/v1/cases/${id}`)).json();
  assert.deepEqual(case_.history.slice(1).map((s) => s.reason), ["not_at_home", "will_come"]);
  assert.ok(case_.history.at(-1).details.next_visit);
  await visit(page, "outbox");
  await page.getByText(word(page, "office.outbox_empty")).waitFor();
});

for (const [country, language] of [["khm", "km"], ["khm", "en"], ["mmr", "my"], ["mmr", "en"]])
  looks(`a task on the road in ${language} (${country}) at 320 px`, { country, language, width: 320 }, async (page) => {
    const id = await notified(country, true, "09 777 888");
    await signIn(page, "official", "tasks", id);
    await sound(page);
    await takeAlong(page, id);
    await sound(page);
    await recordVisit(page, "moved_away");
    await sound(page);
    if (language === "en") await focusIsSeen(page);
    await visit(page, "tasks");
    await page.locator(`a[href="#/tasks/${id}"]`).waitFor();
    await sound(page);
    await sentAll(page, 1);
    const case_ = await (await (await asOfficer(country, country === "khm" ? "verifier" : "registrar"))(`/api/v1/cases/${id}`)).json();
    assert.deepEqual([case_.state, case_.history.at(-1).reason], ["notified", "moved_away"]);
  });

for (const [country, language] of [["khm", "km"], ["khm", "en"], ["mmr", "my"], ["mmr", "en"]])
  looks(`the screens of the road in ${language} (${country}) at 320 px`, { country, language, width: 320 }, async (page) => {
    await signIn(page, "official", "drafts");
    await sound(page);
    const draft = await begin(page);
    await sound(page);
    await answer(page, draft, 1);
    for (const name of ["born", "place", "mother", "draft"]) {
      await visit(page, "draft", draft, name);
      await sound(page);
    }
    await takePicture(page, draft, 90);
    await sound(page);
    await visit(page, "draft", draft, "reading");
    await sound(page);
    if (language === "en") await focusIsSeen(page);
    await sign(page, draft);
    await visit(page, "draft", draft);
    await sound(page);
    if (language === "en") await focusIsSeen(page);
    await finish(page, draft);
    await sentAll(page, 1);
    await sound(page);
    await page.locator(`a[href="#/outbox/${draft}"]`).click();
    await page.locator(".civis-qr").waitFor();
    await sound(page);
    for (const screen of ["work", "tasks"]) {
      await visit(page, screen);
      await sound(page);
    }
  });
