import type { LeaseStatistics } from "../db/lease-pool.ts";
import type { MetricType } from "../lib/measurement.ts";
import type { Summary } from "../lib/metrics-buffer.ts";
import type { Subscribers } from "../monitoring/subscribers.ts";
import { textCell, toCell, writeShare } from "./chart-cells.ts";
import type { ChartColumn, ChartDetail, ChartRow, ChartView } from "./dashboard-views.ts";

/** Rows of the charts that compare names. */
export const NAMES_SHOWN = 10;

/** Requests of one step of time. */
export type StepNumbers = {
  readonly label: string;
  /** Short enough for an axis. */
  readonly short: string;
  readonly count: number;
  readonly errors: number;
  /** Undefined where there was no request. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
};

/** Resident memory at one step of time, one value for each process; undefined where it did not run. */
export type MemoryStep = {
  readonly label: string;
  readonly short: string;
  readonly bytes: readonly (number | undefined)[];
};

const TYPE_NAMES: Readonly<Record<MetricType, string>> = {
  http: "Requests",
  database: "Statements",
  render: "Templates and Markdown",
  job: "Jobs",
  fetch: "Requests to other sites",
};

const TIMES: readonly ChartColumn[] = [
  { label: "p50", unit: "ms", drawn: "bar" },
  { label: "p95", unit: "ms", drawn: "bar" },
  { label: "p99", unit: "ms", drawn: "bar" },
  { label: "Max", unit: "ms", drawn: "" },
];

const COUNTED: readonly ChartColumn[] = [
  { label: "Count", unit: "count", drawn: "" },
  { label: "Failed", unit: "count", drawn: "" },
];

/** What every chart has that says nothing else. */
const PLAIN = {
  isWide: false,
  isLogarithmic: false,
  isNewestFirst: false,
  detailsLabel: "",
  details: [] as ChartDetail[],
};

/** Requests and how long they took, step by step. */
export function requestsChart(steps: readonly StepNumbers[]): ChartView {
  return {
    ...PLAIN,
    id: "requests",
    isNewestFirst: true,
    title: "Requests over time",
    about:
      "Every answer, also those of the page cache. p95 is the time that 95 of 100 stay below: watch for one that rises while requests do not.",
    kind: "upright",
    isWide: true,
    rowLabel: "Time",
    columns: [
      { label: "Requests", unit: "count", drawn: "bar" },
      { label: "Failed", unit: "count", drawn: "" },
      { label: "p50", unit: "ms", drawn: "" },
      { label: "p95", unit: "ms", drawn: "line" },
    ],
    rows: steps.toReversed().map(({ label, short, count, errors, p50, p95 }) => ({
      label,
      short,
      cells: [toCell(count, "count"), toCell(errors, "count"), toCell(p50, "ms"), toCell(p95, "ms")],
    })),
    empty: "Nothing was counted in this time yet.",
  };
}

/** How long each kind of operation takes. */
export function operationsChart(totals: readonly Summary[]): ChartView {
  return {
    ...PLAIN,
    id: "operations",
    isWide: true,
    isLogarithmic: true,
    title: "Times of operations",
    about:
      "How long each kind of work took. p50 is the usual case, p95 and p99 the bad ones; each line of the scale is ten times the one below.",
    kind: "upright",
    rowLabel: "Operation",
    columns: [...TIMES, ...COUNTED],
    rows: totals.filter(({ count }) => count > 0).map((total) => toTimes(total, TYPE_NAMES[total.type])),
    empty: "Nothing was measured in this time yet.",
  };
}

/** The routes that took longest. */
export function routesChart(routes: readonly Summary[]): ChartView {
  return {
    ...PLAIN,
    id: "routes",
    isWide: true,
    title: "Slowest routes",
    about: "By p95. A route of the page cache takes a fraction of a millisecond.",
    kind: "across",
    rowLabel: "Route",
    columns: SLOW_COLUMNS,
    rows: slowest(routes).map(toSlowRow),
    empty: "No route was asked for in this time.",
  };
}

/** The statements that took longest, and how SQLite reads those that were slow. */
export function statementsChart(statements: readonly Summary[], details: ChartDetail[]): ChartView {
  return {
    ...PLAIN,
    id: "statements",
    isWide: true,
    title: "Slowest statements",
    about: "By p95, under the name of the function that asks. A commit waits for the disk.",
    kind: "across",
    rowLabel: "Statement",
    columns: SLOW_COLUMNS,
    rows: slowest(statements).map(toSlowRow),
    empty: "No statement was run in this time.",
    detailsLabel: `Statements that were slow (${details.length}), with their text and plan`,
    details,
  };
}

/** Connections for what reads one moment for long. */
export function poolChart(pool: LeaseStatistics): ChartView {
  const unopened = Math.max(0, pool.size - pool.active - pool.idle);
  const row = (label: string, count: number): ChartRow => ({ label, short: "", cells: [toCell(count, "count")] });
  return {
    ...PLAIN,
    id: "pool",
    title: "Connections for long reads",
    about: `A report, such as the history on this page, reads one moment of the database. ${pool.waiting} wait for a connection now, ${pool.timeouts} have waited in vain since the start.`,
    kind: "doughnut",
    rowLabel: "State",
    columns: [{ label: "Connections", unit: "count", drawn: "bar" }],
    rows: [row("In use", pool.active), row("Idle", pool.idle), row("Not opened yet", unopened)],
    empty: "",
  };
}

/** Resident memory of each process. */
export function memoryChart(processes: readonly string[], steps: readonly MemoryStep[]): ChartView {
  return {
    ...PLAIN,
    id: "memory",
    isNewestFirst: true,
    title: "Memory over time",
    about:
      "What each process holds in memory. It settles after the first load; a line that never stops rising is a leak.",
    kind: "upright",
    rowLabel: "Time",
    columns: processes.map((label) => ({ label, unit: "bytes", drawn: "line" })),
    rows: steps.toReversed().map(({ label, short, bytes }) => ({
      label,
      short,
      cells: bytes.map((value) => toCell(value, "bytes")),
    })),
    empty: "Memory is noted once a minute: look again in a minute.",
  };
}

/** Who reads the feeds. */
export function readersChart(subscribers: Subscribers): ChartView {
  const row = (label: string, how: string, count: number): ChartRow => ({
    label,
    short: "",
    cells: [toCell(count, "count"), textCell(how)],
  });
  const declared = subscribers.aggregators.map((one) =>
    row(`${one.program} (${one.feed})`, "says so", one.subscribers),
  );
  const undeclared = subscribers.programs.map(({ program, readers }) => row(program, "seen in a day", readers));
  return {
    ...PLAIN,
    id: "readers",
    isWide: true,
    title: "Readers of the feeds",
    about: `About ${subscribers.estimate}: what services say of their subscribers, and other programs counted once a day. No address is kept.`,
    kind: "across",
    rowLabel: "Program",
    columns: [
      { label: "Readers", unit: "count", drawn: "bar" },
      { label: "How it is known", unit: "count", drawn: "" },
    ],
    rows: [...declared, ...undeclared].slice(0, NAMES_SHOWN),
    empty: "No feed reader has come by in the last week.",
  };
}

const SLOW_COLUMNS: ChartColumn[] = [
  { label: "p95", unit: "ms", drawn: "bar" },
  { label: "Mean", unit: "ms", drawn: "" },
  { label: "Max", unit: "ms", drawn: "" },
  ...COUNTED,
  { label: "Of all time", unit: "count", drawn: "" },
];

type NamedSummary = Summary & { readonly share: number };

function slowest(summaries: readonly Summary[]): NamedSummary[] {
  const total = summaries.reduce((sum, { mean, count }) => sum + mean * count, 0);
  return summaries
    .toSorted((one, other) => other.p95 - one.p95)
    .slice(0, NAMES_SHOWN)
    .map((summary) => ({ ...summary, share: total === 0 ? 0 : (summary.mean * summary.count) / total }));
}

function toSlowRow({ name, p95, mean, max, count, errors, share }: NamedSummary): ChartRow {
  const times = [p95, mean, max].map((value) => toCell(value, "ms"));
  const counts = [count, errors].map((value) => toCell(value, "count"));
  return { label: name, short: "", cells: [...times, ...counts, textCell(writeShare(share))] };
}

function toTimes({ p50, p95, p99, max, count, errors }: Summary, label: string): ChartRow {
  const times = [p50, p95, p99, max].map((value) => toCell(value, "ms"));
  return { label, short: "", cells: [...times, toCell(count, "count"), toCell(errors, "count")] };
}
