import type { Figures } from "./figures.ts";
import type { Cores } from "./machine.ts";
import type { Plan } from "./plan.ts";
import type { Processes } from "./processes.ts";
import type { StageOptions } from "./servers/stage.ts";
import { Stage } from "./servers/stage.ts";
import type { NoteSets } from "./sets/note-sets.ts";

/** What every part of a run works with. */
export type Bench = {
  readonly plan: Plan;
  readonly cores: Cores;
  readonly figures: Figures;
  readonly processes: Processes;
  readonly sets: NoteSets;
  /** Gives another text to publish each time. */
  readonly texts: () => string;
  /** Working folder of the run; removed after it. */
  readonly runFolder: string;
  /** Tells whoever waits what happens. */
  readonly say: (line: string) => void;
};

/** A part of a run that can be chosen by its name. */
export type Part = {
  readonly name: string;
  /** What it measures, in a few words. */
  readonly about: string;
} & (
  | { readonly on: "each set"; readonly run: (bench: Bench, stage: Stage) => Promise<void> }
  | { readonly on: "sets of its own"; readonly run: (bench: Bench) => Promise<void> }
);

/** Opens a stage for a set, and closes it whatever happens. */
export async function withStage<T>(bench: Bench, set: string, use: (stage: Stage) => Promise<T>): Promise<T> {
  const { processes, runFolder, plan, cores } = bench;
  const options: StageOptions = { processes, runFolder, plan, core: cores.server };
  const stage = new Stage(await bench.sets.find(set), options);
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}

/** Opens a stage for each of two sets; see `withStage`. */
export function withTwoStages<T>(
  bench: Bench,
  [one, other]: readonly [string, string],
  use: (stages: readonly [Stage, Stage]) => Promise<T>,
): Promise<T> {
  return withStage(bench, one, (first) => withStage(bench, other, (second) => use([first, second])));
}
