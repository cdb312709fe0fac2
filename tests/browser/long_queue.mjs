// SPDX-License-Identifier: MPL-2.0
// A queue of 5,000 cases that no server has, and what a press in it costs: for the test and the measurement of it.

export const ROWS = 5000;
const PAGE = 100;

/** From now on the page's queue is this one, of `office`. */
export async function longQueue(page, office) {
  await page.route(/\/api\/v1\/cases\?/, (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get("after") ?? 0);
    const cases = Array.from({ length: PAGE }, (_, i) => ({
      id: `00000000-0000-4000-8000-${String(from + i).padStart(12, "0")}`, kind: i % 3 ? "birth" : "death", state: i % 2 ? "declared" : "referred",
      office, created: "2026-11-01T00:00:00Z", deadline: "2026-12-01T00:00:00Z" }));
    return route.fulfill({ json: { cases, ...(from + PAGE < ROWS ? { next: String(from + PAGE) } : {}) } });
  });
}

/** Milliseconds from each press, which filters by one of the states, to the picture. */
export async function presses(page, states) {
  const took = [];
  for (const state of states)
    took.push(await page.evaluate((to) => new Promise((tell) => {
      const from = performance.now(), select = document.querySelector("#state");
      select.value = to;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      requestAnimationFrame(() => setTimeout(() => tell(performance.now() - from))); // drawn, and laid out
    }), state));
  return took;
}
