import { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { HttpError, toStatus } from "./http-error.ts";

/** A failure as the client is told of it. */
export type Failure = {
  readonly status: number;
  /** A few words over the page. */
  readonly heading: Words;
  /** A sentence for whoever sent the request. Never says what went wrong inside. */
  readonly message: Words;
  readonly headers: Readonly<Record<string, string>>;
  /** The form field or protocol parameter at fault; empty: none. */
  readonly field: string;
};

/** Heading of each status, and what is said where there is nothing better to say. */
const WORDS: Readonly<Record<number, readonly [heading: Words, message: Words]>> = {
  400: [said`Not understood`, said`The request is malformed. Check the address, or go back and try again.`],
  401: [said`Please log in`, said`This page is the author's. Log in to see it.`],
  403: [said`Not allowed`, said`You may not do this here.`],
  404: [said`Not found`, said`There is no such page.`],
  405: [said`Not done that way`, said`This address does not take such a request.`],
  406: [said`No fitting form`, said`This page does not exist in a form that the request accepts.`],
  408: [said`Too slow`, said`The request took too long to arrive. Send it again.`],
  409: [said`Changed meanwhile`, said`Something changed since you looked. Reload the page and try again.`],
  410: [said`Gone`, said`The author took this down.`],
  412: [said`Changed meanwhile`, said`This page is no longer as the request expects it.`],
  413: [said`Too large`, said`What was sent is too large. Send less at once.`],
  415: [said`Unknown kind of content`, said`This address does not take such content.`],
  416: [said`No such part`, said`The file has no such part.`],
  422: [said`Please check what you sent`, said`Something in what was sent breaks a rule.`],
  429: [said`Too many tries`, said`Wait a while, then try again.`],
  500: [said`Something went wrong here`, said`The fault is ours, and it has been noted. Try again in a moment.`],
  502: [said`Another site did not answer`, said`Another site failed to answer as it should. Try again later.`],
  503: [said`Not available right now`, said`Try again in a moment.`],
  507: [said`No room left`, said`The disk of this site is full, so nothing can be saved. Reading goes on.`],
};

/**
 * Says what a client is told of an error. `invalid` is 422 where a form was sent, else 400. Errors of Express keep their
 * status if it blames the client, but not their words; everything unknown is 500.
 */
export function toFailure(error: unknown, isFormPost: boolean): Failure {
  if (error instanceof AppError) return fromAppError(error, isFormPost);
  if (error instanceof HttpError) {
    return failure(error.status, { message: error.said, headers: error.headers });
  }
  return failure(clientFault(error) ?? 500);
}

function fromAppError(error: AppError, isFormPost: boolean): Failure {
  const status = error.code === "invalid" && !isFormPost ? 400 : toStatus(error.code);
  const headers: Record<string, string> =
    error.retryAfterSeconds === undefined ? {} : { "Retry-After": String(Math.ceil(error.retryAfterSeconds)) };
  return failure(status, { message: error.said, headers, field: error.field ?? "" });
}

function failure(status: number, known: Partial<Failure> = {}): Failure {
  const [heading, message] = WORDS[status] ?? [said`Something went wrong`, said`The request could not be answered.`];
  return { status, heading, message, headers: {}, field: "", ...known };
}

/** The 4xx status that a library puts on an error for which the client is to blame. */
function clientFault(error: unknown): number | undefined {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === "number" && Number.isInteger(status) && status >= 400 && status < 500 ? status : undefined;
}
