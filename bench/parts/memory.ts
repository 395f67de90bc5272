import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { withStage } from "../bench.ts";
import { askFor } from "../load/ask.ts";
import { runNodeLoad } from "../load/node-load.ts";
import { micropubRequest } from "../load/publisher.ts";
import { runWrk } from "../load/wrk.ts";
import { memoryOf } from "../proc.ts";
import { startPlainServer } from "../servers/plain-server.ts";
import type { Server } from "../servers/server.ts";
import { narrowSnapshot } from "../servers/snapshot.ts";
import type { ServerName, Stage } from "../servers/stage.ts";
import { WORKLOADS, wrkLoad } from "./workloads.ts";

/** How many notes each round of publishing writes for each connection. */
const PUBLISHES_PER_CONNECTION = 2;

/** The product as shipped, behind a proxy: else searches would be put off. */
const STARPUNK: ServerName = "starpunk behind a proxy";

/** Measures resident memory: of a server that has answered one request, and after each kind of load. */
export async function measureMemory(bench: Bench): Promise<void> {
  const { sizes, memorySets } = bench.plan;
  for (const role of memorySets) {
    await withStage(bench, String(sizes[role]), async (stage) => {
      if (role === "usual") await measureExpress(bench, stage);
      await measureStarpunk(bench, stage);
    });
  }
}

async function measureStarpunk(bench: Bench, stage: Stage): Promise<void> {
  const server = await stage.server(STARPUNK);
  const idle = await readMemory(bench, { stage, server, name: "rss.idle" });
  let most = 0;
  const read = async (name: string) => {
    most = Math.max(most, await readMemory(bench, { stage, server, name }));
  };
  for (const workload of WORKLOADS) {
    for (const connections of bench.plan.memoryConnections) {
      await runWrk({ ...(await wrkLoad(bench, workload, stage)), origin: server.origin, connections });
      await read(`rss.${workload.name}.${connections}`);
    }
  }
  for (const connections of bench.plan.memoryConnections) {
    await publishAtOnce(bench, stage, connections);
    await read(`rss.publish.${connections}`);
  }
  const place = { set: stage.set.name, server: server.label };
  bench.figures.add({ ...place, name: "rss.most" }, most);
  bench.figures.add({ ...place, name: "rss.growth" }, most - idle);
}

async function publishAtOnce({ texts }: Bench, stage: Stage, connections: number): Promise<void> {
  const { origin } = await stage.server(STARPUNK);
  await runNodeLoad({
    origin,
    question: () => micropubRequest({ token: stage.set.token, texts }),
    status: 201,
    requests: connections * PUBLISHES_PER_CONNECTION,
    connections,
  });
}

async function measureExpress(bench: Bench, stage: Stage): Promise<void> {
  const { processes, cores } = bench;
  const { file } = narrowSnapshot(await stage.snapshot(), "/");
  const options = { snapshot: file };
  const server = await startPlainServer({ processes, core: cores.server, name: "bare-express", options });
  await readMemory(bench, { stage, server, name: "rss.idle" });
}

/** After one request at least, and a rest. */
async function readMemory(
  { plan, figures, say }: Bench,
  { stage, server, name }: { stage: Stage; server: Server; name: string },
): Promise<number> {
  await askFor(200, `${server.origin}/`);
  await sleep(plan.restSeconds * 1000);
  const { rss } = memoryOf(server.pid);
  figures.add({ set: stage.set.name, server: server.label, name }, rss);
  say(`${name}, ${stage.set.name} notes, ${server.label}: ${(rss / 2 ** 20).toFixed(1)} MiB`);
  return rss;
}
