import express from "express";
import { expect, test } from "vitest";
import type { HealthStatus } from "../../src/monitoring/health.ts";
import { healthRoutes } from "../../src/web/routes/health.ts";
import { testApp } from "../support/app.ts";
import { testServer } from "../support/server.ts";

async function healthServer(status: HealthStatus) {
  const app = express().use(healthRoutes({ read: () => status, stop: () => undefined }));
  return testServer(app);
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
