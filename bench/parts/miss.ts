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
 * Measures pages that nothing has kept. Another process notes in the database that the whole site has changed (see
 * `public_changes`), as a command does that changes a setting: no page of before may be answered after that.
 * Comes after everything else on a stage, since it changes the validators of the feed.
 */
export async function measureMisses(bench: Bench, stage: Stage): Promise<void> {
  await stage.server("starpunk");
  const site = openSite(join(stage.dataDirOf("starpunk"), "starpunk.db"));
  try {
    await measurePermalinks(bench, stage, site);
    await measureHome(bench, stage, site);
  } finally {
    site.close();
  }
}

type Site = { readonly makeStale: () => void; readonly close: () => void };

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

/** One after the other: of two who ask for a cold page at once, one gets what the other had made. */
async function measureHome(bench: Bench, stage: Stage, site: Site): Promise<void> {
  const { plan, figures, say } = bench;
  const askCold = async (origin: string, count: number): Promise<number> => {
    let waitedMs = 0;
    for (let index = 0; index < count; index += 1) {
      site.makeStale();
      const startedAt = performance.now();
      await askFor(200, `${origin}/`);
      waitedMs += performance.now() - startedAt;
    }
    return waitedMs;
  };
  for (const name of ["starpunk", "naive"] as const) await askCold((await stage.server(name)).origin, plan.misses);
  await interleave(["starpunk", "naive"] as const, plan.rounds, async (name) => {
    const server = await stage.server(name);
    const before = cpuMicros(server.pid);
    const waitedMs = await askCold(server.origin, plan.misses);
    const place = { set: stage.set.name, server: server.label };
    const cpu = (cpuMicros(server.pid) - before) / plan.misses;
    figures.add({ ...place, name: "home-miss.rate" }, (plan.misses / waitedMs) * 1000);
    figures.add({ ...place, name: "home-miss.cpu" }, cpu);
    say(`home-miss, ${stage.set.name} notes, ${server.label}: ${Math.round(cpu)} µs`);
  });
}

function openSite(file: string): Site {
  const db = new SQLite(file, { fileMustExist: true });
  // What is written here need not outlive the run.
  db.pragma("synchronous = OFF");
  const insert = db.prepare("INSERT INTO public_changes (key, changed_at) VALUES ('site', :now)");
  return { makeStale: () => insert.run({ now: new Date().toISOString() }), close: () => db.close() };
}
