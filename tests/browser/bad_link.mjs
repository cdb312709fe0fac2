// SPDX-License-Identifier: MPL-2.0
// A line as it is on the road: between the browser and a server, and as bad as it is told to be.
import http from "node:http";

// What is done to a request that bears data, one after the other.
const WAYS = ["good", "lost", "good", "twice", "slow", "good", "broken", "good", "twice", "lost", "good"];
const SLOW_MS = 700;

const collected = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
};

/** { url, bad(yes), counts, close }: `lost`: delivered, and the answer never comes; `broken`: half of it arrives; `twice`: the
    network delivers it two times. `change`: what becomes of an answer's content, by path; null: it is not there. */
export async function badLink(to, change) {
  const { hostname, port } = new URL(to), counts = { good: 0, lost: 0, twice: 0, slow: 0, broken: 0 };
  let isBad = false, n = 0;
  const whole = ({ "if-none-match": _, ...headers }) => ({ ...headers, "accept-encoding": "identity" });
  const pass = (q, body) => new Promise((done, fail) => {
    const onward = http.request({ hostname, port, path: q.url, method: q.method, headers: { ...(change ? whole(q.headers) : q.headers), host: `${hostname}:${port}` } },
      (r) => collected(r).then((content) => done({ status: r.statusCode, headers: r.headers, content }), fail));
    onward.on("error", fail);
    onward.end(body);
  });
  const breakOff = (q, body) => new Promise((done) => {
    const onward = http.request({ hostname, port, path: q.url, method: q.method, headers: { ...q.headers, host: `${hostname}:${port}` } });
    onward.on("error", done);
    onward.write(body.subarray(0, body.length >> 1));
    setTimeout(() => { onward.destroy(); done(); }, 100);
  });
  const server = http.createServer(async (q, a) => {
    try {
      const body = await collected(q), data = isBad && /^\/api\/v1\/(parcels|uploads)/.test(q.url);
      let way = data ? WAYS[n++ % WAYS.length] : "good";
      if (way === "broken" && body.length < 2) way = "lost";
      if (data) counts[way]++;
      if (way === "broken") await breakOff(q, body);
      if (way === "twice") await pass(q, body);
      if (way === "slow") await new Promise((done) => setTimeout(done, SLOW_MS));
      const answer = way === "broken" ? null : await pass(q, body);
      if (!answer || way === "lost") return void q.socket.destroy();
      const { "transfer-encoding": _, connection: __, "content-length": ___, ...headers } = answer.headers;
      const content = change ? change(q.url, answer.content) : answer.content;
      a.writeHead(content === null ? 404 : answer.status, headers);
      a.end(content ?? undefined);
    } catch {
      q.socket.destroy();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`, counts,
    bad: (yes = true) => { isBad = yes; },
    close: () => { server.close(); server.closeAllConnections(); },
  };
}
