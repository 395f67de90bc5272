import { performance } from "node:perf_hooks";
import { failureOf, TOO_SLOW } from "./fetch-failure.ts";
import type { Hop, HopResult } from "./follow-redirects.ts";
import type { FetchResult } from "./safe-fetch.ts";

/** The end of an exchange that somebody waits for, its waiting in line included. */
export type Deadline = {
  /** The result of an exchange, or, once the time is over, that it took too long. */
  until(exchange: Promise<FetchResult>): Promise<FetchResult>;
  /** Sends a hop that had to wait in line, for what is left of the time; not at all when nothing is. */
  send(hop: Hop, send: (hop: Hop) => Promise<HopResult>): Promise<HopResult>;
};

/** Creates a deadline so many milliseconds from now. */
export function createDeadline(withinMs: number): Deadline {
  const endsAt = performance.now() + withinMs;
  const late = (): FetchResult => ({ ok: false, outcome: failureOf(TOO_SLOW) });

  return {
    async until(exchange) {
      let timer: NodeJS.Timeout | undefined;
      const end = new Promise<FetchResult>((resolve) => {
        timer = setTimeout(() => resolve(late()), withinMs);
      });
      try {
        return await Promise.race([exchange, end]);
      } finally {
        clearTimeout(timer);
      }
    },
    async send(hop, send) {
      const remainingMs = Math.min(hop.remainingMs, endsAt - performance.now());
      return remainingMs <= 0 ? { result: late(), tookMs: 0 } : await send({ ...hop, remainingMs });
    },
  };
}
