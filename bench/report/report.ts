import type { Figure, Figures } from "../figures.ts";
import type { Clause, Judgement } from "../goals/clause.ts";
import { judge } from "../goals/clause.ts";
import { CLAUSES, ELSEWHERE } from "../goals/goals.ts";
import { PARTS } from "../parts/parts.ts";
import { WORKLOADS } from "../parts/workloads.ts";
import type { Plan } from "../plan.ts";
import { CORPUS } from "../plan.ts";
import { figureTable, goalTable, loadTable, sizeTable } from "./tables.ts";

/** A part that could not run, and why. */
export type Failure = { readonly part: string; readonly why: string };

/** What a run came to. */
export type Outcome = {
  readonly plan: Plan;
  /** Names of the parts that were asked for. */
  readonly parts: readonly string[];
  readonly figures: Figures;
  readonly failures: readonly Failure[];
  /** What must be known of the machine, a line each. */
  readonly machine: readonly string[];
};

const COLUMNS = [
  ...WORKLOADS,
  { name: "permalink-miss", about: "permalinks, none kept" },
  { name: "home-miss", about: "the front page after a note was published, one at a time" },
  { name: "home-cold", about: "the front page after a change of the whole site, one at a time" },
];

/** Figures that the tables of requests show, or that would only repeat them. */
const IN_COLUMNS = new Set(
  COLUMNS.flatMap(({ name }) => [`${name}.rate`, `${name}.cpu`, `${name}.bytes`, `${name}.p99`]),
);

/** The report of a run in Markdown. */
export function toReport(outcome: Outcome): string {
  const { plan, figures, failures, machine } = outcome;
  const sections = [
    ...machine.map((line) => `- ${line}`),
    `- ${describePlan(plan)}`,
    "",
    ...failureLines(failures),
    "### Goals",
    "",
    goalTable(judgements(outcome)),
    ...ELSEWHERE.map((line) => `- Not measured here: ${line}`),
    "",
    ...setsOf(figures).flatMap((set) => [
      `### Requests, ${set === CORPUS ? "the corpus" : `${Number(set).toLocaleString("en-US")} notes`}`,
      "",
      loadTable(figures, set, COLUMNS),
      sizeTable(figures, set, COLUMNS),
    ]),
    ...otherFigures(figures),
  ];
  return `${sections.join("\n").trim()}\n`;
}

/** What each clause came to that the chosen parts measure; those about sets that readers' requests left out are not shown. */
function judgements({ plan, parts, figures }: Outcome): Judgement[] {
  const isShown = ({ part, of, to }: Clause): boolean => {
    const isOnEach = PARTS.some(({ name, on }) => name === part && on === "each set");
    const sets = [of, ...(to === undefined ? [] : [to])].map(({ set }) => String(plan.sizes[set]));
    return parts.includes(part) && (!isOnEach || sets.every((set) => plan.loaded.includes(set)));
  };
  return CLAUSES.filter(isShown).map((clause) => judge(clause, figures, plan));
}

function describePlan({ isQuick, rounds, seconds }: Plan): string {
  const runs = `${rounds} rounds of ${seconds} s, each in the opposite order of the one before; medians`;
  return isQuick ? `${runs}. A quick run: its figures are hints, and clauses about larger sets are left out.` : runs;
}

function failureLines(failures: readonly Failure[]): string[] {
  if (failures.length === 0) return [];
  return ["### Parts that could not run", "", ...failures.map(({ part, why }) => `- ${part}: ${why}`), ""];
}

function setsOf(figures: Figures): string[] {
  const found = figures.list().filter(({ name }) => name.endsWith(".rate") && IN_COLUMNS.has(name));
  return [...new Set(found.map(({ set }) => set))];
}

function otherFigures(figures: Figures): string[] {
  const others = figures.list().filter(({ name }) => !IN_COLUMNS.has(name) && !name.endsWith(".bytes"));
  return others.length === 0 ? [] : ["### Other figures", "", figureTable(others, unitOf)];
}

function unitOf({ name }: Figure): { size: number; name: string } {
  if (/^rss\.|\.growth$|^crowd\.(?:peak|more)$/.test(name)) return { size: 2 ** 20, name: "MiB" };
  if (name.endsWith(".rate")) return { size: 1, name: "req/s" };
  if (name.endsWith(".cpu")) return { size: 1, name: "µs" };
  return name.endsWith("errors") ? { size: 1, name: "" } : { size: 1, name: "ms" };
}
