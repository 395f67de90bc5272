import { countChanges, findNearest } from "../lib/nearest.ts";
import type { ConfigProblem } from "./config-error.ts";

/** Beginnings that are ours alone: a key that has one and is no option was meant for us, and would be ignored. */
const OUR_PREFIXES = ["METRICS_", "FEED_"];

/** Beginnings that hosting platforms use too (LOG_FORMAT, DB_HOST): worth a word, not a stop. */
const SHARED_PREFIXES = ["DB_", "LOG_", "SITE_"];

/** A name of up to this many letters is misspelt by one letter only: HOME is two letters from HOST. */
const SHORT_NAME_LENGTH = 4;

type Environment = Readonly<Record<string, string | undefined>>;

/** Keys that were surely meant for us and would be ignored, each with the option that is nearest to it. */
export function findMisspelt(env: Environment, options: readonly string[]): ConfigProblem[] {
  return listUnknown(env, options)
    .filter((key) => OUR_PREFIXES.some((prefix) => key.startsWith(prefix)) || nearOption(key, options) !== undefined)
    .map((variable) => ({
      variable,
      value: env[variable] ?? "",
      reason: "there is no such option",
      remedy: toRemedy(variable, options),
    }));
}

/** Keys that may have been meant for us, and are ignored: one sentence each. */
export function listIgnored(env: Environment, options: readonly string[]): string[] {
  const misspelt = new Set(findMisspelt(env, options).map(({ variable }) => variable));
  return listUnknown(env, options)
    .filter((key) => SHARED_PREFIXES.some((prefix) => key.startsWith(prefix)) && !misspelt.has(key))
    .map((key) => `${key} is set, but is not an option of StarPunk: it is ignored.`);
}

function listUnknown(env: Environment, options: readonly string[]): string[] {
  return Object.keys(env).filter((key) => env[key] !== undefined && !options.includes(key));
}

function nearOption(key: string, options: readonly string[]): string | undefined {
  const near = options.filter((name) => countChanges(key.toUpperCase(), name, changesMax(name)) <= changesMax(name));
  return findNearest(key, near);
}

function changesMax(name: string): number {
  return name.length <= SHORT_NAME_LENGTH ? 1 : 2;
}

function toRemedy(key: string, options: readonly string[]): string {
  const prefix = OUR_PREFIXES.find((begin) => key.startsWith(begin)) ?? "";
  const family = options.filter((name) => name.startsWith(prefix));
  const nearest = nearOption(key, options) ?? findNearest(key, family, Number.POSITIVE_INFINITY);
  if (nearest === undefined) return `Unset it: this version has no option that begins with ${prefix}.`;
  return `Did you mean ${nearest}? Rename it, or unset it.`;
}
