import type { Measurement } from "./measurement.ts";
import type { MetricsBuffer } from "./metrics-buffer.ts";

/** What is told of an operation before it runs. */
type Operation = Pick<Measurement, "type" | "name">;

/** Where operations are told to. */
export type Recorder = Pick<MetricsBuffer, "record">;

/** Runs something and records how long it took; it failed if it threw, and throws on. */
export function measure<T>(metrics: Recorder, operation: Operation, run: () => T): T {
  const end = begin(metrics, operation);
  try {
    const value = run();
    end(false);
    return value;
  } catch (error) {
    end(true);
    throw error;
  }
}

/** The same for what ends later. */
export async function measureAsync<T>(metrics: Recorder, operation: Operation, run: () => Promise<T>): Promise<T> {
  const end = begin(metrics, operation);
  try {
    const value = await run();
    end(false);
    return value;
  } catch (error) {
    end(true);
    throw error;
  }
}

function begin(metrics: Recorder, operation: Operation): (isFailed: boolean) => void {
  const startedAt = performance.now();
  return (isFailed) => {
    const durationMs = performance.now() - startedAt;
    const { type, name } = operation; // Spreading it would cost more than the rest.
    metrics.record({ type, name, durationMs, outcome: isFailed ? "failed" : "ok", isFailed, size: 0 });
  };
}
