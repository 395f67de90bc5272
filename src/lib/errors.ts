import type { Words } from "./words.ts";
import { counted, Message, said } from "./words.ts";

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

/**
 * A failure that has a name. The message is a sentence for the reader, in English; "said" is the same as a page has it, in the
 * language of the page; the cause is for the log only.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly said: Words;
  /** Name of the form field or protocol parameter at fault, if one is. */
  readonly field: string | undefined;
  /** Seconds after which trying again makes sense; only with `throttled` and `unavailable`. */
  readonly retryAfterSeconds: number | undefined;
  /** The scope to ask for; only with `forbidden`, of a token. */
  readonly scope: string | undefined;

  constructor(code: ErrorCode, message: Words, options: ErrorDetails = {}) {
    super(message.toString(), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.said = message;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.scope = options.scope;
  }
}

type ErrorDetails = { field?: string; cause?: unknown; retryAfterSeconds?: number; scope?: string | undefined };

/** An `invalid` error for one field. The sentence names the limit and the remedy. */
export function invalid(field: string, sentence: Words): AppError {
  return new AppError("invalid", sentence, { field });
}

/** Refuses a text of more than `max` code points: throws `invalid` for its field, with its length and the limit. */
export function refuseLonger(field: string, text: string, max: number): void {
  const { length } = [...text];
  if (length > max) throw invalid(field, said`This is ${length} characters long; shorten it to ${max} or fewer.`);
}

/** A `throttled` error: "There were too many tries. Wait 5 minutes, then try again." */
export function throttled(what: string, retryAfterSeconds: number): AppError {
  const sentence = `There were too many ${what}. Wait {time}, then try again.`;
  const message = new Message(sentence, { time: waitingTime(retryAfterSeconds) });
  return new AppError("throttled", message, { retryAfterSeconds });
}

/** A `not_found` error: "There is no such note." */
export function notFound(thing: string): AppError {
  return new AppError("not_found", new Message(`There is no such ${thing}.`));
}

function waitingTime(seconds: number): Words {
  if (seconds < 60) return counted("a second", "{count} seconds", { count: Math.max(1, Math.ceil(seconds)) });
  return counted("a minute", "{count} minutes", { count: Math.ceil(seconds / 60) });
}
