import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { claimJob, listJobs } from "../../src/jobs/job-store.ts";
import { recoverJobs } from "../../src/jobs/recover-jobs.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";
import { NOW, testContext } from "../support/context.ts";
import { formTo, submit } from "../support/forms.ts";
import { testRunner } from "../support/jobs.ts";
import { until } from "../support/until.ts";

const YEARS = 10 * 365 * 86_400;
const ADMIN = { madeBy: "admin" };

test.each([YEARS, -YEARS])(
  "writing, reading, feeds, tokens and logins go on when the clock is set by %i s",
  async (seconds) => {
    const app = await testApp();
    const { ctx, http, clock } = app;
    await logInAgent(app);
    const { token } = await createToken(ctx, { scope: "create update", clientId: "https://app.example/" });
    const before = await publishNote(ctx, { content: "Before the clock was set" }, ADMIN);
    const feedBefore = await http.get("/feed.xml").expect(200);

    clock.set(addSeconds(NOW, seconds));
    const sent = await http
      .post("/micropub")
      .set("Authorization", `Bearer ${token}`)
      .type("form")
      .send({ content: "After the clock was set" });
    const editor = formTo((await http.get("/admin/notes/new").expect(200)).text, "/admin/notes");
    const written = await submit(http, editor, { content: "Written in the browser", action: "publish" });

    expect([sent.status, written.status]).toEqual([201, 303]);
    const feed = await http.get("/feed.xml").set("If-None-Match", feedBefore.headers.etag ?? "");
    const home = await http.get("/").expect(200);
    expect(feed.status).toBe(200);
    for (const text of ["Before the clock was set", "After the clock was set", "Written in the browser"]) {
      expect(feed.text).toContain(text);
      expect(home.text).toContain(text);
    }
    await http.get(`/notes/${before.slug}`).expect(200);
    await http.get(new URL(sent.headers.location ?? "").pathname).expect(200);
    expect((await http.get("/feed.xml").set("If-None-Match", feed.headers.etag ?? "")).status).toBe(304);
  },
);

test("a note for next year is published early by a clock ten years ahead, and stays so when that is mended", async () => {
  const { ctx, clock } = await testContext();
  await createAuthor(ctx);
  const note = await publishNote(ctx, { content: "Later", publishedAt: addSeconds(NOW, 365 * 86_400) }, ADMIN);
  const status = () => findNote(ctx.db, note.id)?.status;
  testRunner(ctx, createHandlers(ctx));

  clock.set(addSeconds(NOW, YEARS));
  await until(() => expect(status()).toBe("published"));
  clock.set(NOW);

  expect(findNote(ctx.db, note.id)).toMatchObject({ status: "published", publishedAt: addSeconds(NOW, 365 * 86_400) });
});

test("a note that is due in an hour waits through a clock set back by ten years, and is published when it is right again", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "Soon", publishedAt: addSeconds(NOW, 3600) }, ADMIN);
  const status = () => findNote(ctx.db, note.id)?.status;

  clock.set(addSeconds(NOW, -YEARS));
  await recoverJobs(ctx.db, ctx.clock, 30);
  testRunner(ctx, createHandlers(ctx), { recoveryMs: 1 });
  const before = status();
  clock.set(addSeconds(NOW, 3600));

  await until(() => expect(status()).toBe("published"));
  expect(before).toBe("scheduled");
});

test("a note whose job was running when the clock was set back is not forgotten", async () => {
  const { ctx, clock } = await testContext();
  const publishedAt = addSeconds(NOW, 3600);
  const note = await publishNote(ctx, { content: "Soon", publishedAt }, ADMIN);
  const jobs = () => listJobs(ctx.db, "notes.publish_scheduled", 9);
  clock.set(publishedAt);
  // The process that has claimed the job dies, and the clock is set back before another takes over.
  await ctx.db.write(() => claimJob(ctx.db, { now: ctx.clock(), leaseUntil: addSeconds(publishedAt, 30) }));
  clock.set(addSeconds(NOW, -YEARS));

  testRunner(ctx, createHandlers(ctx), { recoveryMs: 1 });
  await until(() => expect(jobs()).toMatchObject([{ state: "waiting", runAt: publishedAt }, { state: "done" }]));
  const before = findNote(ctx.db, note.id)?.status;
  clock.set(publishedAt);

  await until(() => expect(findNote(ctx.db, note.id)?.status).toBe("published"));
  expect(before).toBe("scheduled");
});
