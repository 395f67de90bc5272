/** What went wrong, in the application's own words. The web layer maps each to a status. */
export type ErrorCode =
  | "invalid" // the input breaks a rule; `message` may be shown to whoever sent it
  | "unauthorized" // no valid session or token
  | "forbidden" // valid, but lacks the right or scope
  | "not_found"
  | "gone" // existed once, was deleted
  | "conflict" // a unique value is taken, or the row changed meanwhile
  | "too_large"
  | "upstream" // another server failed us while someone waits
  | "throttled"
  | "unavailable" // for now; trying again may help
  | "storage_full";

/** A failure that has a name. The message is a sentence for the reader; the cause is for the log only. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  /** Name of the form field or protocol parameter at fault, if one is. */
  readonly field: string | undefined;
  /** Seconds after which trying again makes sense; only with `throttled` and `unavailable`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorDetails = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

type ErrorDetails = { field?: string; cause?: unknown; retryAfterSeconds?: number };

/** An `invalid` error for one field. The sentence names the limit and the remedy. */
export function invalid(field: string, sentence: string): AppError {
  return new AppError("invalid", sentence, { field });
}

/** A `throttled` error: "There were too many tries. Wait 5 minutes, then try again." */
export function throttled(what: string, retryAfterSeconds: number): AppError {
  const sentence = `There were too many ${what}. Wait ${inWords(retryAfterSeconds)}, then try again.`;
  return new AppError("throttled", sentence, { retryAfterSeconds });
}

/** A `not_found` error: "There is no such note." */
export function notFound(thing: string): AppError {
  return new AppError("not_found", `There is no such ${thing}.`);
}

function inWords(seconds: number): string {
  if (seconds < 60) return seconds <= 1 ? "a second" : `${Math.ceil(seconds)} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
