import type { ErrorCode } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";

/** A failure in HTTP's own terms, for what the application has no word for: a wrong method, type or condition. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** The message as a page has it, in the language of the page. */
  readonly said: Words;
  /** 400 to 599. */
  readonly status: number;
  /** Headers that the answer must carry, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  /** The message is a sentence for the reader. */
  constructor(status: number, message: Words, options: HttpErrorDetails = {}) {
    super(message.toString(), options.cause === undefined ? undefined : { cause: options.cause });
    this.said = message;
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

type HttpErrorDetails = { headers?: Readonly<Record<string, string>>; cause?: unknown };

/** Status of each code where a form was sent. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid: 422,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  gone: 410,
  conflict: 409,
  too_large: 413,
  throttled: 429,
  upstream: 502,
  unavailable: 503,
  storage_full: 507,
};

/** The status that a form is answered with for an error of the application. */
export function toStatus(code: ErrorCode): number {
  return STATUS[code];
}
