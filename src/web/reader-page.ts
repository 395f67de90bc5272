import type { IncomingMessage } from "node:http";
import type { PublicAnswer } from "./answer.ts";
import type { Query } from "./input.ts";

/** The names in a pattern: `slug` of `/notes/:slug`. */
type Names<Pattern extends string> = Pattern extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<Rest>
  : Pattern extends `${string}:${infer Name}`
    ? Name
    : never;

/**
 * A page for everyone that is made at once, of its address and the database alone: so the page cache can have it made
 * without Express. Whatever else is at its addresses (a redirect, a page for the author alone, an error) is left to a
 * route of Express with the same pattern.
 */
export type ReaderPage = {
  /** As Express writes it, of fixed parts and names: `/notes/:slug`. */
  readonly pattern: string;
  /**
   * Whether it depends on all of its query and on who asks, and is never kept. Then its own route of Express makes it too;
   * else its query has the place in a list alone.
   */
  readonly isAsked: boolean;
  /** `params` are decoded. Undefined where there is no such page for everyone; throws what handlers throw. */
  readonly make: (
    params: Readonly<Record<string, string>>,
    query: Query,
    req: IncomingMessage,
  ) => PublicAnswer | undefined;
};

/** Creates a page whose `make` is given what its pattern names. */
export function readerPage<Pattern extends string>(
  pattern: Pattern,
  make: (params: Readonly<Record<Names<Pattern>, string>>, query: Query) => PublicAnswer | undefined,
): ReaderPage {
  return { pattern, isAsked: false, make };
}

/** Creates a page that is made anew for each request. */
export function askedPage(
  pattern: string,
  make: (req: IncomingMessage, query: Query) => PublicAnswer | undefined,
): ReaderPage {
  return { pattern, isAsked: true, make: (_params, query, req) => make(req, query) };
}
