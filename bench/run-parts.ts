import type { Bench, Part } from "./bench.ts";
import { withStage } from "./bench.ts";
import { PARTS } from "./parts/parts.ts";
import type { Failure } from "./report/report.ts";

/**
 * Runs the parts with these names, one after the other. What goes wrong in one is written down and stops none of the
 * others. All sets are made first, since that may use every core; then `onSetsMade` is called.
 */
export async function runParts(bench: Bench, names: readonly string[], onSetsMade: () => void): Promise<Failure[]> {
  const failures: Failure[] = [];
  const attempt = async (part: string, run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      failures.push({ part, why: why.replace(/\s+/g, " ").trim() });
      bench.say(`${part} could not run`);
    }
  };
  const chosen = PARTS.filter(({ name }) => names.includes(name));
  const made: string[] = [];
  for (const set of setsOf(bench, chosen)) {
    await attempt(`the set ${set}`, async () => {
      await bench.sets.find(set);
      made.push(set);
    });
  }
  onSetsMade();

  const onEach = chosen.filter((part) => part.on === "each set");
  for (const set of onEach.length === 0 ? [] : bench.plan.loaded.filter((each) => made.includes(each))) {
    await attempt(`requests on the set ${set}`, () =>
      withStage(bench, set, async (stage) => {
        for (const { name, run } of onEach) await attempt(`${name} on the set ${set}`, () => run(bench, stage));
      }),
    );
  }
  for (const part of chosen) if (part.on === "sets of its own") await attempt(part.name, () => part.run(bench));
  return failures;
}

function setsOf({ plan }: Bench, parts: readonly Part[]): Set<string> {
  const own = parts.some(({ on }) => on === "sets of its own") ? Object.values(plan.sizes).map(String) : [];
  const loaded = parts.some(({ on }) => on === "each set") ? plan.loaded : [];
  return new Set([...own, ...loaded]);
}
