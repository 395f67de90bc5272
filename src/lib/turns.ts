/** How long nobody is given a turn after one in which others were at work, in milliseconds. */
export const REST_MS = 4;

/** Turns of the event loop, one for each of those who wait. */
export type Turns = {
  /** Resolves in a turn that nobody else was given: between two of them, everything else has had its own. */
  next(): Promise<void>;
};

/**
 * Creates turns that are given in the order in which they were asked for. However many wait, requests come in between.
 * `others` counts what others had done; while it grows from one turn to the next, there is a rest after each, so that
 * whoever has work for minutes leaves most of the processor to those who have it for a moment.
 */
export function createTurns(others: () => number = () => 0): Turns {
  const waiting: (() => void)[] = [];
  let seen = others();

  function give(): void {
    waiting.shift()?.();
    if (waiting.length > 0) plan();
  }

  function plan(): void {
    const before = seen;
    seen = others();
    // An immediate that is set by another one runs after the next look at the sockets.
    if (seen === before) setImmediate(give);
    else setTimeout(give, REST_MS);
  }

  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) plan();
      }),
  };
}
