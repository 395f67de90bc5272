import { parseArgs } from "node:util";
import { PARTS } from "./parts/parts.ts";
import type { Plan } from "./plan.ts";
import { FULL, QUICK } from "./plan.ts";

/** What was asked for on the command line. */
export type Arguments = {
  readonly plan: Plan;
  /** Names of the parts to run. */
  readonly parts: readonly string[];
  /** Whether the tables go into docs/measurements.md. */
  readonly isWritten: boolean;
  readonly isHelp: boolean;
};

/** What `--help` says. */
export const HELP = `Usage: npm run bench -- [--quick] [--only PART,PART] [--sets SET,SET] [--write]

  --quick   small sets and short runs, under two minutes in all: hints, not figures
  --only    these parts alone: ${PARTS.map(({ name }) => name).join(", ")}
  --sets    readers' requests on these sets alone: ${FULL.loaded.join(", ")}
  --write   puts the tables into docs/measurements.md, too
`;

/** Reads the command line. Throws a sentence for an option or a name that there is none of. */
export function parseArguments(words: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      sets: { type: "string", multiple: true, default: [] },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const plan = values.quick ? QUICK : FULL;
  const names = PARTS.map(({ name }) => name);
  return {
    plan: { ...plan, loaded: choose(values.sets, FULL.loaded, "set") ?? plan.loaded },
    parts: choose(values.only, names, "part") ?? names,
    isWritten: values.write,
    isHelp: values.help,
  };
}

/** The chosen names in their own order; undefined where none was named. */
function choose(values: readonly string[], names: readonly string[], what: string): string[] | undefined {
  const wanted = values.flatMap((value) => value.split(","));
  const unknown = wanted.find((each) => !names.includes(each));
  if (unknown !== undefined) throw new Error(`There is no ${what} "${unknown}". There are ${names.join(", ")}.`);
  return wanted.length === 0 ? undefined : names.filter((name) => wanted.includes(name));
}
