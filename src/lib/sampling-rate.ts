import type { MetricType } from "./measurement.ts";
import { METRIC_TYPES } from "./measurement.ts";
import { findNearest } from "./nearest.ts";

/** Share of operations that are kept whole, 0 to 1: one for all types, or by type; 1 where nothing is said. */
export type SamplingRate = number | Partial<Readonly<Record<MetricType, number>>>;

/** The rate of every type. */
export type SamplingRates = Readonly<Record<MetricType, number>>;

/** Fills in the rate of every type. Throws RangeError, with the type's name, for a rate outside of 0 to 1. */
export function toSamplingRates(rate: SamplingRate): SamplingRates {
  if (typeof rate !== "number") checkNames(Object.keys(rate));
  const rates = METRIC_TYPES.map((type) => [type, typeof rate === "number" ? rate : (rate[type] ?? 1)] as const);
  for (const [type, share] of rates) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`The sampling rate of ${type} is ${share}; use 0 to 1.`);
  }
  return Object.fromEntries(rates) as SamplingRates;
}

/**
 * Reads a rate as it is written in the configuration: `0.5`, or `database=0.1,http=1`. Throws RangeError with a sentence
 * that says what is wrong.
 */
export function parseSamplingRate(text: string): SamplingRates {
  if (!text.includes("=")) return toSamplingRates(parseShare(text));
  const parts = text.split(",").map((part) => part.split("=").map((side) => side.trim()));
  const odd = parts.find((sides) => sides.length > 2);
  if (odd !== undefined) throw new RangeError(`"${odd.join("=")}" has more than one "=".`);
  const names = parts.map(([name = ""]) => name);
  checkNames(names);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`"${twice}" has two rates.`);
  return toSamplingRates(Object.fromEntries(parts.map(([name = "", share = ""]) => [name, parseShare(share)])));
}

function parseShare(text: string): number {
  if (/^\d+(\.\d+)?$|^\.\d+$/.test(text)) return Number(text);
  throw new RangeError(`"${text}" is not a number from 0 to 1.`);
}

function checkNames(names: readonly string[]): void {
  const unknown = names.find((name) => !METRIC_TYPES.some((type) => type === name));
  if (unknown === undefined) return;
  const nearest = findNearest(unknown, METRIC_TYPES);
  const hint = nearest === undefined ? `There are ${METRIC_TYPES.join(", ")}` : `Did you mean ${nearest}`;
  throw new RangeError(`"${unknown}" is no type of metrics. ${hint}${nearest === undefined ? "." : "?"}`);
}
