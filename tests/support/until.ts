import { vi } from "vitest";

/** How long something that is sure to come may take on a busy machine, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Waits until an assertion holds, and fails with its own words when it never does. */
export function until<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { timeout: PATIENCE_MS, interval: 10 });
}
