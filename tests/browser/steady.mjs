// SPDX-License-Identifier: MPL-2.0
// A page for which it is always the same day, and whose server's answers are of that day, whenever they came and whatever is by
// chance in them: ids are counted, days are moved, numbers that the register gives are replaced. What else they say is the server's.
export const DAY = "2026-11-22", NOON = `${DAY}T05:00:00Z`;
const ZONES = { khm: 420, mmr: 390 }, DAY_MS = 86_400_000;
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, COUNTED = /0000(\d{4})-0000-4000-8000-000000000000/g;

export async function steady(page) {
  const ids = [], zone = ZONES[page.country] * 60_000, local = (ms) => new Date(ms + zone).toISOString().slice(0, 10);
  const moved = Date.parse(DAY) - Date.parse(local(Date.now()));
  const day = (text) => new Date(Date.parse(text) + moved).toISOString().slice(0, 10);
  const counted = (id) => {
    if (!ids.includes(id)) ids.push(id);
    return `0000${String(ids.indexOf(id)).padStart(4, "0")}-0000-4000-8000-000000000000`;
  };
  const told = (text) => text.replace(ID, counted)
    .replace(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z/g, (_, at) => `${day(local(Date.parse(`${at}Z`)))}T05:00:00Z`)
    .replace(/"\d{4}-\d\d-\d\d"/g, (date) => `"${day(date.slice(1, -1))}"`)
    .replace(/("precision":"year","value":)"\d{4}"/g, '$1"1990"').replace(/"\d{4}","precision":"year"/g, '"1990","precision":"year"')
    .replace(/"personal_number":"\d{10}"/g, '"personal_number":"2595750249"').replace(/("(serial|index|size)":)\d+/g, "$17").replace(/"year":\d{4}/g, '"year":2026');
  const asked = (text) => text?.replace(COUNTED, (_, n) => ids[Number(n)] ?? _);
  await page.clock.setFixedTime(new Date(NOON));
  await page.route(/\/api\/v1\/(cases|people|acts|tracking|devices)\b/, async (route) => {
    const request = route.request(), answer = await route.fetch({ url: asked(request.url()), ...(request.postData() ? { postData: asked(request.postData()) } : {}) });
    if (!/json/.test(answer.headers()["content-type"] ?? "")) return route.fulfill({ response: answer });
    return route.fulfill({ response: answer, body: told(await answer.text()) });
  });
  return counted;
}
