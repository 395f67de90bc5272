/** Turns of the event loop, one for each of those who wait. */
export type Turns = {
  /** Resolves in a turn that nobody else was given: between two of them, everything else has had its own. */
  next(): Promise<void>;
};

/** Creates turns that are given in the order in which they were asked for. However many wait, requests come in between. */
export function createTurns(): Turns {
  const waiting: (() => void)[] = [];

  function give(): void {
    waiting.shift()?.();
    // An immediate that is set by another one runs after the next look at the sockets.
    if (waiting.length > 0) setImmediate(give);
  }

  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(give);
      }),
  };
}
