import { EventEmitter, once } from "node:events";
import { expect, test } from "vitest";
import { createRequestIds } from "../../src/lib/request-id.ts";
import type { HealthStatus } from "../../src/monitoring/health.ts";
import { createHealth } from "../../src/monitoring/health.ts";
import { isForReaders } from "../../src/web/author-paths.ts";
import type { BehindParts } from "../../src/web/behind.ts";
import { createBehind } from "../../src/web/behind.ts";
import { createReadersApp } from "../../src/web/readers-app.ts";
import { createRender } from "../../src/web/render.ts";
import type { AnsweredRequest } from "../../src/web/request-lines.ts";
import { listRoutes } from "../../src/web/route-table.ts";
import { createSources } from "../../src/web/sources.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { testContext } from "../support/context.ts";
import { testServer } from "../support/server.ts";

async function behindParts() {
  const { ctx } = await testContext();
  const written: AnsweredRequest[] = [];
  const lines = {
    write: (line: AnsweredRequest) => void written.push(line),
    answered: () => 0,
    flush: () => undefined,
  };
  const sources = createSources(ctx);
  const health = createHealth(ctx.db);
  const parts = { health, lines, nextId: createRequestIds(), sources, render: createRender(), readerPages: [] };
  return { ctx, written, parts: parts satisfies BehindParts };
}

test("readers' application knows every route but those of the author and of apps, in the same order", async () => {
  const { ctx } = await testContext();
  const patterns = (app: ReturnType<typeof createApp>) => listRoutes(app).map(({ pattern }) => pattern);

  const readers = patterns(createReadersApp(ctx));
  const whole = patterns(createApp(ctx));

  expect(readers).toEqual(whole.filter(isForReaders));
  expect(readers.length).toBeGreaterThan(20);
});

test.each([
  ["/", true],
  ["/notes/admin", true],
  ["/admins", true],
  ["/media/abc.jpg", true],
  ["/wp-login.php", true],
  ["/admin", false],
  ["/admin?x=/", false],
  ["/admin/", false],
  ["/micropub/media", false],
  ["/.well-known/oauth-authorization-server", false],
  ["/.well-known/tdmrep.json", true],
  ["http://blog.example/admin/notes", false],
  ["http://blog.example", true],
  ["*", true],
])("whether readers' application answers %s: %s", (target, expected) => {
  expect(isForReaders(target)).toBe(expected);
});

test("each application is loaded with the first request for it", async () => {
  const { ctx, parts, written } = await behindParts();
  const behind = createBehind(ctx, parts);
  const { http } = await testServer(behind.listener);

  const answers = await Promise.all(["/robots.txt", "/login", "/none", "/admin"].map((path) => http.get(path)));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 303]);
  expect(written.map(({ route, status }) => `${route} ${status}`).toSorted()).toEqual([
    "/*path 404",
    "/admin 303",
    "/login 200",
    "/robots.txt 200",
  ]);
});

test("what cannot be loaded is answered 503 with the usual headers, and the log says why", async () => {
  const { ctx, parts, written } = await behindParts();
  const failed: unknown[] = [];
  const log = { ...ctx.log, error: (fields: { err?: unknown }) => void failed.push(fields.err) };
  const broken = {
    ...parts,
    get readerPages(): never {
      throw new Error("part is missing");
    },
  };
  const { http } = await testServer(createBehind({ ...ctx, log }, broken).listener);

  const { status, headers, text } = await http.get("/robots.txt");

  expect({ status, text }).toEqual({ status: 503, text: expect.stringContaining("Ask again") });
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "retry-after": "5",
    "x-content-type-options": "nosniff",
  });
  expect(written).toEqual([expect.objectContaining({ status: 503, requestId: headers["x-request-id"] })]);
  expect(String(failed[0])).toContain("part is missing");
  expect((await http.head("/robots.txt")).status).toBe(503);
});

test("a client that went while its request waited is written down all the same", async () => {
  const { ctx, parts, written } = await behindParts();
  const behind = createBehind(ctx, parts);
  const asked = new EventEmitter();
  const { raw } = await testServer((req, res) => {
    res.once("close", () => {
      behind.listener(req, res);
      asked.emit("late");
    });
    req.socket.destroy();
  });

  await Promise.all([once(asked, "late"), raw("GET /robots.txt HTTP/1.1\r\nHost: blog.example\r\n\r\n")]);
  await behind.settled();
  await new Promise(setImmediate);

  expect(written).toEqual([expect.objectContaining({ route: "/robots.txt", result: "aborted" })]);
  expect(parts.sources.inFlight.now).toBe(0);
});

test("/health is answered as Express answers it, without Express", async () => {
  const { ctx, parts, written } = await behindParts();
  const status = { now: "ok" as HealthStatus };
  const health = { read: () => status.now, stop: () => undefined };
  const alone = await testServer(createBehind(ctx, { ...parts, health }).listener);
  const express = await testServer(createApp(ctx, { ...parts, health }));

  for (const now of ["ok", "stopping"] as const) {
    status.now = now;
    for (const method of ["get", "head"] as const) {
      const answers = [];
      for (const { http } of [alone, express]) {
        const { status, headers, text } = await http[method]("/health");
        const { date: _date, "x-request-id": _id, ...said } = headers;
        answers.push({ status, said, text });
      }
      expect(answers[0]).toEqual(answers[1]);
    }
  }
  expect(written.map(({ route }) => route)).toEqual(Array(8).fill("/health"));
});
