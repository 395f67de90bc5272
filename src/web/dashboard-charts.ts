import type { LeaseStatistics } from "../db/lease-pool.ts";
import type { MetricType } from "../lib/measurement.ts";
import type { Summary } from "../lib/metrics-buffer.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { Subscribers } from "../monitoring/subscribers.ts";
import { showShare, textCell, toCell } from "./chart-cells.ts";
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

const TYPE_NAMES: Readonly<Record<MetricType, Words>> = {
  http: said`Requests`,
  database: said`Statements`,
  render: said`Templates and Markdown`,
  job: said`Jobs`,
  fetch: said`Requests to other sites`,
};

const TIMES: readonly ChartColumn[] = [
  { label: "p50", unit: "ms", drawn: "bar" },
  { label: "p95", unit: "ms", drawn: "bar" },
  { label: "p99", unit: "ms", drawn: "bar" },
  { label: said`Max`, unit: "ms", drawn: "" },
];

const COUNTED: readonly ChartColumn[] = [
  { label: said`Count`, unit: "count", drawn: "" },
  { label: said`Failed`, unit: "count", drawn: "" },
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
    title: said`Requests over time`,
    about: said`Every answer, also those of the page cache. p95 is the time that 95 of 100 stay below: watch for one that rises while requests do not.`,
    kind: "upright",
    isWide: true,
    rowLabel: said`Time`,
    columns: [
      { label: said`Requests`, unit: "count", drawn: "bar" },
      { label: said`Failed`, unit: "count", drawn: "" },
      { label: "p50", unit: "ms", drawn: "" },
      { label: "p95", unit: "ms", drawn: "line" },
    ],
    rows: steps.toReversed().map(({ label, short, count, errors, p50, p95 }) => ({
      label,
      short,
      cells: [toCell(count, "count"), toCell(errors, "count"), toCell(p50, "ms"), toCell(p95, "ms")],
    })),
    empty: said`Nothing was counted in this time yet.`,
  };
}

/** How long each kind of operation takes. */
export function operationsChart(totals: readonly Summary[]): ChartView {
  return {
    ...PLAIN,
    id: "operations",
    isWide: true,
    isLogarithmic: true,
    title: said`Times of operations`,
    about: said`How long each kind of work took. p50 is the usual case, p95 and p99 the bad ones; each line of the scale is ten times the one below.`,
    kind: "upright",
    rowLabel: said`Operation`,
    columns: [...TIMES, ...COUNTED],
    rows: totals.filter(({ count }) => count > 0).map((total) => toTimes(total, TYPE_NAMES[total.type])),
    empty: said`Nothing was measured in this time yet.`,
  };
}

/** The routes that took longest. */
export function routesChart(routes: readonly Summary[]): ChartView {
  return {
    ...PLAIN,
    id: "routes",
    isWide: true,
    title: said`Slowest routes`,
    about: said`By p95. A route of the page cache takes a fraction of a millisecond.`,
    kind: "across",
    rowLabel: said`Route`,
    columns: SLOW_COLUMNS,
    rows: slowest(routes).map(toSlowRow),
    empty: said`No route was asked for in this time.`,
  };
}

/** The statements that took longest, and how SQLite reads those that were slow. */
export function statementsChart(statements: readonly Summary[], details: ChartDetail[]): ChartView {
  return {
    ...PLAIN,
    id: "statements",
    isWide: true,
    title: said`Slowest statements`,
    about: said`By p95, under the name of the function that asks. A commit waits for the disk.`,
    kind: "across",
    rowLabel: said`Statement`,
    columns: SLOW_COLUMNS,
    rows: slowest(statements).map(toSlowRow),
    empty: said`No statement was run in this time.`,
    detailsLabel: said`Statements that were slow (${details.length}), with their text and plan`,
    details,
  };
}

/** Connections for what reads one moment for long. */
export function poolChart(pool: LeaseStatistics): ChartView {
  const unopened = Math.max(0, pool.size - pool.active - pool.idle);
  const row = (label: Words, count: number): ChartRow => ({ label, short: "", cells: [toCell(count, "count")] });
  return {
    ...PLAIN,
    id: "pool",
    title: said`Connections for long reads`,
    about: said`A report, such as the history on this page, reads one moment of the database. ${pool.waiting} wait for a connection now, ${pool.timeouts} have waited in vain since the start.`,
    kind: "doughnut",
    rowLabel: said`State`,
    columns: [{ label: said`Connections`, unit: "count", drawn: "bar" }],
    rows: [row(said`In use`, pool.active), row(said`Idle`, pool.idle), row(said`Not opened yet`, unopened)],
    empty: "",
  };
}

/** Resident memory of each process. */
export function memoryChart(processes: readonly Words[], steps: readonly MemoryStep[]): ChartView {
  return {
    ...PLAIN,
    id: "memory",
    isNewestFirst: true,
    title: said`Memory over time`,
    about: said`What each process holds in memory. It settles after the first load; a line that never stops rising is a leak.`,
    kind: "upright",
    rowLabel: said`Time`,
    columns: processes.map((label) => ({ label, unit: "bytes", drawn: "line" })),
    rows: steps.toReversed().map(({ label, short, bytes }) => ({
      label,
      short,
      cells: bytes.map((value) => toCell(value, "bytes")),
    })),
    empty: said`Memory is noted once a minute: look again in a minute.`,
  };
}

/** Who reads the feeds. */
export function readersChart(subscribers: Subscribers): ChartView {
  const row = (label: string, how: Words, count: number): ChartRow => ({
    label,
    short: "",
    cells: [toCell(count, "count"), textCell(how)],
  });
  const declared = subscribers.aggregators.map((one) =>
    row(`${one.program} (${one.feed})`, said`says so`, one.subscribers),
  );
  const undeclared = subscribers.programs.map(({ program, readers }) => row(program, said`seen in a day`, readers));
  return {
    ...PLAIN,
    id: "readers",
    isWide: true,
    title: said`Readers of the feeds`,
    about: said`About ${subscribers.estimate}: what services say of their subscribers, and other programs counted once a day. No address is kept.`,
    kind: "across",
    rowLabel: said`Program`,
    columns: [
      { label: said`Readers`, unit: "count", drawn: "bar" },
      { label: said`How it is known`, unit: "count", drawn: "" },
    ],
    rows: [...declared, ...undeclared].slice(0, NAMES_SHOWN),
    empty: said`No feed reader has come by in the last week.`,
  };
}

const SLOW_COLUMNS: ChartColumn[] = [
  { label: "p95", unit: "ms", drawn: "bar" },
  { label: said`Mean`, unit: "ms", drawn: "" },
  { label: said`Max`, unit: "ms", drawn: "" },
  ...COUNTED,
  { label: said`Of all time`, unit: "count", drawn: "" },
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
  return { label: name, short: "", cells: [...times, ...counts, textCell(showShare(share))] };
}

function toTimes({ p50, p95, p99, max, count, errors }: Summary, label: Words): ChartRow {
  const times = [p50, p95, p99, max].map((value) => toCell(value, "ms"));
  return { label, short: "", cells: [...times, toCell(count, "count"), toCell(errors, "count")] };
}
