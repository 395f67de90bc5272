import type { Bench } from "../bench.ts";
import { runNodeLoad, someAddress } from "../load/node-load.ts";
import type { WrkLoad } from "../load/wrk.ts";
import { runWrk } from "../load/wrk.ts";
import { CONNECTIONS, interleave } from "../plan.ts";
import { cpuMicros } from "../proc.ts";
import type { Server } from "../servers/server.ts";
import type { SnapshotEntry } from "../servers/snapshot.ts";
import type { ServerName, Stage } from "../servers/stage.ts";

/** A kind of request that readers send. */
export type Workload = {
  readonly name: string;
  readonly about: string;
  /** Status of every answer. */
  readonly status: 200 | 304;
  readonly paths: (stage: Stage) => string[];
  /** What a request says besides its path; `feed` is the product's answer to the feed. */
  readonly headers?: (feed: SnapshotEntry) => Record<string, string>;
  readonly isFromAnywhere?: boolean;
  /** Servers that clauses of the goals name. */
  readonly servers: readonly ServerName[];
  /** Servers that a full run loads besides. */
  readonly others: readonly ServerName[];
};

/** What most readers come for. */
export const PERMALINKS: Workload = {
  name: "permalink",
  about: "permalinks at random",
  status: 200,
  paths: (stage) => stage.permalinks(),
  servers: ["starpunk", "bare-express", "bare-hot"],
  others: ["bare-http", "naive"],
};

/** What readers do, but for what is cold and for the feed of all notes. */
export const WORKLOADS: readonly Workload[] = [
  PERMALINKS,
  {
    name: "home",
    about: "the front page",
    status: 200,
    paths: () => ["/"],
    servers: ["starpunk", "bare-hot", "naive"],
    others: ["bare-http", "bare-express"],
  },
  {
    name: "feed",
    about: "the feed as shipped",
    status: 200,
    paths: () => ["/feed.xml"],
    servers: ["starpunk", "bare-express", "bare-hot"],
    others: ["bare-http", "naive"],
  },
  {
    name: "feed-304-tag",
    about: "the feed, unchanged by If-None-Match",
    status: 304,
    paths: () => ["/feed.xml"],
    headers: (feed) => ({ "If-None-Match": needed(feed.etag, "an ETag") }),
    servers: ["starpunk", "bare-express"],
    others: ["bare-http", "bare-hot"],
  },
  {
    name: "feed-304-time",
    about: "the feed, unchanged by If-Modified-Since",
    status: 304,
    paths: () => ["/feed.xml"],
    headers: (feed) => ({ "If-Modified-Since": needed(feed.lastModified, "a Last-Modified") }),
    servers: ["starpunk", "bare-express"],
    others: ["bare-http", "bare-hot"],
  },
  {
    name: "search",
    about: "searches that find a full page, each from another network",
    status: 200,
    paths: (stage) => stage.searches(),
    isFromAnywhere: true,
    servers: ["starpunk behind a proxy", "bare-stream", "naive"],
    others: [],
  },
];

/** Measures a workload on one set: every server that it names, in alternating order. */
export async function measureWorkload(bench: Bench, stage: Stage, workload: Workload): Promise<void> {
  const { plan } = bench;
  const servers = [...workload.servers, ...(plan.isComplete ? workload.others : [])];
  for (const name of servers) await warmUp(bench, workload, { stage, name });
  const load = await wrkLoad(bench, workload, stage);
  await interleave(servers, plan.rounds, async (name) => {
    await measureLoad(bench, { stage, server: await stage.server(name), name: workload.name }, load);
  });
}

/** What of a load depends on the workload alone. */
export async function wrkLoad(bench: Bench, workload: Workload, stage: Stage): Promise<Omit<WrkLoad, "origin">> {
  const { processes, cores, runFolder, plan } = bench;
  return {
    processes,
    core: cores.load,
    folder: runFolder,
    paths: workload.paths(stage),
    headers: await headersOf(workload, stage),
    isFromAnywhere: workload.isFromAnywhere === true,
    connections: CONNECTIONS,
    seconds: plan.seconds,
  };
}

/** Loads a server and keeps its figures: `….rate` a second, `….cpu` in µs and `….bytes` a request, `….p99` in ms. */
export async function measureLoad(
  { figures, say }: Bench,
  { stage, server, name }: { stage: Stage; server: Server; name: string },
  load: Omit<WrkLoad, "origin">,
): Promise<void> {
  const before = cpuMicros(server.pid);
  const result = await runWrk({ ...load, origin: server.origin });
  const cpu = (cpuMicros(server.pid) - before) / result.requests;
  const rate = result.requests / result.seconds;
  for (const [quantity, value] of Object.entries({
    rate,
    cpu,
    p99: result.p99Ms,
    bytes: result.bytes / result.requests,
  })) {
    figures.add({ set: stage.set.name, server: server.label, name: `${name}.${quantity}` }, value);
  }
  say(`${name}, ${stage.set.name} notes, ${server.label}: ${Math.round(rate)} req/s, ${cpu.toFixed(1)} µs`);
}

/** Has a server compile what it runs, and sees that it answers as it should. */
export async function warmUp(
  { plan }: Bench,
  workload: Workload,
  { stage, name }: { stage: Stage; name: ServerName },
): Promise<void> {
  const server = await stage.server(name);
  const paths = workload.paths(stage);
  const headers = await headersOf(workload, stage);
  const question = (index: number) => ({
    path: paths[index % paths.length] ?? "/",
    headers: { ...headers, ...(workload.isFromAnywhere ? { "X-Forwarded-For": someAddress(index) } : {}) },
  });
  const { warmUp: requests, warmUpSeconds: secondsAtMost } = plan;
  await runNodeLoad({ ...server, question, status: workload.status, requests, secondsAtMost, connections: 16 });
}

async function headersOf({ headers }: Workload, stage: Stage): Promise<Record<string, string>> {
  if (headers === undefined) return {};
  const feed = (await stage.snapshot()).entries.get("/feed.xml");
  if (feed === undefined) throw new Error("The product has no feed.");
  return headers(feed);
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`The product's feed has no ${what}.`);
  return value;
}
