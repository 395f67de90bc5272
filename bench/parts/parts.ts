import type { Part } from "../bench.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureFeedOfAll } from "./feed-of-all.ts";
import { measureIsolation } from "./isolation.ts";
import { measureMemory } from "./memory.ts";
import { measureMetrics } from "./metrics.ts";
import { measureMisses } from "./miss.ts";
import { measurePublishing } from "./publish.ts";
import { measureWorkload, WORKLOADS } from "./workloads.ts";

/** Everything that a run measures, in this order: what changes a site comes after what only reads it. */
export const PARTS: readonly Part[] = [
  ...WORKLOADS.map((workload): Part => {
    const { name, about } = workload;
    return { name, about, on: "each set", run: (bench, stage) => measureWorkload(bench, stage, workload) };
  }),
  { name: "miss", about: "pages that nothing has kept", on: "each set", run: measureMisses },
  { name: "feed-of-all", about: "the feed of all notes", on: "sets of its own", run: measureFeedOfAll },
  { name: "publish", about: "publishing over Micropub", on: "sets of its own", run: measurePublishing },
  { name: "cold-start", about: "from the process to its first page", on: "sets of its own", run: measureColdStart },
  { name: "memory", about: "resident memory, idle and after each load", on: "sets of its own", run: measureMemory },
  { name: "metrics", about: "what it costs to measure every request", on: "sets of its own", run: measureMetrics },
  {
    name: "isolation",
    about: "readers, authors and long feeds beside each other",
    on: "sets of its own",
    run: measureIsolation,
  },
];
