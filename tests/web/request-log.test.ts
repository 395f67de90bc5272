import { connect } from "node:net";
import { expect, test } from "vitest";
import { rawRequest } from "../support/server.ts";
import { testWeb } from "../support/web.ts";

test("one line for each request: name, method, pattern, status, time, size", async () => {
  const { raw, lines } = await testWeb((router) => {
    router.get("/notes/:slug", (_req, res) => void res.status(201).send("x".repeat(1000)));
  });

  const answer = await raw(
    rawRequest("GET", "/notes/a?token=secret", { Authorization: "Bearer secret", Cookie: "a=secret" }),
  );

  expect(lines).toEqual([
    {
      level: "info",
      time: expect.any(String),
      event: "request.done",
      request_id: answer.headers["x-request-id"],
      method: "GET",
      route: "/notes/:slug",
      status: 201,
      duration_ms: expect.any(Number),
      size_bytes: expect.any(Number),
      msg: "request done",
    },
  ]);
  expect(lines[0]?.size_bytes).toBeGreaterThan(1000);
  expect(lines[0]?.size_bytes).toBeLessThan(2000);
  expect(JSON.stringify(lines)).not.toContain("secret");
});

test("each request has a name of its own, whatever name the client gives", async () => {
  const { http } = await testWeb((router) => void router.get("/", (_req, res) => void res.send("")));

  const answers = await Promise.all([1, 2, 3].map(() => http.get("/").set("X-Request-Id", "forged")));

  const names = answers.map(({ headers }) => headers["x-request-id"]);
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^[\w-]{9,}$/);
});

test("what fails or leads elsewhere before any route has a line and a name as well", async () => {
  const { http, raw, lines } = await testWeb((router) => void router.get("/a", (_req, res) => void res.send("")));

  await http.get("/a/");
  await raw(rawRequest("GET", "/%zz"));
  await http.delete("/a");
  await http.get("/none");

  expect(lines.map(({ method, route, status }) => [method, route, status])).toEqual([
    ["GET", "unmatched", 301],
    ["GET", "unmatched", 400],
    ["DELETE", "/a", 405],
    ["GET", "unmatched", 404],
  ]);
});

test("several requests on one connection have a line and a size each", async () => {
  const { raw, lines } = await testWeb((router) => {
    router.get("/long", (_req, res) => void res.send("x".repeat(10_000)));
    router.get("/short", (_req, res) => void res.send("x"));
  });

  await raw("GET /long HTTP/1.1\r\nHost: x\r\n\r\nGET /short HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

  expect(lines.map(({ route }) => route)).toEqual(["/long", "/short"]);
});

test("a client that goes before the answer has one line, which says so", async () => {
  const started = withResolvers();
  const { port, lines } = await testWeb((router) => {
    router.get("/slow", async (_req, res) => {
      started.resolve(undefined);
      await new Promise((resolve) => res.once("close", resolve));
      res.send("late");
    });
  });
  const socket = connect(port, "127.0.0.1", () => socket.write(rawRequest("GET", "/slow")));
  await started.promise;

  socket.destroy();

  await expect.poll(() => lines.length, { timeout: 5_000 }).toBe(1);
  expect(lines[0]).toMatchObject({ event: "request.done", route: "/slow", status: 499, result: "aborted" });
});

test("a client that goes in the middle of a stream has one line, with the status it saw", async () => {
  const { port, lines } = await testWeb((router) => {
    router.get("/stream", (_req, res) => void res.write("begin"));
  });
  const socket = connect(port, "127.0.0.1", () => socket.write(rawRequest("GET", "/stream")));
  await new Promise((resolve) => socket.once("data", resolve));

  socket.destroy();

  await expect.poll(() => lines.length, { timeout: 5_000 }).toBe(1);
  expect(lines[0]).toMatchObject({ status: 200, result: "aborted" });
});

function withResolvers() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
