import type { Bench } from "../bench.ts";
import { withStage, withTwoStages } from "../bench.ts";
import { percentile } from "../figures.ts";
import { ask, askFor } from "../load/ask.ts";
import type { Publisher } from "../load/publisher.ts";
import { createPublisher, keepPublishing } from "../load/publisher.ts";
import { interleave } from "../plan.ts";
import type { Server } from "../servers/server.ts";
import type { Stage } from "../servers/stage.ts";

/** Notes that are looked for everywhere right after they were published. */
const LOOKED_FOR = 3;

/** Publishes of a young process that nobody counts: in them it loads and first compiles what it needs. */
const FIRST_PUBLISHES = 200;

/** As fast as a server is warmed up: just under what the product lets a token do for as long as it likes. */
const WARM_UP_PER_SECOND = 240;

/**
 * Measures publishing over Micropub, one note after the other, beside the bare commit of such a row on the same disk; and
 * on the smallest and the largest set in turn, since one is compared with the other. Twice: with a process that has just
 * published its first notes, and with one that is as warm as for every other workload.
 */
export async function measurePublishing(bench: Bench): Promise<void> {
  const { small, usual, large } = bench.plan.sizes;
  await withStage(bench, String(usual), (stage) => measureOn(bench, [stage]));
  await withTwoStages(bench, [String(small), String(large)], (stages) => measureOn(bench, stages));
}

async function measureOn(bench: Bench, stages: readonly Stage[]): Promise<void> {
  const publishers = new Map<Stage, Publisher>();
  try {
    for (const stage of stages) {
      const server = await stage.server("starpunk");
      const publisher = createPublisher({ origin: server.origin, token: stage.set.token, texts: bench.texts });
      publishers.set(stage, publisher);
      for (let count = 0; count < LOOKED_FOR; count += 1) await publishAndLookFor(publisher, server);
      await publishNotes(publisher, FIRST_PUBLISHES);
      await commitRows(bench, await stage.server("raw-commit"), FIRST_PUBLISHES);
    }
    await measureInTurn(bench, publishers, "publish-young");
    for (const publisher of publishers.values()) await warmUp(bench, publisher);
    await measureInTurn(bench, publishers, "publish");
  } finally {
    for (const publisher of publishers.values()) publisher.close();
  }
}

async function measureInTurn(bench: Bench, publishers: ReadonlyMap<Stage, Publisher>, name: string): Promise<void> {
  const count = bench.plan.publishes;
  const runs = [...publishers].flatMap(([stage, publisher]) => [
    async () => keep(bench, { stage, server: "starpunk", name }, await publishNotes(publisher, count)),
    async () => {
      const durations = await commitRows(bench, await stage.server("raw-commit"), count);
      keep(bench, { stage, server: "raw-commit", name }, durations);
    },
  ]);
  await interleave(runs, bench.plan.rounds, (run) => run());
}

/** As many publishes, or seconds, as readers' requests are warmed up with. */
async function warmUp({ plan }: Bench, publisher: Publisher): Promise<void> {
  const seconds = Math.min(plan.warmUpSeconds, plan.warmUp / WARM_UP_PER_SECOND);
  const signal = AbortSignal.timeout(seconds * 1000);
  const { failures } = await keepPublishing(publisher, { perSecond: WARM_UP_PER_SECOND, signal });
  if (failures > 0) throw new Error(`${failures} notes were not published while the server was warmed up.`);
}

function keep(
  { figures, say }: Bench,
  { stage, server, name }: { stage: Stage; server: string; name: string },
  durations: readonly number[],
): void {
  const [p50, p99] = [percentile(durations, 0.5), percentile(durations, 0.99)];
  figures.add({ set: stage.set.name, server, name: `${name}.p50` }, p50);
  figures.add({ set: stage.set.name, server, name: `${name}.p99` }, p99);
  say(`${name}, ${stage.set.name} notes, ${server}: ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
}

async function publishNotes(publisher: Publisher, count: number): Promise<number[]> {
  const durations: number[] = [];
  for (let index = 0; index < count; index += 1) durations.push((await publisher.publish()).ms);
  return durations;
}

async function commitRows({ texts }: Bench, { origin }: Server, count: number): Promise<number[]> {
  const durations: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const content = texts();
    const note = { slug: content.slice(-20), content, publishedAt: new Date().toISOString() };
    const { body } = await askFor(200, origin, { method: "POST", body: JSON.stringify(note) });
    durations.push(Number(body.toString()));
  }
  return durations;
}

/** Throws unless the note is everywhere as soon as its client is told that it is published. */
async function publishAndLookFor(publisher: Publisher, { origin }: Server): Promise<void> {
  const { location, content } = await publisher.publish();
  const { pathname } = new URL(location);
  const word = content.slice(content.lastIndexOf(" ") + 1);
  for (const path of [pathname, "/", "/tags/measured", "/feed.xml", `/search?q=${word}`]) {
    const { status, body } = await ask(origin + path);
    if (status !== 200 || !body.includes(pathname)) {
      throw new Error(`A published note was not on ${path.split("?")[0]} (status ${status}) right after its 201.`);
    }
  }
}
