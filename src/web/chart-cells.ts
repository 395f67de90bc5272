import { formatBytes } from "../lib/format-bytes.ts";
import type { Words } from "../lib/words.ts";
import type { ChartCell, ChartUnit } from "./dashboard-views.ts";

/** Decimals that a drawn number keeps. */
const DECIMALS = 3;

/** A number with its unit, for people: `1,204`, `12.3 ms`, `1.25 s`, `4.2 MiB`. */
export function writeNumber(value: number, unit: ChartUnit): string {
  if (unit === "bytes") return formatBytes(value);
  if (unit === "ms") return writeMilliseconds(value);
  return Math.round(value).toLocaleString("en");
}

/** A cell; without a value a dash, which nobody draws. */
export function toCell(value: number | undefined, unit: ChartUnit): ChartCell {
  if (value === undefined) return { text: "–", value: null };
  return { text: writeNumber(value, unit), value: Number(value.toFixed(DECIMALS)) };
}

/** Words that nobody draws. */
export function textCell(text: Words): ChartCell {
  return { text, value: null };
}

/** A share of 0 to 1 in per cent: `99.2 %`. */
export function writeShare(share: number): string {
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}

function writeMilliseconds(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 3)} ms`;
}
