import { expect, vi } from "vitest";

/** How long it may take until nothing moves any more, and how long nothing must, in milliseconds. */
const PATIENCE_MS = 30_000;
const STILL_MS = 200;

/** Waits until a number stays the same, and resolves with it. */
export async function settled(read: () => number): Promise<number> {
  let last = -1;
  await vi.waitFor(
    () => {
      const now = read();
      const isSame = now === last;
      last = now;
      expect(isSame).toBe(true);
    },
    { timeout: PATIENCE_MS, interval: STILL_MS },
  );
  return last;
}
