import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { createHttpServer } from "../../src/lib/http-server.ts";
import { createLateListener } from "../../src/web/late-listener.ts";
import { testServer } from "../support/server.ts";

/** A listener that is loaded when the test says so, with what was asked of it. */
function gatedListener() {
  const seen: string[] = [];
  const loads: { open: () => void; fail: () => void }[] = [];
  const arrivals: (() => void)[] = [];
  const late = createLateListener({
    load: () =>
      new Promise((resolve, reject) => {
        const listener: RequestListener = (req, res) => {
          seen.push(req.url ?? "");
          res.end("loaded");
        };
        loads.push({ open: () => resolve(listener), fail: () => reject(new Error("not there")) });
      }),
    refuse: (_req, res) => res.writeHead(503).end(),
  });
  const arrived = (count: number) =>
    new Promise<void>((resolve) => {
      let left = count;
      arrivals.push(() => {
        left -= 1;
        if (left === 0) resolve();
      });
    });
  const listener: typeof late.listener = (req, res) => {
    late.listener(req, res);
    for (const tell of arrivals) tell();
  };
  return { late, listener, seen, loads, arrived };
}

test("requests that come while it is loaded wait for the one load, and are answered in the order in which they came", async () => {
  const { late, listener, seen, loads, arrived } = gatedListener();
  const { http } = await testServer(listener);
  const answers = [];
  for (const path of ["/1", "/2", "/3"]) {
    const came = arrived(1);
    answers.push(http.get(path).then(({ text }) => text));
    await came;
  }

  expect(seen).toEqual([]);
  loads[0]?.open();

  expect(await Promise.all(answers)).toEqual(["loaded", "loaded", "loaded"]);
  expect(seen).toEqual(["/1", "/2", "/3"]);
  expect(loads).toHaveLength(1);
  await late.settled();
  expect((await http.get("/4")).text).toBe("loaded");
});

test("when it cannot be loaded those that wait are refused, and the next request tries again", async () => {
  const { late, listener, loads, arrived } = gatedListener();
  const { http } = await testServer(listener);
  const came = arrived(2);
  const answers = [http.get("/1"), http.get("/2")].map((asked) => asked.then(({ status }) => status));
  await came;

  loads[0]?.fail();

  expect(await Promise.all(answers)).toEqual([503, 503]);
  await late.settled();
  const again = arrived(1);
  const answer = http.get("/3").then(({ status }) => status);
  await again;
  loads[1]?.open();
  expect(await answer).toBe(200);
});

test("a server that is told to stop meanwhile answers what waits, and drops nothing", async () => {
  const { late, listener, loads, arrived } = gatedListener();
  const server = createHttpServer(listener, { keepAliveMs: 1_000 });
  const port = await server.listen({ host: "127.0.0.1", port: 0 });
  const came = arrived(1);
  const answer = fetch(`http://127.0.0.1:${port}/`).then((got) => got.text());
  await came;

  const stopped = server.stop(10_000);
  loads[0]?.open();

  expect(await answer).toBe("loaded");
  expect(await stopped).toEqual({ dropped: 0 });
  await late.settled();
});
