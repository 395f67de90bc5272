/** Largest body by default, in bytes. Nothing is ever decompressed. */
export const MAX_RESPONSE_BYTES = 1_000_000;
/** Largest head of an answer, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** Most requests at once. */
export const MAX_FETCHES_AT_ONCE = 8;
/** Most requests at once to one host. */
export const MAX_FETCHES_TO_ONE_HOST = 4;

/** How long each part of an exchange may take, in milliseconds. The whole counts all redirects, not the waiting in line. */
export const FETCH_TIMEOUTS = { connectMs: 5_000, firstByteMs: 5_000, wholeMs: 15_000 };
