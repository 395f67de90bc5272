import { setTimeout as sleep } from "node:timers/promises";
import { open } from "./ask.ts";

/** How one reader got a long answer. */
export type Reading = {
  /** Until the first byte of the body, and until the last. */
  readonly firstMs: number;
  readonly totalMs: number;
  readonly bytes: number;
};

/** How a reader reads. */
export type ReaderOptions = {
  /** At most so many bytes a second; undefined: as fast as it can. */
  readonly bytesPerSecond?: number;
  /** Ends it before the answer does. */
  readonly signal?: AbortSignal;
};

/** Rest of a reader that was refused, in milliseconds: a server that is down is not asked in a tight loop. */
const REST_MS = 100;

/**
 * Reads an answer of 200 to its end. Throws when it is another one, when it breaks off, and at the signal.
 */
export async function readAnswer(url: string, { bytesPerSecond, signal }: ReaderOptions = {}): Promise<Reading> {
  const startedAt = performance.now();
  const answer = await open(url, {});
  const stop = () => answer.destroy();
  signal?.addEventListener("abort", stop);
  let firstMs: number | undefined;
  let bytes = 0;
  try {
    signal?.throwIfAborted();
    if (answer.statusCode !== 200) throw new Error(`A feed was answered with ${answer.statusCode}.`);
    for await (const chunk of answer) {
      firstMs ??= performance.now() - startedAt;
      bytes += (chunk as Buffer).length;
      if (bytesPerSecond !== undefined) await pause((chunk as Buffer).length / bytesPerSecond, signal);
    }
    return { firstMs: firstMs ?? 0, totalMs: performance.now() - startedAt, bytes };
  } finally {
    signal?.removeEventListener("abort", stop);
    answer.destroy();
  }
}

/** Reads an answer again and again until the signal; resolves with how often it failed before that. */
export async function keepReading(url: string, options: ReaderOptions & { signal: AbortSignal }): Promise<number> {
  let failures = 0;
  while (!options.signal.aborted) {
    try {
      await readAnswer(url, options);
    } catch {
      // What fails at the signal was cut off here.
      if (!options.signal.aborted) failures += 1;
      await pause(REST_MS / 1000, options.signal);
    }
  }
  return failures;
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
