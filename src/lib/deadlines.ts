import type { Clock, Timestamp } from "./clock.ts";
import { steadyMs, toMilliseconds } from "./clock.ts";

/** When something ends by the clock, and how long that can be away at most, in seconds. */
export type Ending = { readonly endsAt: Timestamp; readonly longestSeconds: number };

/** Ends of things, as they are known to one process. */
export type Deadlines = {
  /**
   * Seconds left of the thing called `key`; 0 once it has ended. The first look goes by the clock, and never beyond
   * `longestSeconds`; from then on time passes at its own pace, whatever is done to the clock. With another `endsAt` it
   * is a new thing.
   */
  secondsLeft(key: string, ending: Ending): number;
  /** Ends in mind. */
  size(): number;
};

/** Ends that are kept in mind. Past it, those that have passed are forgotten, then those that were looked at first. */
export const MAX_DEADLINES = 10_000;

/** Creates an empty memory of ends. */
export function createDeadlines(clock: Clock): Deadlines {
  const known = new Map<string, { endsAt: Timestamp; endsMs: number }>();

  const forget = (steadyNow: number) => {
    for (const [key, { endsMs }] of known) if (endsMs <= steadyNow) known.delete(key);
    const [oldest] = known.keys();
    if (known.size >= MAX_DEADLINES && oldest !== undefined) known.delete(oldest);
  };

  return {
    size: () => known.size,
    secondsLeft(key, { endsAt, longestSeconds }) {
      const steadyNow = steadyMs(clock);
      const seen = known.get(key);
      if (seen?.endsAt === endsAt) return secondsBetween(steadyNow, seen.endsMs);

      const leftMs = toMilliseconds(endsAt) - toMilliseconds(clock());
      const endsMs = steadyNow + Math.min(leftMs, longestSeconds * 1000);
      if (known.size >= MAX_DEADLINES) forget(steadyNow);
      known.set(key, { endsAt, endsMs });
      return secondsBetween(steadyNow, endsMs);
    },
  };
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / 1000;
}
