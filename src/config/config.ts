import type { ConfigProblem } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";
import {
  addresses,
  feedItems,
  folder,
  host,
  logLevel,
  OptionError,
  origin,
  samplingRate,
  trueOrFalse,
  trustProxy,
  wholeNumber,
} from "./parse-option.ts";
import { findMisspelt } from "./unknown-keys.ts";

/** One environment variable: how it is read, what holds without it, and what it is for. */
export type Option<Value> = {
  readonly parse: (text: string) => Value;
  /** As one would write it. `{NAME}` stands for the value of an option above it. */
  readonly fallback: string;
  readonly about: string;
};

/** Every environment variable that the program reads, and the only place that says so. */
export const OPTIONS = {
  HOST: option(host, "127.0.0.1", "Address to listen on. 0.0.0.0 for all interfaces."),
  PORT: option(wholeNumber(1, 65_535), "3000", "TCP port to listen on."),
  DATA_DIR: option(folder, "./data", "Folder of the database and the media files. Made when missing."),
  SITE_URL: option(origin, "http://localhost:{PORT}", "Public origin of the site, without a path."),
  TRUST_PROXY: option(trustProxy, "off", "Number of proxies, or their addresses, whose forwarded headers count."),
  LOG_LEVEL: option(logLevel, "info", "Least level that is logged: trace, debug, info, warn, error or silent."),
  LOG_DIR: option(folder, "{DATA_DIR}/logs", "Folder of the log files: 10 of 10 MB are kept. Made when missing."),
  METRICS_ENABLED: option(trueOrFalse, "true", "Whether the server measures itself."),
  METRICS_SAMPLING_RATE: option(samplingRate, "1", "Share of operations kept whole: a number, or one by type."),
  METRICS_BUFFER_SIZE: option(wholeNumber(1, 100_000), "1000", "Operations of each type that are kept whole."),
  METRICS_SLOW_MS: option(wholeNumber(1, 3_600_000), "100", "From how many milliseconds on one is slow, and kept."),
  DB_POOL_SIZE: option(wholeNumber(1, 64), "5", "Connections for reports that see one moment. One connection writes."),
  FEED_ITEMS: option(feedItems, "50", "Notes in a feed, 1 to 200, the older ones on its next pages; or all."),
  FEED_CACHE_SECONDS: option(wholeNumber(0, 86_400), "300", "How long a feed may be cached, in seconds."),
  CDN_TAGS: option(trueOrFalse, "false", "Names what each answer depends on, in Surrogate-Key and Cache-Tag."),
  CACHE_PURGE_URLS: option(addresses, "none", "Addresses of edge caches that are told of every change, at most 16."),
  ALLOW_PRIVATE_NETWORK: option(trueOrFalse, "false", "Lets outgoing requests reach private addresses. For tests."),
};

/** The configuration: each option under its own name. `SITE_URL` has no trailing slash, folders are absolute. */
export type Config = { readonly [Name in OptionName]: ReturnType<(typeof OPTIONS)[Name]["parse"]> };

/** Name of an environment variable that the program reads. */
export type OptionName = keyof typeof OPTIONS;

/** What the operating system hands to a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration. An empty variable counts as unset. Throws one ConfigError that holds every problem:
 * values that break a rule, and keys that look like a misspelt option.
 */
export function loadConfig(env: Environment): Config {
  const problems: ConfigProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const name of OPTION_NAMES) {
    const text = textOf(env, name);
    try {
      values[name] = OPTIONS[name].parse(text);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      // One mistake is told once: an option that only repeats another one's bad value is not at fault.
      if (isSet(env, name) || !OPTIONS[name].fallback.includes("{")) problems.push(toProblem(name, text, error));
    }
  }

  problems.push(...findMisspelt(env, OPTION_NAMES));
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Config;
}

/** Names of all options, in the order of the table. */
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** Whether the site still says that it lives on this machine: nobody else can follow its links then. */
export function isDefaultSiteUrl(config: Pick<Config, "SITE_URL" | "PORT">): boolean {
  return config.SITE_URL === fill(OPTIONS.SITE_URL.fallback, { PORT: String(config.PORT) });
}

function option<Value>(parse: (text: string) => Value, fallback: string, about: string): Option<Value> {
  return { parse, fallback, about };
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? "").trim() !== "";
}

function textOf(env: Environment, name: OptionName): string {
  return isSet(env, name) ? (env[name] ?? "").trim() : fill(OPTIONS[name].fallback, env);
}

function fill(fallback: string, env: Environment): string {
  return fallback.replace(/\{(\w+)\}/g, (_, other: string) => textOf(env, other as OptionName));
}

function toProblem(variable: OptionName, value: string, error: OptionError): ConfigProblem {
  return { variable, value, reason: error.message, remedy: error.remedy };
}
