import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import type { HealthStatus } from "../../src/monitoring/health.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { testServer } from "../support/server.ts";

async function healthServer(status: HealthStatus) {
  const { ctx } = await testContext();
  return testServer(createApp(ctx, { health: { read: () => status, stop: () => undefined } }));
}

test.each([
  ["ok", 200],
  ["stopping", 503],
  ["unavailable", 503],
] as const)("a process that is %s answers %i with its status and nothing else", async (status, code) => {
  const { http } = await healthServer(status);

  const answer = await http.get("/health");

  expect(answer.status).toBe(code);
  expect(answer.headers["content-type"]).toMatch(/^application\/json/);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.text).toBe(JSON.stringify({ status }));
});

test("before the first run, and without anyone logged in, /health is 200, and HEAD is the same without a body", async () => {
  const { http } = await testApp();

  const got = await http.get("/health");
  const head = await http.head("/health");

  expect([got.status, head.status]).toEqual([200, 200]);
  expect(got.body).toEqual({ status: "ok" });
  expect(head.headers["content-length"]).toBe(got.headers["content-length"]);
});

test("/health says 503 as soon as the database is gone", async () => {
  const { ctx, http } = await testApp();

  ctx.db.close();

  const answer = await http.get("/health");
  expect(answer.status).toBe(503);
  expect(answer.body).toEqual({ status: "unavailable" });
});

test("the detailed report is for a login or a token with the scope metrics, and for nobody else", async () => {
  const app = await testApp();
  const { token } = await createToken(app.ctx, { scope: "metrics", clientId: "https://watch.example/" });
  const { token: other } = await createToken(app.ctx, { scope: "create", clientId: "https://watch.example/" });
  const ask = (bearer: string) => app.http.get("/health?detailed").set("Authorization", `Bearer ${bearer}`);

  const refused = [await app.http.get("/health?detailed"), await ask("wrong"), await ask(other)];
  const allowed = await ask(token).expect(200);
  await logInAgent(app);
  const asAuthor = await app.http.get("/health?detailed=1").expect(200);

  expect(refused.map(({ status }) => status)).toEqual([401, 401, 403]);
  for (const { text } of refused) expect(text).not.toContain("database");
  expect(Object.keys(allowed.body)).toEqual(["status", "worst", "checks", "metrics", "pool"]);
  expect(asAuthor.body.checks.map(({ name }: { name: string }) => name)).toEqual([
    "database_read",
    "database_write",
    "migrations",
    "disk_space",
    "write_ahead_log",
    "jobs_due",
    "jobs_failed",
    "search_index",
    "last_backup",
    "theme",
    "memory",
    "event_loop",
  ]);
  expect(asAuthor.body.metrics.types.http).toMatchObject({ count: 4, errors: 0, fill: { capacity: 1000 } });
});

test("the author's page says of each check what was found, what it may be, and how to mend it", async () => {
  const app = await testApp();
  await logInAgent(app);
  await app.ctx.db.write(() => app.ctx.db.run("DELETE FROM schema_migrations WHERE number = 1"));

  const { text } = await app.http.get("/admin/health").expect(200);

  expect(text).toContain("The database can be read");
  expect(text).toContain("Another version has changed the database");
  expect(text).toContain("Something needs you");
});

test("a German author reads the figures of health as German writes them", async () => {
  const app = await testApp();
  await logInAgent(app);
  await changeSettings(app.ctx, { language: "en", adminLanguage: "de" });

  const { text } = await app.http.get("/admin/health").expect(200);

  const checks = queryAll(text, ".row .row-meta").map((each) => textOf(each));
  expect(checks.join("\n")).toMatch(/Sperre erhalten in \d+,\d ms/);
  expect(checks.filter((each) => /\d\.\d\b/.test(each))).toEqual([]);
});
