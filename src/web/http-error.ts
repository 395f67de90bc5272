/** A failure in HTTP's own terms, for what the application has no word for: a wrong method, type or condition. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** 400 to 599. */
  readonly status: number;
  /** Headers that the answer must carry, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  /** The message is a sentence for the reader. */
  constructor(status: number, message: string, options: HttpErrorDetails = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

type HttpErrorDetails = { headers?: Readonly<Record<string, string>>; cause?: unknown };
