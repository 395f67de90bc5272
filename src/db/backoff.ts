/** How the waits between tries grow. */
export type Backoff = { readonly firstMs: number; readonly longestMs: number };

/**
 * The milliseconds to wait before try number `attempt` (1 is the first repetition): exponential backoff with full
 * jitter, so that programs that met at a lock do not meet there again.
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: Backoff): number {
  return Math.random() * Math.min(longestMs, firstMs * 2 ** (attempt - 1));
}
