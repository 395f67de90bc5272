import type { Bench } from "../bench.ts";
import { withStage, withTwoStages } from "../bench.ts";
import { askFor } from "../load/ask.ts";
import { readAnswer } from "../load/feed-reader.ts";
import { interleave } from "../plan.ts";
import { forgetPeak, memoryOf } from "../proc.ts";
import type { ServerName, Stage } from "../servers/stage.ts";

const STARPUNK: ServerName = "starpunk with all notes in its feed";
const SERVERS: readonly ServerName[] = [STARPUNK, "bare-stream"];

/** Readings that nobody counts: the first one compiles. */
const WARM_UP_READINGS = 2;

/**
 * Measures the feed of all notes: its first byte, its end, and how much memory it takes. One reader at a time; the
 * smallest and the largest set in turn, since the first byte of one is compared with that of the other.
 */
export async function measureFeedOfAll(bench: Bench): Promise<void> {
  const { small, middle, large } = bench.plan.sizes;
  await withTwoStages(bench, [String(small), String(large)], async (stages) => {
    for (const stage of stages) await requireWhole(stage);
    const pairs = stages.flatMap((stage) => SERVERS.map((name) => ({ stage, name })));
    await measureReadings(bench, pairs);
  });
  // A set of its own for the growth of memory alone.
  if (middle !== small && middle !== large) {
    await withStage(bench, String(middle), (stage) => measureReadings(bench, [{ stage, name: STARPUNK }]));
  }
}

type Pair = { readonly stage: Stage; readonly name: ServerName };

async function measureReadings({ plan, figures, say }: Bench, pairs: readonly Pair[]): Promise<void> {
  const idle = new Map<Pair, number>();
  for (const pair of pairs) {
    const { origin, pid } = await pair.stage.server(pair.name);
    idle.set(pair, memoryOf(pid).rss);
    forgetPeak(pid);
    for (let count = 0; count < WARM_UP_READINGS; count += 1) await readAnswer(`${origin}/feed.xml`);
  }
  await interleave(pairs, plan.rounds, async ({ stage, name }) => {
    const { origin, label } = await stage.server(name);
    const place = { set: stage.set.name, server: label };
    for (let count = 0; count < plan.downloads; count += 1) {
      const reading = await readAnswer(`${origin}/feed.xml`);
      figures.add({ ...place, name: "all.first" }, reading.firstMs);
      figures.add({ ...place, name: "all.total" }, reading.totalMs);
      say(`all notes, ${stage.set.name}, ${label}: ${reading.firstMs.toFixed(1)} ms, ${reading.totalMs.toFixed(1)} ms`);
    }
  });
  for (const [{ stage, name }, rss] of idle) {
    const { label, pid } = await stage.server(name);
    const growth = memoryOf(pid).peak - rss;
    figures.add({ set: stage.set.name, server: label, name: "all.growth" }, growth);
  }
}

/** Throws when the product cannot put every note into one feed: then there is nothing to measure. */
async function requireWhole(stage: Stage): Promise<void> {
  const { origin } = await stage.server(STARPUNK);
  const { body } = await askFor(200, `${origin}/feed.xml`);
  const count = body.toString("latin1").split("<item>").length - 1;
  const { slugs, name } = stage.set;
  if (count !== slugs.length) throw new Error(`The feed of all ${name} notes has ${count} of ${slugs.length} items.`);
}
