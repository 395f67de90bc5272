import type { ServerResponse } from "node:http";

/** How fast someone must read a long answer, in bytes a second: slower than any line that is still of use. */
export const READER_BYTES_PER_SECOND = 1024;

/** How long a reader may take nothing from the beginning on, in seconds. */
export const READER_PATIENCE_SECONDS = 60;

/**
 * For how long a reader may rest that was fast before, in seconds. The system takes up to 4 MiB for it at once (Linux),
 * and then nothing until a third of that is read: at 10 KB a second that is two and a half minutes of silence.
 */
export const READER_REST_SECONDS = 240;

/** How often readers are looked at, in milliseconds. */
export const READER_CHECK_MS = 1_000;

/** Limits that a test makes smaller. */
export type ReaderLimits = {
  readonly bytesPerSecond: number;
  readonly patienceSeconds: number;
  readonly restSeconds: number;
  readonly checkMs: number;
};

const LIMITS: ReaderLimits = {
  bytesPerSecond: READER_BYTES_PER_SECOND,
  patienceSeconds: READER_PATIENCE_SECONDS,
  restSeconds: READER_REST_SECONDS,
  checkMs: READER_CHECK_MS,
};

/**
 * Watches how fast an answer is read, and cuts its connection where that is too slow. Bytes that were taken early count
 * for later, up to `restSeconds`; as long as nothing waits to be taken, time does not count. Returns what ends the watch.
 */
export function watchReader(res: ServerResponse, limits: ReaderLimits = LIMITS): () => void {
  const { socket } = res;
  if (socket === null) return () => undefined;
  const { bytesPerSecond, patienceSeconds, restSeconds, checkMs } = limits;
  let credit = patienceSeconds * bytesPerSecond;
  let taken = takenOf(socket);
  let lookedAt = performance.now();

  const timer = setInterval(() => {
    const now = performance.now();
    // A process that was held up itself is no fault of its readers.
    const passedMs = Math.min(now - lookedAt, 2 * checkMs);
    const before = taken;
    taken = takenOf(socket);
    lookedAt = now;
    credit = Math.min(restSeconds * bytesPerSecond, credit + taken - before);
    if (socket.writableLength === 0) return;
    credit -= (passedMs / 1000) * bytesPerSecond;
    if (credit < 0) socket.destroy();
  }, checkMs).unref();
  // Silence is judged here as long as this lasts; Node sets its own limit again with the next request.
  socket.setTimeout(0);
  return () => clearInterval(timer);
}

/** What the system has taken of what was written to a connection, in bytes. */
function takenOf(socket: { readonly bytesWritten: number; readonly writableLength: number }): number {
  return socket.bytesWritten - socket.writableLength;
}
