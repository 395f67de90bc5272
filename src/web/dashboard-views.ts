import type { Words } from "../lib/words.ts";

/** How a figure or a check stands; empty: nothing to say about it. */
export type FigureStatus = "ok" | "warning" | "failed" | "";

/** One number in large. */
export type FigureView = {
  label: Words;
  value: Words;
  /** What it is made of, or may be; empty: nothing. */
  about: Words;
  status: FigureStatus;
  /** Where more of it is; empty: nowhere. */
  path: string;
};

/** What a column holds, and so how it is drawn and written. */
export type ChartUnit = "count" | "ms" | "bytes";

/** A column of a chart's table; `drawn` is how the script draws it, empty where it is for reading only. */
export type ChartColumn = { label: Words; unit: ChartUnit; drawn: "bar" | "line" | "" };

/** A number as it is read and as it is drawn; null: there is none. */
export type ChartCell = { text: Words; value: number | null };

/** One row: a moment, a name. `short` is what stands at the axis, where the label is too long for it. */
export type ChartRow = { label: Words; short: string; cells: ChartCell[] };

/** A statement with how SQLite reads it. */
export type ChartDetail = { name: string; about: Words; text: string; plan: string[] };

/** A chart as its table: the script draws what stands there, and nothing else. */
export type ChartView = {
  id: string;
  title: Words;
  /** One sentence: what it shows, and what to look for. */
  about: Words;
  /** Columns upright (bars and lines), across (bars with names), or parts of a whole. */
  kind: "upright" | "across" | "doughnut";
  isWide: boolean;
  /** Times from microseconds to seconds beside each other. */
  isLogarithmic: boolean;
  /** Rows are moments, the newest first; drawn from left to right all the same. */
  isNewestFirst: boolean;
  rowLabel: Words;
  columns: ChartColumn[];
  rows: ChartRow[];
  /** Said while there is no row. */
  empty: Words;
  detailsLabel: Words;
  details: ChartDetail[];
};

/** All that the dashboard shows, as page and as fragment. */
export type DashboardView = { summary: Words; figures: FigureView[]; charts: ChartView[] };

/** The page around it. `refreshSeconds` is 0 while it does not refresh itself. */
export type DashboardPage = {
  ranges: { label: Words; path: string; isCurrent: boolean }[];
  range: string;
  refreshes: { value: string; label: Words; isCurrent: boolean }[];
  refreshSeconds: number;
  currentPath: string;
  metricsPath: string;
  chartPath: string;
  dashboardScriptPath: string;
  dashboardStylesheetPath: string;
  dashboardView: DashboardView;
};
