import type { Router } from "express";
import type { PublicAnswer } from "./answer.ts";
import { sendPage } from "./answer.ts";
import type { Query } from "./input.ts";
import { createRouter } from "./router.ts";

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
  /** `params` are decoded. Undefined where there is no such page for everyone; throws what handlers throw. */
  readonly make: (params: Readonly<Record<string, string>>, query: Query) => PublicAnswer | undefined;
};

/** Creates a page whose `make` is given what its pattern names. */
export function readerPage<Pattern extends string>(
  pattern: Pattern,
  make: (params: Readonly<Record<Names<Pattern>, string>>, query: Query) => PublicAnswer | undefined,
): ReaderPage {
  return { pattern, make };
}

/** The same pages as Express answers them: those whose address is spelled in an unusual way, or that fail. */
export function readerRoutes(pages: readonly ReaderPage[]): Router {
  const router = createRouter();
  for (const { pattern, make } of pages) {
    router.get(pattern, (req, res, next) => {
      const page = make(req.params as Record<string, string>, req.query);
      if (page === undefined) next();
      else sendPage(req, res, page);
    });
  }
  return router;
}
