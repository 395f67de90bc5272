import { join } from "node:path";
import SQLite from "better-sqlite3";
import type { Bench } from "../bench.ts";
import { askFor } from "../load/ask.ts";
import { interleave } from "../plan.ts";
import { cpuMicros } from "../proc.ts";
import type { Stage } from "../servers/stage.ts";
import { measureLoad, PERMALINKS, warmUp, wrkLoad } from "./workloads.ts";

/** How often every page is made stale while permalinks are asked for, in milliseconds: hardly any is asked for twice. */
const STALE_EVERY_MS = 10;

/**
 * Measures pages that are not kept. Another process notes in the database what has changed (see `public_changes`): before
 * permalinks, and the front page of `home-cold`, that the whole site has, as a command does that changes a setting, so that
 * nothing of before may be answered; before the front page of `home-miss` what the triggers note when the newest note is
 * published. Comes after everything else on a stage, since it changes the validators of the feed.
 */
export async function measureMisses(bench: Bench, stage: Stage): Promise<void> {
  await stage.server("starpunk");
  const site = openSite(join(stage.dataDirOf("starpunk"), "starpunk.db"));
  try {
    await measurePermalinks(bench, stage, site);
    const set = stage.set.name;
    await measureHome(bench, stage, { name: "home-miss", servers: ["starpunk", "naive"], set, change: site.publish });
    await measureHome(bench, stage, { name: "home-cold", servers: ["starpunk"], set, change: site.makeStale });
  } finally {
    site.close();
  }
}

type Site = {
  /** Notes that everything changed. */
  readonly makeStale: () => void;
  /** Notes what is noted with the publication of the newest note. */
  readonly publish: () => void;
  readonly close: () => void;
};

async function measurePermalinks(bench: Bench, stage: Stage, site: Site): Promise<void> {
  const servers = ["starpunk", "bare-express"] as const;
  for (const name of servers) await warmUp(bench, PERMALINKS, { stage, name });
  const load = await wrkLoad(bench, PERMALINKS, stage);
  await interleave(servers, bench.plan.rounds, async (name) => {
    // The others are measured under the same small disturbance.
    const timer = setInterval(site.makeStale, STALE_EVERY_MS);
    try {
      await measureLoad(bench, { stage, server: await stage.server(name), name: "permalink-miss" }, load);
    } finally {
      clearInterval(timer);
    }
  });
}

type FrontPage = {
  readonly name: string;
  readonly set: string;
  readonly servers: readonly ("starpunk" | "naive")[];
  /** What happens before each request. */
  readonly change: () => void;
};

/** One after the other: of two who ask for a cold page at once, one gets what the other had made. */
async function measureHome(bench: Bench, stage: Stage, { name, set, servers, change }: FrontPage): Promise<void> {
  const { plan, figures, say } = bench;
  const askCold = async (origin: string, count: number): Promise<number> => {
    let waitedMs = 0;
    for (let index = 0; index < count; index += 1) {
      change();
      const startedAt = performance.now();
      await askFor(200, `${origin}/`);
      waitedMs += performance.now() - startedAt;
    }
    return waitedMs;
  };
  for (const each of servers) await askCold((await stage.server(each)).origin, plan.misses);
  await interleave(servers, plan.rounds, async (each) => {
    const server = await stage.server(each);
    const before = cpuMicros(server.pid);
    const waitedMs = await askCold(server.origin, plan.misses);
    const cpu = (cpuMicros(server.pid) - before) / plan.misses;
    figures.add({ set, server: server.label, name: `${name}.rate` }, (plan.misses / waitedMs) * 1000);
    figures.add({ set, server: server.label, name: `${name}.cpu` }, cpu);
    say(`${name}, ${set} notes, ${server.label}: ${Math.round(cpu)} µs`);
  });
}

function openSite(file: string): Site {
  const db = new SQLite(file, { fileMustExist: true });
  // What is written here need not outlive the run.
  db.pragma("synchronous = OFF");
  const insert = db.prepare("INSERT INTO public_changes (key, changed_at) VALUES (:key, :now)");
  const note = db.transaction((keys: readonly string[]) => {
    const now = new Date().toISOString();
    for (const key of keys) insert.run({ key, now });
  });
  const published = publishedKeys(db);
  return { makeStale: () => note(["site"]), publish: () => note(published), close: () => db.close() };
}

/** What the triggers note when the newest note is published. */
function publishedKeys(db: SQLite.Database): string[] {
  const { id, tags } = db
    .prepare(
      `SELECT id, tags FROM notes
        WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
        ORDER BY published_at DESC, id DESC LIMIT 1`,
    )
    .get() as { id: number; tags: string };
  const names = (JSON.parse(tags) as { name: string }[]).map(({ name }) => `tag:${name}`);
  return [`note:${id}`, "list", ...names, `link:${id}`];
}
