import { formatBytes } from "../lib/format-bytes.ts";
import type { Words } from "../lib/words.ts";
import { decimal, said } from "../lib/words.ts";
import type { ChartCell, ChartUnit } from "./dashboard-views.ts";

/** Decimals that a drawn number keeps. */
const DECIMALS = 3;

/** A number with its unit, for people: `1,204`, `12.3 ms`, `1.25 s`, `4.2 MiB`; in German `1.204`, `12,3 ms`. */
export function showNumber(value: number, unit: ChartUnit): Words {
  if (unit === "bytes") return formatBytes(value);
  if (unit === "ms") return showMilliseconds(value);
  return decimal(value, 0);
}

/** A cell; without a value a dash, which nobody draws. */
export function toCell(value: number | undefined, unit: ChartUnit): ChartCell {
  if (value === undefined) return { text: "–", value: null };
  return { text: showNumber(value, unit), value: Number(value.toFixed(DECIMALS)) };
}

/** Words that nobody draws. */
export function textCell(text: Words): ChartCell {
  return { text, value: null };
}

/** A share of 0 to 1 in per cent: `99.2 %`. */
export function showShare(share: number): Words {
  return said`${decimal(share * 100, share === 0 || share === 1 ? 0 : 1)} %`;
}

function showMilliseconds(value: number): Words {
  if (value >= 1000) return said`${decimal(value / 1000, 2)} s`;
  return said`${decimal(value, value >= 100 ? 0 : value >= 1 ? 1 : 3)} ms`;
}
