declare const timestamp: unique symbol;

/** A moment as RFC 3339 text in UTC with milliseconds (`2026-03-01T09:30:00.000Z`): it sorts and compares as text. */
export type Timestamp = string & { readonly [timestamp]: true };

/** Tells the time. The only source of "now" in the program; tests pass a fixed one. */
export type Clock = {
  (): Timestamp;
  /** Milliseconds since some moment, which nobody can set and which never go back. Absent: nobody sets this clock. */
  readonly steadyMs?: () => number;
};

/** The machine's clock, which its operator or the network may set at any time. */
export const systemClock: Clock = Object.assign(createSystemTime(), { steadyMs: () => performance.now() });

/** Writes a moment once for all who ask within its millisecond: the text costs ten times as much as the look at the clock. */
function createSystemTime(): () => Timestamp {
  let writtenAt: number | undefined;
  let written = "" as Timestamp;
  return () => {
    const now = Date.now();
    if (now === writtenAt) return written;
    writtenAt = now;
    written = toTimestamp(now);
    return written;
  };
}

/** Milliseconds for measuring how long something lasts, also while the clock is set. They mean nothing to other processes. */
export function steadyMs(clock: Clock): number {
  return clock.steadyMs?.() ?? toMilliseconds(clock());
}

/** Converts a date, or milliseconds since 1970. Throws RangeError when it is no valid moment. */
export function toTimestamp(moment: Date | number): Timestamp {
  return new Date(moment).toISOString() as Timestamp;
}

/** Milliseconds since 1970. */
export function toMilliseconds(moment: Timestamp): number {
  return Date.parse(moment);
}

/** The moment `seconds` later; earlier when negative. */
export function addSeconds(moment: Timestamp, seconds: number): Timestamp {
  return toTimestamp(toMilliseconds(moment) + seconds * 1000);
}
