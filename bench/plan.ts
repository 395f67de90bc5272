/** How much is measured: sizes of the sets in notes, counts, and times in seconds. */
export type Plan = {
  readonly isQuick: boolean;
  /** The sets that clauses of the goals compare. `middle` is for the growth of the feed of all notes alone. */
  readonly sizes: { readonly small: number; readonly usual: number; readonly middle: number; readonly large: number };
  /** Sets that readers' requests are measured on. */
  readonly loaded: readonly string[];
  /** How often each thing is measured, in alternating order. */
  readonly rounds: number;
  /** How long a run of wrk lasts. */
  readonly seconds: number;
  /** Requests to each server before it is measured, unless so many seconds are over first. */
  readonly warmUp: number;
  readonly warmUpSeconds: number;
  /** How many permalinks are asked for at random. */
  readonly permalinks: number;
  /** Cold pages asked for, notes published and feeds of all notes read in each round. */
  readonly misses: number;
  readonly publishes: number;
  readonly downloads: number;
  /** How often each server is started. */
  readonly starts: number;
  /** Sets that memory is measured on, and with how many connections. */
  readonly memorySets: readonly (keyof Plan["sizes"])[];
  readonly memoryConnections: readonly number[];
  /** How long a server is left alone before its memory is read. */
  readonly restSeconds: number;
  /** Pairs of runs with and without metrics. */
  readonly metricsPairs: number;
  /** Rounds of what readers and authors notice of each other. */
  readonly isolationRounds: number;
  /** How long 100 clients read the feed of all notes. */
  readonly crowdSeconds: number;
  /** Whether servers are loaded, too, that no clause of a goal names for a kind of request. */
  readonly isComplete: boolean;
};

/** Name of the set that is imported from the folder of real notes. */
export const CORPUS = "corpus";

/** Connections of the generator, unless a goal names another number. */
export const CONNECTIONS = 64;

/** What a run measures. */
export const FULL: Plan = {
  isQuick: false,
  sizes: { small: 100, usual: 1_000, middle: 10_000, large: 100_000 },
  loaded: ["100", "1000", "100000", CORPUS],
  rounds: 5,
  seconds: 2,
  warmUp: 4_000,
  warmUpSeconds: 15,
  permalinks: 4_000,
  misses: 1_000,
  publishes: 200,
  downloads: 4,
  starts: 9,
  memorySets: ["small", "usual", "large"],
  memoryConnections: [64, 256],
  restSeconds: 2,
  metricsPairs: 12,
  isolationRounds: 5,
  crowdSeconds: 60,
  isComplete: true,
};

/** What `--quick` measures: everything once, on sets that are made in seconds. Its figures are hints. */
export const QUICK: Plan = {
  isQuick: true,
  sizes: { small: 100, usual: 1_000, middle: 1_000, large: 2_000 },
  loaded: ["1000"],
  rounds: 2,
  seconds: 1,
  warmUp: 500,
  warmUpSeconds: 2,
  permalinks: 1_000,
  misses: 100,
  publishes: 25,
  downloads: 2,
  starts: 2,
  memorySets: ["usual"],
  memoryConnections: [256],
  restSeconds: 0.3,
  metricsPairs: 2,
  isolationRounds: 1,
  crowdSeconds: 1,
  isComplete: false,
};

/** Runs `measure` for each name in every round, each round in the opposite order of the one before: A B, B A, … */
export async function interleave<Name>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) await measure(name, round);
  }
}
