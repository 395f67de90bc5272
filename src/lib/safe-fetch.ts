import type { Failure } from "./outcome.ts";

/** What to ask for, and how much of it. */
export type FetchOptions = {
  readonly method?: "GET" | "POST";
  /** Besides those of the module itself. Cookie and Authorization are not sent on to another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The Accept header. */
  readonly accept?: string;
  /** Largest body that is taken, in bytes; default `MAX_RESPONSE_BYTES`. */
  readonly maxBytes?: number;
};

/** An answer, of whatever status. */
export type FetchResponse = {
  readonly ok: true;
  readonly status: number;
  /** Lower-case name → value; several values of one name stand with ", " between. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Where the answer came from, after redirects, without a fragment. */
  readonly url: string;
};

/** An answer; or none, with the reason and whether trying again makes sense. */
export type FetchResult = FetchResponse | { readonly ok: false; readonly outcome: Failure };

/** Fetches from the public web. Never throws for what a URL or another server does: that is a value. */
export type SafeFetch = (url: string, options?: FetchOptions) => Promise<FetchResult>;
