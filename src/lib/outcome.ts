import type { Words } from "./words.ts";

/** Why an attempt at something remote or slow did not end well. */
export type Failure =
  /** It may pass: a timeout, a busy server, a name that does not resolve. */
  | {
      readonly result: "retry";
      /** One sentence for the author. */
      readonly reason: string;
      /** Seconds the other side asked us to wait; undefined where it did not. */
      readonly retryAfterSeconds?: number;
    }
  /** It will not pass: not found, not an image, a private address. */
  | { readonly result: "give_up"; readonly reason: string };

/** How one attempt ended. `retry` is for what may pass, `give_up` for what will not. */
export type Outcome = { readonly result: "done" } | Failure;

/** The outcome of an attempt that has done its work. */
export const DONE: Outcome = { result: "done" };

/** A failure that may pass. The reason is kept in English. */
export function retry(words: Words, retryAfterSeconds?: number): Failure {
  const reason = words.toString();
  return retryAfterSeconds === undefined ? { result: "retry", reason } : { result: "retry", reason, retryAfterSeconds };
}

/** A failure that will not pass. The reason is kept in English. */
export function giveUp(reason: Words): Failure {
  return { result: "give_up", reason: reason.toString() };
}
