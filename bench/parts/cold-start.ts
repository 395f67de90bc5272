import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { withStage, withTwoStages } from "../bench.ts";
import { interleave } from "../plan.ts";
import type { Started } from "../processes.ts";
import { launchPlainServer, readPort } from "../servers/plain-server.ts";
import { findFreePort, untilAnswers } from "../servers/server.ts";
import { narrowSnapshot } from "../servers/snapshot.ts";
import type { Stage } from "../servers/stage.ts";
import { copyDataDir, launchStarpunk } from "../servers/starpunk.ts";

/** How long the machine rests between two starts, in milliseconds. */
const REST_MS = 100;

type Start = { readonly set: string; readonly server: string; readonly run: () => Promise<number> };

/** Measures the time from the start of a process to its first front page, on the smallest and the largest set in turn. */
export async function measureColdStart(bench: Bench): Promise<void> {
  const { small, large } = bench.plan.sizes;
  const snapshot = await withStage(bench, String(small), async (stage) => narrowSnapshot(await stage.snapshot(), "/"));
  await withTwoStages(bench, [String(small), String(large)], async ([smallStage, largeStage]) => {
    const starts: Start[] = [
      { set: String(small), server: "bare-express", run: () => startExpress(bench, snapshot.file) },
      starpunkStart(bench, smallStage),
      starpunkStart(bench, largeStage),
    ];
    for (const { run } of starts) await run(); // The first one reads everything from the disk.
    await interleave(starts, bench.plan.starts, async ({ set, server, run }) => {
      const ms = await run();
      bench.figures.add({ set, server, name: "start.first" }, ms);
      bench.say(`cold start, ${set} notes, ${server}: ${ms.toFixed(0)} ms`);
    });
  });
}

function starpunkStart(bench: Bench, stage: Stage): Start {
  const { processes, cores } = bench;
  const dataDir = copyDataDir(stage.set.dataDir, stage.dataDirOf("starpunk"));
  const run = async (): Promise<number> => {
    const port = await findFreePort();
    const launch = () => launchStarpunk({ processes, core: cores.server, dataDir }, port);
    return timeStart(launch, async () => port);
  };
  return { set: stage.set.name, server: "starpunk", run };
}

function startExpress({ processes, cores }: Bench, snapshot: string): Promise<number> {
  const name = "bare-express" as const;
  return timeStart(() => launchPlainServer({ processes, core: cores.server, name, options: { snapshot } }), readPort);
}

async function timeStart(launch: () => Started, portOf: (started: Started) => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  const started = launch();
  try {
    await untilAnswers(`http://127.0.0.1:${await portOf(started)}/`, started);
    return performance.now() - startedAt;
  } finally {
    await started.stop();
    await sleep(REST_MS);
  }
}
