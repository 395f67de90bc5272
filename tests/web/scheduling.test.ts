import request from "supertest";
import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";
import { testRunner } from "../support/jobs.ts";
import { until } from "../support/until.ts";

/** What the author's clock says, in which zone, and which moment that is. */
const TIMES: readonly [zone: string, local: string, moment: string, what: string][] = [
  ["Europe/Berlin", "2026-03-28T09:00", "2026-03-28T08:00:00.000Z", "the day before summer time"],
  ["Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59:00.000Z", "the minute before the clock is put forward"],
  ["Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00.000Z", "the hour that the clock skips"],
  ["Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00.000Z", "the minute after it is put forward"],
  ["Europe/Berlin", "2026-03-30T09:00", "2026-03-30T07:00:00.000Z", "the day after"],
  ["Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59:00.000Z", "the minute before the hour that comes twice"],
  ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00.000Z", "the hour that comes twice"],
  ["Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z", "the hour after it"],
  ["Europe/Berlin", "2026-10-26T09:00", "2026-10-26T08:00:00.000Z", "the day after that"],
  ["America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00.000Z", "the hour that is skipped in New York"],
  ["Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00.000Z", "half an hour that is skipped"],
];

test.each(TIMES)("in %s, %s is %s (%s): the note is out then and not before", async (timeZone, local, moment) => {
  const app = await testApp();
  const { ctx, clock, http } = app;
  const reader = request(`http://127.0.0.1:${app.port}`);
  await logInAgent(app);
  await changeSettings(ctx, { timeZone });
  const { text } = await http.get("/admin/notes/new");
  const form = formTo(text, "/admin/notes");
  const sent = { content: "Later", slug: "later", published_at: local, action: "publish" };
  const { headers } = await submit(http, form, sent).expect(303);
  const editor = await http.get(headers.location ?? "");

  clock.set(addSeconds(moment as Timestamp, -1));
  await publishScheduledNote(ctx, 1);
  const before = await reader.get("/notes/later");
  clock.set(moment as Timestamp);
  testRunner(ctx, createHandlers(ctx));
  await until(() => expect(findNote(ctx.db, 1)?.status).toBe("published"));
  const after = await reader.get("/notes/later");

  expect(findNote(ctx.db, 1)?.publishedAt).toBe(moment);
  expect([before.status, after.status]).toEqual([404, 200]);
  // A time that the clock skips is shown as the one that it stands for.
  const isSkipped = ["2026-03-29T02:30", "2026-03-08T02:30", "2026-10-04T02:15"].includes(local);
  const shown = query(editor.text, "[name=published_at]")?.attributes.value ?? "";
  expect(shown > local).toBe(isSkipped);
  expect(shown === local).toBe(!isSkipped);
});
