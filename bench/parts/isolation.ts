import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { withStage } from "../bench.ts";
import { percentile } from "../figures.ts";
import { keepReading } from "../load/feed-reader.ts";
import type { Publisher } from "../load/publisher.ts";
import { createPublisher, keepPublishing } from "../load/publisher.ts";
import { runWrk } from "../load/wrk.ts";
import { interleave } from "../plan.ts";
import { forgetPeak, memoryOf } from "../proc.ts";
import type { Server } from "../servers/server.ts";
import type { ServerName, Stage } from "../servers/stage.ts";
import { measureLoad, PERMALINKS, warmUp, wrkLoad } from "./workloads.ts";

const WITH_ALL: ServerName = "starpunk with all notes in its feed";
const FEW_CONNECTIONS = 16;
const PUBLISHES_PER_SECOND = 10;

/** Readers of the feed of all notes: so many as fast as they can, so many at `SLOW_BYTES` a second. */
type Readers = { readonly fast: number; readonly slow: number };
const SOME_READERS: Readers = { fast: 1, slow: 10 };
const CROWD: Readers = { fast: 90, slow: 10 };
const SLOW_BYTES = 10 * 1024;

/** How long a disturbance lasts before anything is measured beside it, in milliseconds. */
const SETTLE_MS = 300;

/** Measures what readers and the author notice of each other, on the largest set. */
export async function measureIsolation(bench: Bench): Promise<void> {
  const { usual, large } = bench.plan.sizes;
  await withStage(bench, String(large), async (stage) => {
    await measureCounts(bench, stage);
    await measureBesidePublishing(bench, stage);
    await measureBesideFeeds(bench, stage);
  });
  const peaks: number[] = [];
  for (const set of [usual, large]) {
    peaks.push(await withStage(bench, String(set), (stage) => measureCrowd(bench, stage)));
  }
  const [peakOfUsual = 0, peakOfLarge = 0] = peaks;
  const place = { set: String(large), server: "starpunk", name: "crowd.more" };
  bench.figures.add(place, peakOfLarge - peakOfUsual);
}

/** More connections, the same readers. */
async function measureCounts(bench: Bench, stage: Stage): Promise<void> {
  const server = await readyServer(bench, stage, "starpunk");
  await interleave([64, 256], bench.plan.isolationRounds, async (connections) => {
    const load = { ...(await wrkLoad(bench, PERMALINKS, stage)), connections };
    await measureLoad(bench, { stage, server, name: `connections-${connections}` }, load);
  });
}

async function measureBesidePublishing(bench: Bench, stage: Stage): Promise<void> {
  const server = await readyServer(bench, stage, "starpunk");
  const load = await wrkLoad(bench, PERMALINKS, stage);
  const publisher = openPublisher(bench, stage, server);
  const publish = (signal: AbortSignal) => keepPublishing(publisher, { perSecond: PUBLISHES_PER_SECOND, signal });
  try {
    await interleave(["alone", "beside"] as const, bench.plan.isolationRounds, async (how) => {
      const measure = () => measureLoad(bench, { stage, server, name: `readers-${how}` }, load);
      await (how === "alone" ? measure() : beside(publish, measure));
    });
  } finally {
    publisher.close();
  }
}

/** Few connections, so that the wait of one is the server's and not the queue's. */
async function measureBesideFeeds(bench: Bench, stage: Stage): Promise<void> {
  const server = await readyServer(bench, stage, WITH_ALL);
  const load = { ...(await wrkLoad(bench, PERMALINKS, stage)), connections: FEW_CONNECTIONS };
  const publisher = openPublisher(bench, stage, server);
  const readFeeds = (signal: AbortSignal) => readWith(server, SOME_READERS, signal);
  try {
    await interleave(["no-feed", "feeds"] as const, bench.plan.isolationRounds, async (how) => {
      const read = () => measureLoad(bench, { stage, server, name: `beside-${how}` }, load);
      const publish = () => measurePublishes(bench, { stage, publisher, name: `beside-${how}` });
      await (how === "no-feed" ? read() : beside(readFeeds, read));
      await (how === "no-feed" ? publish() : beside(readFeeds, publish));
    });
  } finally {
    publisher.close();
  }
}

async function measurePublishes(
  { plan, figures }: Bench,
  { stage, publisher, name }: { stage: Stage; publisher: Publisher; name: string },
): Promise<void> {
  const durations: number[] = [];
  let failures = 0;
  for (let count = 0; count < plan.publishes; count += 1) {
    await publisher.publish().then(
      ({ ms }) => durations.push(ms),
      () => {
        failures += 1;
      },
    );
  }
  const place = { set: stage.set.name, server: "starpunk" };
  figures.add({ ...place, name: `${name}.publish-p99` }, percentile(durations, 0.99));
  figures.add({ ...place, name: `${name}.publish-errors` }, failures);
}

/** A hundred readers of all notes, readers of permalinks, and an author who publishes, all at once. Returns the peak of memory. */
async function measureCrowd(bench: Bench, stage: Stage): Promise<number> {
  const { plan, figures, say } = bench;
  const server = await readyServer(bench, stage, WITH_ALL);
  const load = {
    ...(await wrkLoad(bench, PERMALINKS, stage)),
    connections: FEW_CONNECTIONS,
    seconds: plan.crowdSeconds,
  };
  const publisher = openPublisher(bench, stage, server);
  const disturb = (signal: AbortSignal) =>
    Promise.all([
      readWith(server, CROWD, signal),
      keepPublishing(publisher, { perSecond: PUBLISHES_PER_SECOND, signal }),
    ]);
  forgetPeak(server.pid);
  try {
    const { result, disturbance } = await besideKeeping(disturb, () => runWrk({ ...load, origin: server.origin }));
    const [failures, published] = disturbance;
    const { peak } = memoryOf(server.pid);
    const values = {
      rate: result.requests / result.seconds,
      p99: result.p99Ms,
      errors: failures + published.failures,
      "publish-p99": percentile(published.durations, 0.99),
      peak,
    };
    for (const [quantity, value] of Object.entries(values)) {
      figures.add({ set: stage.set.name, server: server.label, name: `crowd.${quantity}` }, value);
    }
    say(`crowd, ${stage.set.name} notes: ${Math.round(values.rate)} req/s, ${values.errors} errors`);
    return peak;
  } finally {
    publisher.close();
  }
}

async function readWith({ origin }: Server, { fast, slow }: Readers, signal: AbortSignal): Promise<number> {
  const url = `${origin}/feed.xml`;
  const readers = [
    ...Array.from({ length: fast }, () => keepReading(url, { signal })),
    ...Array.from({ length: slow }, () => keepReading(url, { signal, bytesPerSecond: SLOW_BYTES })),
  ];
  return (await Promise.all(readers)).reduce((sum, failures) => sum + failures, 0);
}

async function beside<T>(disturb: (signal: AbortSignal) => Promise<unknown>, measure: () => Promise<T>): Promise<T> {
  return (await besideKeeping(disturb, measure)).result;
}

/** Measures while something else goes on, and ends that. */
async function besideKeeping<T, D>(
  disturb: (signal: AbortSignal) => Promise<D>,
  measure: () => Promise<T>,
): Promise<{ result: T; disturbance: D }> {
  const end = new AbortController();
  setMaxListeners(0, end.signal); // One a reader.
  const disturbance = disturb(end.signal);
  disturbance.catch(() => undefined); // It is awaited below; until then it must not end the process.
  try {
    await sleep(SETTLE_MS);
    const result = await measure();
    end.abort();
    return { result, disturbance: await disturbance };
  } finally {
    end.abort();
  }
}

async function readyServer(bench: Bench, stage: Stage, name: ServerName): Promise<Server> {
  const server = await stage.server(name);
  await warmUp(bench, PERMALINKS, { stage, name });
  return server;
}

function openPublisher({ texts }: Bench, { set }: Stage, { origin }: Server): Publisher {
  return createPublisher({ origin, token: set.token, texts });
}
