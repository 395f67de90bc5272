import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { LogFields } from "../../src/lib/log.ts";
import { createLogger, createPino, LOG_FILES_KEPT, silentLogger } from "../../src/lib/log.ts";
import { toReadable } from "../../src/lib/log-readable.ts";
import { until } from "../support/until.ts";

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "starpunk-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "logs");
}

function createList(level = "info") {
  const lines: string[] = [];
  return { lines, log: createPino(level, { write: (line) => lines.push(line) }) };
}

test("a line is one JSON object with level, time in UTC, event, fields and message", () => {
  const { lines, log } = createList();

  log.info(
    { event: "request.done", request_id: "r1", route: "/notes/:slug", status: 200, duration_ms: 1.5 },
    "request",
  );

  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    event: "request.done",
    request_id: "r1",
    route: "/notes/:slug",
    status: 200,
    duration_ms: 1.5,
    msg: "request",
  });
});

test("a field that is not on the list is never written, and neither is an object in one that is", () => {
  const { lines, log } = createList();
  const names = ["password", "token", "cookie", "content", "authorization", "csrf_token", "ip", "code", "anything"];
  const leaky = Object.fromEntries(names.map((name) => [name, "S3CRET"]));

  log.info({ event: "request.done", ...leaky, reason: { token: "S3CRET" } } as unknown as LogFields, "request");

  expect(lines[0]).not.toContain("S3CRET");
  expect(JSON.parse(lines[0]!)).toMatchObject({ password: "[Redacted]", reason: "[Redacted]" });
});

test("an error is written with its code and causes, without what libraries hang on it and without credentials", () => {
  const { lines, log } = createList();
  const cause = new Error("https://author:S3CRET@example.org/x?code=S3CRET#S3CRET refused");
  const error = new Error("sent Bearer S3CRET.abc-def", { cause });
  Object.assign(error, { code: "ECONNREFUSED", request: { headers: { authorization: "S3CRET" } } });

  log.error({ event: "server.fault", err: error }, "fault");

  expect(lines[0]).not.toContain("S3CRET");
  expect(JSON.parse(lines[0]!).err).toMatchObject({
    name: "Error",
    code: "ECONNREFUSED",
    message: "sent Bearer …",
    cause: { message: "https://…@example.org/x?… refused" },
  });
});

test("whatever is thrown can be logged: text, a chain of causes without end, nothing", () => {
  const { lines, log } = createList();
  const endless = new Error("again");
  endless.cause = endless;

  for (const err of ["text", endless, undefined, null, 7n]) log.error({ event: "server.fault", err }, "fault");

  expect(lines.map((line) => JSON.parse(line).event)).toEqual(Array(5).fill("server.fault"));
});

test("lines below the level are not written", () => {
  const { lines, log } = createList("warn");

  log.info({ event: "server.start" }, "start");
  log.warn({ event: "config.ignored" }, "ignored");

  expect(lines).toHaveLength(1);
});

test("the files belong to the operator alone and hold every line at once", async () => {
  const dir = createFolder();
  const log = await createLogger({ level: "info", dir });

  for (let count = 0; count < 1000; count++) log.info({ event: "job.run", count }, "job");

  const lines = readFileSync(join(dir, "app.1.log"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).count)).toEqual(Array.from({ length: 1000 }, (_, count) => count));
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dir, "app.1.log")).mode & 0o777).toBe(0o600);
});

test("the terminal gets the same JSON lines, and readable ones where a person sits", async () => {
  const piped: string[] = [];
  const shown: string[] = [];
  const toPipe = await createLogger({
    level: "info",
    dir: createFolder(),
    terminal: { write: (line) => piped.push(line) },
  });
  const terminal = { isTTY: true, write: (line: string) => shown.push(line) };
  const toPerson = await createLogger({ level: "info", dir: createFolder(), terminal });

  toPipe.info({ event: "server.start", url: "https://blog.example" }, "StarPunk serves");
  toPerson.info({ event: "server.start", url: "https://blog.example" }, "StarPunk serves");

  expect(JSON.parse(piped[0]!)).toMatchObject({ msg: "StarPunk serves" });
  expect(shown[0]).toMatch(/info .*StarPunk serves .*event=server.start url=https:\/\/blog.example/);
});

test("ten files are kept, the current one included, also over restarts", async () => {
  const dir = createFolder();
  for (let restart = 0; restart < 4; restart++) {
    const log = await createLogger({ level: "info", dir, fileSize: "1k" });
    for (let count = 0; count < 60; count++) {
      log.info({ event: "job.run", reason: "x".repeat(200) }, "job");
      // A file is closed between two lines, not within a burst of them.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const numbers = () => readdirSync(dir).map((name) => Number(name.split(".")[1]));
  // The oldest are removed a moment after the newest was begun.
  await until(() => expect(numbers()).toHaveLength(LOG_FILES_KEPT));
  expect(Math.max(...numbers())).toBeGreaterThan(LOG_FILES_KEPT * 2);
  expect(Math.min(...numbers())).toBe(Math.max(...numbers()) - LOG_FILES_KEPT + 1);
});

test("a disk without room stops neither the program nor the lines on the terminal", async () => {
  const dir = createFolder();
  mkdirSync(dir);
  symlinkSync("/dev/full", join(dir, "app.1.log"));
  const lines: string[] = [];
  const log = await createLogger({ level: "info", dir, terminal: { write: (line) => lines.push(line) } });

  for (let count = 0; count < 10_000; count++) log.info({ event: "job.run", reason: "x".repeat(200) }, "job");

  expect(lines).toHaveLength(10_000);
});

test("a readable line shows the stack of an error, and nothing that would steer the terminal", () => {
  const line = JSON.stringify({
    level: "error",
    time: "2026-11-21T14:30:05.000Z",
    msg: "bad \u001b]0;title\u0007 thing",
    event: "server.fault",
    err: { stack: "Error: boo\n    at here", cause: { stack: "Error: why" } },
  });

  const text = toReadable(line);

  expect(text).toContain("14:30:05");
  expect(text).toContain("Error: boo\n      at here\n  caused by\n  Error: why\n");
  expect(text).not.toContain("\u0007");
  expect(text).not.toContain("\u001b]");
});

test("a line that is not ours is shown as it came", () => {
  expect(toReadable("plain\n")).toBe("plain\n");
});

test("a silent logger takes everything and says nothing", () => {
  expect(() => silentLogger().error({ event: "server.fault", err: new Error("x") }, "fault")).not.toThrow();
});
