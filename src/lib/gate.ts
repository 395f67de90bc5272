/** Lets so many through at once; the others wait in the order in which they came. */
export type Gate = {
  /** Runs `work` as soon as there is room. Throws what it throws. */
  run<T>(work: () => Promise<T>): Promise<T>;
};

/** Creates a gate for at most `max` at once. */
export function createGate(max: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;

  return {
    async run(work) {
      if (inside < max) inside += 1;
      else await new Promise<void>((enter) => waiting.push(enter));
      try {
        return await work();
      } finally {
        const enter = waiting.shift();
        // Whoever waits takes over the place; it is never free in between.
        if (enter === undefined) inside -= 1;
        else enter();
      }
    },
  };
}

/** A gate for each key, which exists as long as someone is in it. */
export type KeyedGate = { run<T>(key: string, work: () => Promise<T>): Promise<T> };

/** Creates gates for at most `max` at once of the same key. */
export function createKeyedGate(max: number): KeyedGate {
  const gates = new Map<string, { gate: Gate; users: number }>();

  return {
    async run(key, work) {
      const entry = gates.get(key) ?? { gate: createGate(max), users: 0 };
      gates.set(key, entry);
      entry.users += 1;
      try {
        return await entry.gate.run(work);
      } finally {
        entry.users -= 1;
        if (entry.users === 0) gates.delete(key);
      }
    },
  };
}
