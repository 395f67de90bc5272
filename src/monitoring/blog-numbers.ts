import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { countNoteActions, countRefusedLogins, listDailyCounts, measureMedia } from "./blog-numbers-store.ts";
import type { DailyCount, FeedAnswer, FeedName } from "./daily-counts.ts";
import { authorDay, FEED_NAMES } from "./daily-counts.ts";
import type { Subscribers } from "./subscribers.ts";
import { estimateSubscribers } from "./subscribers.ts";
import type { Visits } from "./visits.ts";
import { readStorage } from "./vitals.ts";
import type { Counts } from "./vitals-store.ts";
import { countJobs, countNotes } from "./vitals-store.ts";

/** Seconds in which refused logins are still known one by one. */
const HOUR_SECONDS = 3600;

/** Answers of a feed: whole ones, and those that only say that nothing has changed. */
export type FeedCount = { readonly sent: number; readonly notModified: number };

/** The blog itself in numbers. Days are the author's; its fields are described in docs/metrics.md. */
export type BlogNumbers = {
  /** `2026-03-01` */
  readonly day: string;
  readonly timeZone: string;
  readonly notes: {
    readonly byStatus: Counts;
    readonly today: { readonly published: number; readonly revised: number; readonly trashed: number };
  };
  readonly feeds: {
    /** Of each kind, feeds of tags included. */
    readonly today: Readonly<Record<FeedName, FeedCount>>;
    /** Of these, those of tags. */
    readonly ofTags: FeedCount;
    /** Share of `notModified` in all, 0 to 1; null when nobody has asked. */
    readonly notModifiedShare: number | null;
  };
  readonly subscribers: Subscribers;
  readonly searches: { readonly today: number; readonly refusedToday: number };
  readonly logins: { readonly today: number; readonly refusedToday: number; readonly wrongPasswordsLastHour: number };
  readonly jobs: { readonly waiting: number; readonly running: number; readonly failed: number };
  /** In bytes. */
  readonly storage: {
    readonly databaseBytes: number;
    readonly walBytes: number;
    readonly mediaBytes: number;
    readonly mediaFiles: number;
  };
};

/** Where they are read. */
export type BlogSources = {
  readonly ctx: Pick<Context, "config" | "db" | "clock">;
  readonly visits: Pick<Visits, "flush">;
};

/** Reads all of it as it is now, with what this process has counted up to now; other processes are up to a minute behind. */
export async function readBlogNumbers({ ctx, visits }: BlogSources): Promise<BlogNumbers> {
  await visits.flush();
  const { day, timeZone, from, to } = authorDay(ctx, ctx.clock());
  const actions = countNoteActions(ctx.db, { from, to });
  const counts = new Map(listDailyCounts(ctx.db, { from: day, to: day }).map(({ name, count }) => [name, count]));
  const today = (name: DailyCount) => counts.get(name) ?? 0;
  const jobs = countJobs(ctx.db);
  const media = measureMedia(ctx.db);
  return {
    day,
    timeZone,
    notes: {
      byStatus: countNotes(ctx.db),
      today: {
        published: (actions.get("publish") ?? 0) + (actions.get("publish_scheduled") ?? 0),
        revised: actions.get("revise") ?? 0,
        trashed: actions.get("trash") ?? 0,
      },
    },
    feeds: countFeeds(today),
    subscribers: estimateSubscribers(ctx),
    searches: { today: today("search.done"), refusedToday: today("search.refused") },
    logins: {
      today: today("login.done"),
      refusedToday: today("login.refused"),
      wrongPasswordsLastHour: countRefusedLogins(ctx.db, addSeconds(ctx.clock(), -HOUR_SECONDS)),
    },
    jobs: { waiting: jobs.waiting ?? 0, running: jobs.running ?? 0, failed: jobs.failed ?? 0 },
    storage: { ...readStorage(ctx), mediaBytes: media.bytes, mediaFiles: media.files },
  };
}

function countFeeds(today: (name: DailyCount) => number): BlogNumbers["feeds"] {
  const count = (answer: FeedAnswer, name: FeedName) => today(`feed.${name}.${answer}`);
  const countOfTags = (answer: FeedAnswer, name: FeedName) => today(`tag_feed.${name}.${answer}`);
  const ofName = (name: FeedName): FeedCount => ({
    sent: count("sent", name) + countOfTags("sent", name),
    notModified: count("not_modified", name) + countOfTags("not_modified", name),
  });
  const all = { rss: ofName("rss"), atom: ofName("atom"), json: ofName("json") };
  const sent = sum(FEED_NAMES.map((name) => all[name].sent));
  const notModified = sum(FEED_NAMES.map((name) => all[name].notModified));
  return {
    today: all,
    ofTags: {
      sent: sum(FEED_NAMES.map((name) => countOfTags("sent", name))),
      notModified: sum(FEED_NAMES.map((name) => countOfTags("not_modified", name))),
    },
    notModifiedShare: sent + notModified === 0 ? null : notModified / (sent + notModified),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
