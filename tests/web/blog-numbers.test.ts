import { expect, test } from "vitest";
import type { BlogNumbers } from "../../src/monitoring/blog-numbers.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, PASSWORD } from "../support/author.ts";
import { readPrometheus } from "../support/read-prometheus.ts";

const ORIGIN = { madeBy: "admin" };
const FEEDLY = (count: number) => `Feedly/1.0 (+http://www.feedly.com/fetcher.html; ${count} subscribers)`;
const FRESH = "FreshRSS/1.24.0 (Linux; https://freshrss.org)";

async function blogApp(config = {}): Promise<TestApp> {
  const app = await testApp({ config: { TRUST_PROXY: 1, ...config } });
  await logInAgent(app);
  await publishNote(app.ctx, { content: "hello #tea", slug: "hello" }, ORIGIN);
  return app;
}

/** Asks for a feed as a reader at an address; with its last validator when it has one. */
async function read(app: TestApp, reader: { path?: string; agent: string; address?: string; etag?: string }) {
  const { path = "/feed.xml", agent, address = "192.0.2.1", etag } = reader;
  const request = app.http.get(path).set("User-Agent", agent).set("X-Forwarded-For", address);
  return etag === undefined ? request : request.set("If-None-Match", etag);
}

async function numbersOf(app: TestApp): Promise<BlogNumbers> {
  return (await app.http.get("/admin/metrics").expect(200)).body.blog;
}

test.each([
  ["through the page cache", {}],
  ["streamed, without it", { FEED_ITEMS: "all" }],
] as const)("every answer of a feed counts once, by format and status: %s", async (_how, config) => {
  const app = await blogApp(config);
  const first = await read(app, { agent: FRESH });
  const etag = first.headers.etag ?? "";

  for (let time = 0; time < 3; time += 1) await read(app, { agent: FRESH });
  const statuses = [
    (await read(app, { agent: FRESH, etag })).status,
    (await read(app, { path: "/feed.atom", agent: FRESH })).status,
    (await read(app, { path: "/feed.json?x=1", agent: FRESH })).status,
    (await read(app, { path: "/tags/tea/feed.xml", agent: FRESH })).status,
    (await read(app, { path: "/tags/none/feed.xml", agent: FRESH })).status,
    (await app.http.head("/feed.xml")).status,
  ];

  expect(statuses).toEqual([304, 200, 200, 200, 404, 200]);
  expect((await numbersOf(app)).feeds).toEqual({
    today: {
      rss: { sent: 5, notModified: 1 },
      atom: { sent: 1, notModified: 0 },
      json: { sent: 1, notModified: 0 },
    },
    ofTags: { sent: 1, notModified: 0 },
    notModifiedShare: 1 / 8,
  });
});

test("of a program that says for how many it reads the newest number counts, for each feed", async () => {
  const app = await blogApp();
  const etag = (await read(app, { agent: FEEDLY(40) })).headers.etag ?? "";
  await read(app, { agent: FEEDLY(42), etag });
  await read(app, { agent: FEEDLY(42), address: "192.0.2.99" });
  await read(app, { agent: FEEDLY(3), path: "/tags/tea/feed.xml" });
  await read(app, { agent: "Feedbin feed-id:7 - 12 subscribers" });
  await read(app, { agent: "Feedbin feed-id:7 - 11 subscribers", path: "/feed.atom" });
  await numbersOf(app);
  await read(app, { agent: FEEDLY(41) });

  const { subscribers } = await numbersOf(app);

  expect(subscribers).toMatchObject({ estimate: 55, declared: 55, undeclared: 0, programs: [] });
  expect(subscribers.aggregators.map(({ program, feed, subscribers: count }) => [program, feed, count])).toEqual([
    ["Feedly", "/feed.xml", 41],
    ["Feedbin", "7", 11],
    ["Feedly", "/tags/tea/feed.xml", 3],
  ]);
});

test("a reader that says no number counts once a day for each network and program; robots and browsers do not", async () => {
  const app = await blogApp();
  for (const address of ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"]) {
    await read(app, { agent: FRESH, address });
    await read(app, { agent: FRESH, address, path: "/feed.json" });
  }
  await read(app, { agent: "NetNewsWire (RSS Reader; https://netnewswire.com/)" });
  await numbersOf(app);
  await read(app, { agent: FRESH });
  for (const agent of ["Googlebot/2.1", "curl/8.5.0", "Mozilla/5.0 (X11) Gecko/20100101 Firefox/140.0", ""]) {
    await read(app, { agent, address: "192.0.2.50" });
  }

  const { subscribers } = await numbersOf(app);

  expect(subscribers).toEqual({
    estimate: 4,
    declared: 0,
    undeclared: 4,
    aggregators: [],
    programs: [
      { program: "FreshRSS", readers: 3 },
      { program: "NetNewsWire", readers: 1 },
    ],
  });
});

test("the day is the author's, and its counts begin anew at their midnight", async () => {
  const app = await blogApp();
  await changeSettings(app.ctx, { timeZone: "Pacific/Kiritimati" }); // 14 hours ahead: 23:30 on 1 March there.
  app.clock.set("2026-03-01T09:59:59.999Z" as never);
  await read(app, { agent: FRESH });
  const before = await numbersOf(app);
  app.clock.advance(0.001);
  await read(app, { agent: FRESH });
  await read(app, { agent: FRESH, path: "/feed.atom" });

  const after = await numbersOf(app);

  expect([before.day, before.timeZone, before.feeds.today.rss.sent]).toEqual(["2026-03-01", "Pacific/Kiritimati", 1]);
  expect([after.day, after.feeds.today.rss.sent, after.feeds.today.atom.sent]).toEqual(["2026-03-02", 1, 1]);
  expect([before.notes.today.published, after.notes.today.published]).toEqual([1, 0]);
  expect(after.subscribers.estimate).toBe(1);
});

test("what was done to notes today is told, each note once, and what drafts there are", async () => {
  const app = await blogApp();
  const second = await publishNote(app.ctx, { content: "second", slug: "second" }, ORIGIN);
  const draft = await saveDraft(app.ctx, { content: "draft" }, ORIGIN);
  for (const content of ["one", "two"]) await reviseNote(app.ctx, second.id, { content, origin: ORIGIN });
  await reviseNote(app.ctx, draft.id, { content: "still a draft", origin: ORIGIN });
  await trashNote(app.ctx, second.id, ORIGIN);

  const { notes } = await numbersOf(app);

  expect(notes).toEqual({
    byStatus: { published: 1, draft: 1, trashed: 1 },
    today: { published: 2, revised: 1, trashed: 1 },
  });
});

test("searches and logins are counted with how they ended, an empty search and the bare page are not", async () => {
  const app = await blogApp();
  const visitor = await testVisitor(app);
  for (const path of ["/search", "/search?q=", "/search?q=%20", "/search?q=hello", "/search?q=none"]) {
    await app.http.get(path).expect(200);
  }
  await visitor.logIn("wrong password here");
  await visitor.logIn(PASSWORD);

  const { searches, logins } = await numbersOf(app);

  expect(searches).toEqual({ today: 2, refusedToday: 0 });
  expect(logins).toEqual({ today: 1, refusedToday: 1, wrongPasswordsLastHour: 1 });
});

test("without metrics nothing is counted", async () => {
  const { MetricsBuffer } = await import("../../src/lib/metrics-buffer.ts");
  const app = await testApp({ metrics: new MetricsBuffer({ clock: () => "" as never, isEnabled: false }) });
  await logInAgent(app);

  await read(app, { agent: FRESH });

  expect((await numbersOf(app)).feeds.today.rss).toEqual({ sent: 0, notModified: 0 });
});

test("Prometheus and the health page have the same numbers", async () => {
  const app = await blogApp();
  const etag = (await read(app, { agent: FEEDLY(42) })).headers.etag ?? "";
  await read(app, { agent: FRESH, etag });

  const samples = readPrometheus((await app.http.get("/metrics").expect(200)).text);
  const health = await app.http.get("/admin/health").expect(200);

  const value = (name: string, labels: object = {}) =>
    samples.find((each) => each.name === name && JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
  expect(value("starpunk_feed_requests_today", { format: "rss", status: "200" })).toBe(1);
  expect(value("starpunk_feed_requests_today", { format: "rss", status: "304" })).toBe(1);
  expect(value("starpunk_feed_subscribers", { kind: "declared" })).toBe(42);
  expect(value("starpunk_feed_subscribers", { kind: "undeclared" })).toBe(1);
  expect(value("starpunk_notes_today", { action: "published" })).toBe(1);
  expect(health.text).toMatch(/Subscribers, estimated<\/dt><dd>43</);
  expect(health.text).toMatch(/Feeds asked for today<\/dt><dd>2, 50 % not modified</);
});

/** A browser that tries to log in. */
async function testVisitor(app: TestApp) {
  const { default: request } = await import("supertest");
  const agent = request.agent(`http://127.0.0.1:${app.port}`);
  return {
    async logIn(password: string) {
      const page = await agent.get("/login").expect(200);
      const token = /name="csrf_token" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
      return agent.post("/login").type("form").send({ csrf_token: token, password });
    },
  };
}
