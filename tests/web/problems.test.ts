import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { insertJob } from "../../src/jobs/job-store.ts";
import { createLogger } from "../../src/lib/log.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { NOW, testFolder } from "../support/context.ts";
import { queryAll, textOf } from "../support/dom.ts";

/** The application with a log in files, as the server has it. */
async function loggedApp(level = "info") {
  const dir = testFolder();
  const log = await createLogger({ level, dir });
  const app = await testApp({ log, config: { LOG_DIR: dir, LOG_LEVEL: level as never } });
  await logInAgent(app);
  return { ...app, logDir: dir };
}

function lineOf(fields: object): string {
  return `${JSON.stringify({ level: "error", time: NOW, event: "server.fault", msg: "broken", ...fields })}\n`;
}

function titlesOf(html: string): string[] {
  return queryAll(html, ".row-titled").map((title) => textOf(title).trim());
}

test("a request that fails stands on the page under the name on its answer, those that fail alike as one", async () => {
  const app = await loggedApp();
  await publishNote(app.ctx, { content: "text of a note", slug: "secret-slug", tags: ["web"] }, { madeBy: "admin" });
  await app.ctx.db.write(() => app.ctx.db.run("ALTER TABLE note_tags RENAME TO elsewhere"));
  const failed = [await app.http.get("/tags/web"), await app.http.get("/tags/web?x=1")];
  await app.ctx.db.write(() => app.ctx.db.run("ALTER TABLE elsewhere RENAME TO note_tags"));

  const list = (await app.http.get("/admin/problems").expect(200)).text;
  const path = /href="(\/admin\/problems\/[^"]+)"/.exec(list)?.[1] ?? "";
  const detail = (await app.http.get(path).expect(200)).text;

  expect(failed.map(({ status }) => status)).toEqual([500, 500]);
  expect(titlesOf(list)).toEqual(["A request failed"]);
  expect(list).toContain("2 times");
  for (const { headers } of failed) {
    expect(list).toContain(headers["x-request-id"]);
    expect(detail).toContain(headers["x-request-id"]);
  }
  expect(detail).toContain("no such table: note_tags");
  expect(detail).toMatch(/<details class="trace">[\s\S]*src\//);
  expect(detail).toMatch(/Kind of address<\/dt><dd>\/tags\/:tag</);
  for (const text of [list, detail]) expect(text).not.toMatch(/secret-slug|text of a note|127\.0\.0\.1/);
});

test("half lines, foreign text and lines that say that all is well are passed over", async () => {
  const app = await loggedApp();
  const whole = lineOf({ msg: "the whole one", note_id: 7 });
  writeFileSync(
    join(app.logDir, "app.7.log"),
    `${whole.slice(20)}Segmentation fault "level":"error"\n${lineOf({ level: "info" })}${lineOf({ time: "noon" })}"level":"warn"\n[]\nnull\n${whole}${whole.slice(0, 60)}`,
  );

  const { text } = await app.http.get("/admin/problems").expect(200);

  expect(titlesOf(text)).toEqual(["Something failed outside of any request"]);
  expect(text).toContain("once");
});

test("what a line says is shown as text, and cut where it is long", async () => {
  const app = await loggedApp();
  const nasty = `<script>alert(1)</script>${"x".repeat(10_000)}`;
  appendFileSync(
    join(app.logDir, "app.7.log"),
    lineOf({ event: nasty, msg: nasty, reason: nasty, request_id: nasty, err: { message: nasty, stack: nasty } }),
  );

  const { text } = await app.http.get("/admin/problems").expect(200);
  const path = /href="(\/admin\/problems\/[^"]+)"/.exec(text)?.[1] ?? "";
  const detail = await app.http.get(path).expect(200);

  for (const html of [text, detail.text]) {
    expect(html).not.toContain("<script>alert");
    expect(html.length).toBeLessThan(30_000);
  }
});

test.each([
  ["silent", "LOG_LEVEL is silent, so the log says nothing of warnings and errors."],
  ["error", "LOG_LEVEL is error: warnings are not in the log."],
])("with LOG_LEVEL=%s the page says what the log cannot know", async (level, sentence) => {
  const app = await loggedApp(level);

  const { text } = await app.http.get("/admin/problems").expect(200);

  expect(text).toContain(sentence);
});

test("without a log file the page says so", async () => {
  const app = await testApp({ config: { LOG_DIR: join(testFolder(), "none") } });
  await logInAgent(app);

  const { text } = await app.http.get("/admin/problems").expect(200);

  expect(text).toContain("There is no log file in");
  expect(text).toContain("None found");
});

test("failed jobs stand below, those of one kind and reason as one, and not again from the log", async () => {
  const app = await loggedApp();
  const job = { kind: "notes.render", payload: '{"noteId":1}', uniqueKey: undefined, runAt: NOW, now: NOW };
  await app.ctx.db.write(() => {
    for (let count = 0; count < 7; count += 1) insertJob(app.ctx.db, job);
    app.ctx.db.run("UPDATE jobs SET state = 'failed', reason = 'The disk is full.', finished_at = run_at WHERE id < 7");
  });
  app.ctx.log.warn({ event: "job.failed", job_id: 1, kind: "notes.render", reason: "The disk is full." }, "job failed");

  const { text } = await app.http.get("/admin/problems").expect(200);

  expect(titlesOf(text)).toEqual(["Render a note again"]);
  expect(queryAll(text, "code").map((code) => textOf(code))).toEqual(["6", "5", "4", "3", "2"]);
  expect(text).toContain("6 times");
  expect(text).toContain("and 1 more");
});

test("a refused login says why in words, and not from where", async () => {
  const app = await loggedApp();
  const fields = { event: "author.login_failed", request_id: "a1", reason: "unauthorized" } as const;
  app.ctx.log.warn(fields, "login refused");
  app.ctx.log.warn({ ...fields, request_id: "b2" }, "login refused");
  app.ctx.log.warn({ ...fields, reason: "throttled" }, "login refused");

  const { text } = await app.http.get("/admin/problems").expect(200);

  const rows = queryAll(text, ".row-text").map((row) => textOf(row).replace(/\s+/g, " ").trim());
  expect(rows).toHaveLength(2);
  expect(rows.find((row) => row.includes("wrong"))).toMatch(
    /^A login was refused The password was wrong. warning 2 times .* Requests (a1 b2|b2 a1)$/,
  );
  expect(rows.find((row) => row.includes("tries"))).toContain("There were too many tries. warning once");
});

test("a problem that is not in the log any more is not found, and nobody but the author sees any", async () => {
  const app = await loggedApp();

  const gone = await app.http.get("/admin/problems/none");
  app.http.jar.setCookie("starpunk_session=", "127.0.0.1", "/");
  const stranger = await app.http.get("/admin/problems");

  expect([gone.status, stranger.status]).toEqual([404, 303]);
});
