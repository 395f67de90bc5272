import { enterFolder } from "../backup/enter-folder.ts";
import type { Config, Environment } from "../config/config.ts";
import { loadConfig, OPTION_NAMES } from "../config/config.ts";
import { databaseFile } from "../config/data-files.ts";
import { listIgnored } from "../config/unknown-keys.ts";
import type { Context } from "../context/context.ts";
import { Database } from "../db/database.ts";
import type { MeasureStatement } from "../db/measure-statement.ts";
import { migrate } from "../db/migrate.ts";
import { systemClock } from "../lib/clock.ts";
import type { LogTerminal } from "../lib/log.ts";
import { createLogger } from "../lib/log.ts";
import { measuredFetch } from "../lib/measured-fetch.ts";
import { MetricsBuffer } from "../lib/metrics-buffer.ts";
import { createSafeFetch } from "../lib/safe-fetch.ts";
import { VERSION } from "../lib/version.ts";
import { prepareFolder } from "./prepare-folder.ts";

/** The outside world, opened; whoever opened it closes it. */
export type OpenedContext = { readonly ctx: Context; readonly applied: readonly string[]; readonly close: () => void };

/**
 * Opens what every command works with: configuration, log, database brought up to date, the way out to the web. Log
 * lines go to `terminal` too, where one is given. Throws an error whose message is a sentence for the operator.
 */
export async function openContext(env: Environment, options: { terminal?: LogTerminal } = {}): Promise<OpenedContext> {
  const config = loadConfig(env);
  prepareFolder("DATA_DIR", config.DATA_DIR);
  prepareFolder("LOG_DIR", config.LOG_DIR);
  const hold = enterFolder(config.DATA_DIR);
  try {
    return await openHeld(env, { config, release: hold.release, ...options });
  } catch (error) {
    hold.release();
    throw error;
  }
}

async function openHeld(
  env: Environment,
  { config, release, ...options }: { config: Config; release: () => void; terminal?: LogTerminal },
): Promise<OpenedContext> {
  const log = await createLogger({ level: config.LOG_LEVEL, dir: config.LOG_DIR, ...options });
  for (const sentence of listIgnored(env, OPTION_NAMES)) log.warn({ event: "config.ignored" }, sentence);

  const file = databaseFile(config);
  const { applied } = await migrate({ file, clock: systemClock });
  if (applied.length > 0) log.info({ event: "migration.apply", count: applied.length }, "database brought up to date");

  const metrics = createMetrics(config);
  // Without metrics nobody hears of statements, so that their time is not even taken.
  const measured = config.METRICS_ENABLED
    ? { measure: recordStatements(metrics), slow: { slowMs: config.METRICS_SLOW_MS, clock: systemClock } }
    : {};
  const onDamage = (err: unknown) => log.error({ event: "database.damaged", err }, "the database is damaged");
  const db = Database.open({ file, readers: config.DB_POOL_SIZE, onDamage, ...measured });
  const fetch = createSafeFetch({
    allowPrivateNetwork: config.ALLOW_PRIVATE_NETWORK,
    userAgent: `StarPunk/${VERSION} (+${config.SITE_URL})`,
    purgeUrls: config.CACHE_PURGE_URLS,
  });
  return {
    ctx: { config, db, clock: systemClock, log, fetch: measuredFetch(fetch, metrics), metrics },
    applied,
    close() {
      db.close();
      release();
    },
  };
}

function recordStatements(metrics: MetricsBuffer): MeasureStatement {
  return ({ name, kind, durationMs, rows, isFailed }) => {
    metrics.record({
      type: "database",
      name,
      durationMs,
      outcome: isFailed ? "failed" : kind,
      isFailed,
      size: rows,
    });
  };
}

function createMetrics(config: Config): MetricsBuffer {
  return new MetricsBuffer({
    clock: systemClock,
    isEnabled: config.METRICS_ENABLED,
    rate: config.METRICS_SAMPLING_RATE,
    size: config.METRICS_BUFFER_SIZE,
    slowMs: config.METRICS_SLOW_MS,
  });
}

/** Runs `use` with an opened context, and closes it whatever happens. */
export async function withContext<T>(env: Environment, use: (ctx: Context) => Promise<T>): Promise<T> {
  const { ctx, close } = await openContext(env);
  try {
    return await use(ctx);
  } finally {
    close();
  }
}
