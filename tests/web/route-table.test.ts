import express from "express";
import { expect, test } from "vitest";
import { listRoutes } from "../../src/web/route-table.ts";
import { createRouter } from "../../src/web/router.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { testContext } from "../support/context.ts";
import { testWeb } from "../support/web.ts";

function notes() {
  return testWeb((router) => {
    router.get("/notes/new", (_req, res) => void res.send("new"));
    router.get("/notes/:slug", (_req, res) => void res.send("one"));
    router.post("/notes/:slug/trash", (_req, res) => void res.send("trashed"));
    router.post("/notes/:id", (_req, res) => void res.send("saved"));
    router.options("/cors", (_req, res) => void res.status(204).set("Access-Control-Allow-Origin", "*").end());
    router.get("/cors", (_req, res) => void res.send("shared"));
    router.all("/anything", (_req, res) => void res.send("any"));
    router.get("/*path", (_req, res) => void res.send("fallback"));
  });
}

test.each([
  ["DELETE", "/notes/a", "GET, HEAD, OPTIONS, POST"],
  ["PUT", "/notes/new", "GET, HEAD, OPTIONS, POST"],
  ["GET", "/notes/a/trash", "OPTIONS, POST"],
  ["HEAD", "/notes/a/trash", "OPTIONS, POST"],
  ["PATCH", "/cors", "GET, HEAD, OPTIONS"],
  ["PROPFIND", "/notes/a", "GET, HEAD, OPTIONS, POST"],
  ["TRACE", "/notes/a", "GET, HEAD, OPTIONS, POST"],
])("%s %s is 405, and Allow says what may be done", async (method, path, allow) => {
  const { raw } = await notes();

  const answer = await raw(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toBe(allow);
});

test("OPTIONS says what may be done, and a route's own answer to it goes first", async () => {
  const { http } = await notes();

  const plain = await http.options("/notes/a");
  const own = await http.options("/cors");

  expect([plain.status, plain.headers.allow, plain.text]).toEqual([204, "GET, HEAD, OPTIONS, POST", ""]);
  expect([own.status, own.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
});

test("the server as a whole can be asked for its options", async () => {
  const { raw } = await testWeb((router) => void router.get("/", (_req, res) => void res.send("home")));

  const answer = await raw("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

  expect([answer.status, answer.headers.allow]).toEqual([204, "GET, HEAD, OPTIONS"]);
});

test("an unknown path is 404 for every method: a route for all paths makes none known", async () => {
  const { http } = await notes();

  const statuses = await Promise.all([http.post("/x"), http.delete("/x/y"), http.options("/x")]);

  expect(statuses.map((answer) => answer.status)).toEqual([404, 404, 404]);
});

test("paths are matched to the letter", async () => {
  const { http } = await notes();

  const answer = await http.post("/Notes/a");

  expect(answer.status).toBe(404);
});

test("the log has the pattern of the route that answered, and never a path that no route knows", async () => {
  const { http, lines } = await notes();

  await http.get("/notes/secret-slug");
  await http.get("/notes/new");
  await http.post("/notes/7");
  await http.delete("/notes/7");
  await http.post("/secret-path");

  const routes = lines.map((line) => line.route);
  expect(routes).toEqual(
    ["/notes/:slug", "/notes/new", "/notes/:id", "/notes/new", "unmatched"].toSpliced(3, 1, "/notes/:slug"),
  );
  expect(JSON.stringify(lines)).not.toContain("secret");
});

test("routes of mounted routers are listed with their whole path", () => {
  const app = express();
  const inner = createRouter()
    .get("/", () => {})
    .post("/:id", () => {});
  app.use("/admin", inner);
  app.use(createRouter().get("/plain", () => {}));

  const routes = listRoutes(app);

  expect(routes).toEqual([
    { pattern: "/admin", methods: ["GET", "HEAD"] },
    { pattern: "/admin/:id", methods: ["POST"] },
    { pattern: "/plain", methods: ["GET", "HEAD"] },
  ]);
});

test("every route family of the application matches to the letter", async () => {
  const { ctx } = await testContext();

  const { stack } = createApp(ctx).router;

  const routers = stack.map((layer) => layer.handle as { stack?: unknown; strict?: boolean; caseSensitive?: boolean });
  const families = routers.filter((router) => router.stack !== undefined);
  expect(families.length).toBeGreaterThan(1);
  expect(families.filter((router) => router.strict !== true || router.caseSensitive !== true)).toEqual([]);
});
