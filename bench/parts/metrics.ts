import type { Bench } from "../bench.ts";
import { withStage } from "../bench.ts";
import { runWrk } from "../load/wrk.ts";
import { interleave } from "../plan.ts";
import type { Stage } from "../servers/stage.ts";
import { measureLoad, PERMALINKS, wrkLoad } from "./workloads.ts";

/** How much longer than a measured run the load before it lasts. */
const WARM_UP_RUNS = 2;

const SERVERS = ["starpunk", "starpunk without metrics"] as const;

/**
 * Measures what it costs to measure every request: the same server with metrics and without, for cached permalinks. Each
 * run has a process of its own, since two processes of the same program differ by more than what is looked for.
 */
export async function measureMetrics(bench: Bench): Promise<void> {
  await withStage(bench, String(bench.plan.sizes.usual), async (stage) => {
    await interleave(SERVERS, bench.plan.metricsPairs, (name) => measureOnce(bench, stage, name));
  });
}

async function measureOnce(bench: Bench, stage: Stage, name: (typeof SERVERS)[number]): Promise<void> {
  const server = await stage.start(name);
  try {
    const load = await wrkLoad(bench, PERMALINKS, stage);
    // The first seconds make the pages, and the machine code that answers with them.
    await runWrk({ ...load, origin: server.origin, seconds: WARM_UP_RUNS * bench.plan.seconds });
    await measureLoad(bench, { stage, server: { ...server, label: name }, name: "measured" }, load);
  } finally {
    await server.stop();
  }
}
