import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { backupFolder, newBackupName, writeProof } from "../../src/backup/stored-backups.ts";
import { addSeconds, toTimestamp } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { queryAll } from "../support/dom.ts";
import { readDashboard, sumColumn } from "../support/read-dashboard.ts";

const CHARTS = ["requests", "memory", "pool", "operations", "routes", "statements", "readers"];

/** A site with a note and its author's browser. Requests are counted from here on. */
async function dashboardApp(overrides = {}): Promise<TestApp & { csrfToken: string }> {
  const app = await testApp(overrides);
  const { csrfToken } = await logInAgent(app);
  await publishNote(app.ctx, { content: "Hello", slug: "hello" }, { madeBy: "admin" });
  return { ...app, csrfToken };
}

async function open(app: TestApp, search = "") {
  const { text } = await app.http.get(`/admin/dashboard${search}`).expect(200);
  return { text, ...readDashboard(text) };
}

test("every number on the dashboard is what was sent, written and read", async () => {
  const app = await dashboardApp();
  for (let time = 0; time < 5; time += 1) await app.http.get("/notes/hello").expect(200);
  for (let time = 0; time < 3; time += 1) await app.http.get("/nothing-here").expect(404);
  await app.http.get("/feed.xml").set("User-Agent", "Feedbin feed-id:7 - 12 subscribers").expect(200);
  await app.http.get("/search?q=hello").expect(200);

  const { figures, tables } = await open(app);

  expect(figures.Requests).toEqual({ value: "10", about: "1 in flight now" });
  expect(figures["Failed requests"]?.value).toBe("0");
  expect(figures.Notes).toEqual({ value: "1", about: "Today: 1 published, 0 revised, 0 trashed" });
  expect(figures["Feed readers"]?.value).toBe("12");
  expect(figures["Feed requests today"]?.value).toBe("1");
  expect(figures["Searches today"]?.value).toBe("1");
  expect(tables.routes?.["/notes/:slug"]).toMatchObject({ Count: "5", Failed: "0" });
  expect(tables.routes?.["/*path"]).toMatchObject({ Count: "3" });
  expect(sumColumn(tables.requests, "Requests")).toBe(10);
  expect(tables.operations?.Requests).toMatchObject({ Count: "10", Failed: "0" });
  expect(tables.readers).toEqual({ "Feedbin (7)": { Readers: "12", "How it is known": "says so" } });
  expect(tables.pool).toEqual({
    "In use": { Connections: "0" },
    Idle: { Connections: "1" },
    "Not opened yet": { Connections: "4" },
  });
});

test("a failure of ours is counted as one and leads to the problems", async () => {
  const app = await dashboardApp();
  await app.ctx.db.write(() => app.ctx.db.run("ALTER TABLE notes RENAME TO lost_notes"));
  await app.http.get("/notes/hello").expect(500);
  await app.ctx.db.write(() => app.ctx.db.run("ALTER TABLE lost_notes RENAME TO notes"));

  const { figures, text } = await open(app);

  expect(figures["Failed requests"]?.value).toBe("1");
  expect(queryAll(text, ".figure-warning a").map(({ attributes }) => attributes.href)).toContain("/admin/problems");
});

test.each(["hour", "day", "week", "year"])("the %s has all charts, each with a table or a sentence", async (range) => {
  const app = await dashboardApp();
  await app.http.get("/").expect(200);

  const { text, tables } = await open(app, `?range=${range}`);

  expect(queryAll(text, ".chart-panel h2").map(({ attributes }) => attributes.id)).toEqual(
    CHARTS.map((id) => `chart-${id}`),
  );
  expect(sumColumn(tables.requests, "Requests")).toBe(1);
  const current = queryAll(text, ".dashboard-controls [aria-current=page]").map(({ attributes }) => attributes.href);
  expect(current).toEqual([`/admin/dashboard?range=${range}`]);
});

test("an unknown range is refused by name", async () => {
  const app = await dashboardApp();

  const { text } = await app.http.get("/admin/dashboard?range=month").expect(400);

  expect(text).toContain("There is no such range: use hour, day, week, year.");
});

test("htmx gets the numbers alone, and nobody gets them without a login", async () => {
  const app = await dashboardApp();

  const part = await app.http.get("/admin/dashboard").set("HX-Request", "true").expect(200);
  const stranger = await testApp({});
  const refused = await stranger.http.get("/admin/dashboard").redirects(0);

  expect(part.text).not.toContain("<html");
  expect(Object.keys(readDashboard(part.text).figures)).toContain("Requests");
  expect(part.headers.vary).toContain("HX-Request");
  expect(part.headers["cache-control"]).toBe("no-store");
  expect(refused.status).toBe(303);
});

test.each([
  ["0", undefined],
  ["5", "every 5s"],
  ["60", "every 60s"],
])("the choice to refresh every %s s holds for this browser", async (refresh, trigger) => {
  const app = await dashboardApp();

  await app.http
    .post("/admin/dashboard")
    .type("form")
    .send({ csrf_token: app.csrfToken, refresh, range: "hour" })
    .expect(303)
    .expect("Location", "/admin/dashboard?range=hour");

  const { text } = await open(app);
  expect(queryAll(text, "#dashboard")[0]?.attributes["hx-trigger"]).toBe(trigger);
});

test("a number of seconds that is not offered is refused, and a forged cookie counts as none", async () => {
  const app = await dashboardApp();
  const send = (refresh: string) =>
    app.http.post("/admin/dashboard").type("form").send({ csrf_token: app.csrfToken, refresh, range: "hour" });

  const { text } = await send("1").expect(422);
  app.http.jar.setCookie("starpunk_refresh=1", "127.0.0.1", "/");

  expect(text).toContain("Choose one of 0, 5, 10, 60 seconds.");
  expect(queryAll((await open(app)).text, "#dashboard")[0]?.attributes["hx-trigger"]).toBe("every 10s");
});

test("a long range refreshes once a minute at most", async () => {
  const app = await dashboardApp();

  const { text } = await open(app, "?range=week");

  expect(queryAll(text, "#dashboard")[0]?.attributes["hx-trigger"]).toBe("every 60s");
});

test("numbers of earlier hours are in the week, and no more in the hour", async () => {
  const app = await dashboardApp();
  await app.http.get("/").expect(200);
  app.clock.set(toTimestamp(Date.parse(app.ctx.clock()) + 3 * 3_600_000));
  await app.http.get("/archive").expect(200);

  const hour = await open(app);
  const week = await open(app, "?range=week");

  expect(Object.keys(hour.tables.routes ?? {})).toEqual(["/archive"]);
  expect(Object.keys(week.tables.routes ?? {})).toEqual(expect.arrayContaining(["/", "/archive"]));
});

test("a German author's dashboard has its words and numbers in German", async () => {
  const app = await dashboardApp();
  await changeSettings(app.ctx, { language: "en", adminLanguage: "de" });
  const file = join(backupFolder(app.ctx.config), newBackupName("scheduled", addSeconds(app.ctx.clock(), -7200)));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, Buffer.alloc(1536));
  writeProof(file, { provedAt: app.ctx.clock(), problem: "", notes: 1, lostMedia: 0 });
  for (let time = 0; time < 2; time += 1) await app.http.get("/nothing-here").expect(404);

  const { figures, tables } = await open(app);

  expect(figures["Letzte Sicherung"]).toEqual({ value: "2 Stunden alt", about: "1,5 KiB, geprüft" });
  expect(figures["95. Perzentil"]?.value).toMatch(/^(?:\d+|\d+,\d+) m?s$/);
  expect(Object.values(tables.routes?.["/*path"] ?? {}).join(" ")).not.toContain(".");
});
