import type { Config } from "../config/config.ts";
import type { Database } from "../db/database.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { MetricsBuffer } from "../lib/metrics-buffer.ts";
import type { SafeFetch } from "../lib/safe-fetch.ts";

/** The outside world, as the rest of the program may touch it. Effects only: no domain object belongs here. */
export type Context = {
  readonly config: Config;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly fetch: SafeFetch;
  readonly metrics: MetricsBuffer;
};
