import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { readPrometheus } from "../support/read-prometheus.ts";

const CLIENT = "https://prometheus.example/";

test("metrics are for a login or a token with their scope, and for nobody else", async () => {
  const app = await testApp();
  const { token: mine } = await createToken(app.ctx, { scope: "metrics", clientId: CLIENT });
  const { token: other } = await createToken(app.ctx, { scope: "create update", clientId: CLIENT });
  const ask = (token: string) => app.http.get("/metrics").set("Authorization", `Bearer ${token}`);

  await app.http.get("/metrics").expect(401);
  await ask("wrong").expect(401);
  await ask(other).expect(403);
  const text = await ask(mine).expect(200);
  await app.http.get("/admin/metrics").expect(303);
  await logInAgent(app);
  await app.http.get("/metrics").expect(200);

  expect(text.headers).toMatchObject({
    "content-type": "text/plain; version=0.0.4; charset=utf-8",
    "cache-control": "no-store",
  });
});

test("a strict reader finds what was asked, written and cached, exactly", async () => {
  const app = await testApp();
  await logInAgent(app);
  await publishNote(app.ctx, { content: "hello", slug: "hello" }, { madeBy: "admin" });
  for (let time = 0; time < 3; time += 1) await app.http.get("/notes/hello").expect(200);
  await app.http.get("/none").expect(404);

  const { text } = await app.http.get("/metrics").expect(200);

  const samples = readPrometheus(text);
  const value = (name: string, labels: object = {}) =>
    samples.find((each) => each.name === name && JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
  const operation = (name: string, outcome: string) => ({ type: "http", name, outcome });
  expect(value("starpunk_operations_total", operation("/notes/:slug", "200"))).toBe(3);
  expect(value("starpunk_operations_total", operation("/*path", "404"))).toBe(1);
  expect(value("starpunk_page_cache_hits_total")).toBe(2);
  expect(value("starpunk_page_cache_pages_made_total")).toBe(1);
  expect(value("starpunk_requests_in_flight")).toBe(1);
  expect(value("starpunk_lock_waits_total")).toBe(0);
  expect(value("starpunk_notes", { status: "published" })).toBe(1);
  expect(value("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
});

test("the report has every type in every window, samples, buffer, process, pool, storage, jobs and notes", async () => {
  const app = await testApp();
  await logInAgent(app);
  await app.http.get("/").expect(200);

  const { body } = await app.http.get("/admin/metrics").expect(200);

  expect(Object.keys(body).sort()).toEqual([
    "at",
    "blog",
    "buffer",
    "checkpoints",
    "jobs",
    "lockWaits",
    "notes",
    "operations",
    "pages",
    "pool",
    "process",
    "processId",
    "requests",
    "samples",
    "slowStatements",
    "storage",
    "totals",
  ]);
  for (const type of ["http", "database", "render", "job", "fetch"]) {
    expect(Object.keys(body.operations[type])).toEqual(["5m", "1h", "start"]);
    expect(body.buffer.fill[type]).toMatchObject({ capacity: 1000 });
  }
  expect(body.operations.http["5m"]).toMatchObject([{ name: "/", count: 1, errors: 0 }]);
  expect(body.samples.http).toMatchObject([{ name: "/", outcome: "200", requestId: expect.any(String) }]);
  expect(body.storage.databaseBytes).toBeGreaterThan(0);
});

test("with a range the report has the history, and another range is refused with the names of all four", async () => {
  const app = await testApp();
  await logInAgent(app);
  for (let time = 0; time < 3; time += 1) await app.http.get("/").expect(200);

  const { body } = await app.http.get("/admin/metrics?range=day").expect(200);
  const refused = await app.http.get("/admin/metrics?range=month").set("Accept", "application/json").expect(400);

  expect(Object.keys(body.history).sort()).toEqual([
    "from",
    "names",
    "operations",
    "processes",
    "range",
    "stepSeconds",
    "steps",
    "to",
    "totals",
  ]);
  expect(body.history).toMatchObject({ range: "day", totals: { http: { count: 3 } }, processes: [{ isThis: true }] });
  expect(body.history.names.http).toMatchObject([{ name: "/", outcomes: { 200: 3 } }]);
  expect(refused.text).toContain("hour, day, week, year");
});
