import type { Clause, SetRole, Term } from "./clause.ts";

const MIB = { size: 2 ** 20, name: "MiB" };
const MS = { size: 1, name: "ms" };
const COUNT = { size: 1, name: "" };

/** Sets that a reader's request is judged on. */
const READ_SETS: readonly SetRole[] = ["usual", "large"];

/** Every clause of the ten goals that names something which is measured here, in the order of the goals. */
export const CLAUSES: readonly Clause[] = [
  ...READ_SETS.flatMap((set) => [
    rates({ goal: 1, workload: "permalink", against: "bare-express", atLeast: 3, set }),
    rates({ goal: 1, workload: "permalink", against: "bare-hot", atLeast: 0.85, set }),
  ]),
  ...READ_SETS.flatMap((set) => [
    rates({ goal: 2, workload: "home", against: "bare-hot", atLeast: 0.85, set }),
    rates({ goal: 2, workload: "feed", against: "bare-hot", atLeast: 0.85, set }),
    rates({ goal: 2, workload: "feed", against: "bare-express", atLeast: 2, set }),
    rates({ goal: 2, workload: "feed-304-tag", against: "bare-express", atLeast: 3.5, set }),
    rates({ goal: 2, workload: "feed-304-time", against: "bare-express", atLeast: 3.5, set }),
    ...["feed-304-tag", "feed-304-time"].map((workload) => ({
      goal: 2,
      part: workload,
      says: `${workload}: processor time of the 304 : of the 200`,
      of: starpunk(`${workload}.cpu`, set),
      to: starpunk("feed.cpu", set),
      atMost: 0.9,
    })),
  ]),
  ...READ_SETS.flatMap((set) => [
    rates({ goal: 3, workload: "permalink-miss", against: "bare-express", atLeast: 0.75, set, part: "miss" }),
    rates({ goal: 3, workload: "home-miss", against: "naive", atLeast: 3, set, part: "miss" }),
  ]),
  ...feedOfAll(),
  ...search(),
  ...publishing(),
  ...coldStart(),
  ...memory(),
  {
    goal: 9,
    part: "metrics",
    says: "metrics of every request: processor time with them, above that without",
    of: starpunk("measured.cpu", "usual"),
    minus: { ...starpunk("measured.cpu", "usual"), server: "starpunk without metrics" },
    unit: { size: 1, name: "µs" },
    atMost: 0.5,
  },
  ...isolation(),
];

/** What the goals promise besides, and why it is not here. */
export const ELSEWHERE: readonly string[] = [
  "Ghost (goals 1, 6, 7, 8), WordPress and its nginx cache, nginx with static files, Indiekit (goal 6): not installed here.",
];

type Rates = {
  goal: number;
  workload: string;
  against: string;
  atLeast: number;
  set: SetRole;
  part?: string;
};

/** So many times the requests a second of another server. */
function rates({ goal, workload, against, atLeast, set, part = workload }: Rates): Clause {
  const other = (quantity: string): Term => ({ name: `${workload}.${quantity}`, server: against, set });
  return {
    goal,
    part,
    says: `${workload}: requests a second : ${against}`,
    of: starpunk(`${workload}.rate`, set),
    to: other("rate"),
    atLeast,
    byCpu: { of: starpunk(`${workload}.cpu`, set), to: other("cpu") },
  };
}

function feedOfAll(): Clause[] {
  const common = { goal: 4, part: "feed-of-all" };
  const large = starpunk("all.total", "large");
  const growth = starpunk("all.growth", "large");
  return [
    {
      ...common,
      says: "feed of all notes: first byte, largest set : smallest",
      of: starpunk("all.first", "large"),
      to: starpunk("all.first", "small"),
      atMost: 1.25,
    },
    {
      ...common,
      says: "feed of all notes: whole time : bare-stream",
      of: large,
      to: { ...large, server: "bare-stream" },
      atMost: 1.3,
    },
    { ...common, says: "feed of all notes: growth of resident memory", of: growth, unit: MIB, atMost: 24 },
    {
      ...common,
      says: "feed of all notes: that growth, largest set : middle one",
      of: growth,
      to: starpunk("all.growth", "middle"),
      atMost: 1.5,
    },
  ];
}

function search(): Clause[] {
  return [
    rates({ goal: 5, workload: "search", against: "bare-stream", atLeast: 1, set: "large" }),
    rates({ goal: 5, workload: "search", against: "naive", atLeast: 40, set: "large" }),
    {
      goal: 5,
      part: "search",
      says: "search: processor time, largest set : usual",
      of: starpunk("search.cpu", "large"),
      to: starpunk("search.cpu", "usual"),
      atMost: 1.5,
    },
  ];
}

function publishing(): Clause[] {
  const common = { goal: 6, part: "publish" };
  const p50 = starpunk("publish.p50", "usual");
  return [
    { ...common, says: "publish: p50", of: p50, unit: MS, atMost: 1 },
    { ...common, says: "publish: p50 : the raw commit", of: p50, to: { ...p50, server: "raw-commit" }, atMost: 5 },
    { ...common, says: "publish: p99 : p50", of: starpunk("publish.p99", "usual"), to: p50, atMost: 5 },
    {
      ...common,
      says: "publish: p50 in a young process, largest set : smallest",
      // Young: by the time a process is warm, the smallest set is no longer small.
      of: starpunk("publish-young.p50", "large"),
      to: starpunk("publish-young.p50", "small"),
      atMost: 1.2,
    },
  ];
}

function coldStart(): Clause[] {
  const small = starpunk("start.first", "small");
  return [
    {
      goal: 7,
      part: "cold-start",
      says: "cold start to the first 200 : bare-express",
      of: small,
      to: { ...small, server: "bare-express" },
      atMost: 1,
    },
    {
      goal: 7,
      part: "cold-start",
      says: "cold start, largest set : smallest",
      of: starpunk("start.first", "large"),
      to: small,
      atMost: 1.05,
    },
  ];
}

function memory(): Clause[] {
  const common = { goal: 8, part: "memory" };
  const idle = starpunk("rss.idle", "usual");
  return [
    { ...common, says: "idle memory : bare-express", of: idle, to: { ...idle, server: "bare-express" }, atMost: 1.15 },
    { ...common, says: "idle memory", of: idle, unit: MIB, atMost: 70 },
    ...(["small", "usual", "large"] as const).map((set) => ({
      ...common,
      says: "most memory after any load, above idle",
      of: starpunk("rss.growth", set),
      unit: MIB,
      atMost: 64,
    })),
    ...["idle", "most"].map((name) => ({
      ...common,
      says: `${name === "idle" ? "idle memory" : "most memory after any load"}, largest set : smallest`,
      of: starpunk(`rss.${name}`, "large"),
      to: starpunk(`rss.${name}`, "small"),
      atMost: 1.1,
    })),
  ];
}

function isolation(): Clause[] {
  const common = { goal: 10, part: "isolation" };
  const at = (name: string) => starpunk(name, "large");
  const feeds = "beside 1 fast and 10 slow readers of all notes";
  return [
    {
      ...common,
      says: `permalinks ${feeds} : alone`,
      of: at("beside-feeds.rate"),
      to: at("beside-no-feed.rate"),
      atLeast: 0.5,
    },
    { ...common, says: `permalinks ${feeds}: p99`, of: at("beside-feeds.p99"), unit: MS, atMost: 10 },
    {
      ...common,
      says: `publish ${feeds}: p99 : alone`,
      of: at("beside-feeds.publish-p99"),
      to: at("beside-no-feed.publish-p99"),
      atMost: 2,
    },
    { ...common, says: `publish ${feeds}: errors`, of: at("beside-feeds.publish-errors"), unit: COUNT, atMost: 0 },
    {
      ...common,
      says: "permalinks beside 10 publishes a second : alone",
      of: at("readers-beside.rate"),
      to: at("readers-alone.rate"),
      atLeast: 0.9,
    },
    {
      ...common,
      says: "permalinks over 256 connections : over 64",
      of: at("connections-256.rate"),
      to: at("connections-64.rate"),
      atLeast: 0.95,
    },
    { ...common, says: "100 readers of all notes, and others: errors", of: at("crowd.errors"), unit: COUNT, atMost: 0 },
    {
      ...common,
      says: "100 readers of all notes: peak memory above that with the usual set",
      of: at("crowd.more"),
      unit: MIB,
      atMost: 48,
    },
  ];
}

function starpunk(name: string, set: SetRole): Term {
  return { name, server: "starpunk", set };
}
