import { notFound } from "../lib/errors.ts";
import type { Cursor } from "../notes/cursor.ts";
import { formatCursor, parseCursor } from "../notes/cursor.ts";
import type { ListPage } from "../notes/listed-places-store.ts";
import type { Asked } from "./input.ts";
import { queryText } from "./input.ts";
import type { PageView } from "./views.ts";

/** Which page of a list is asked for, and what its head says of its place in the list. */
export type ListPlace = {
  readonly cursors: { readonly before: Cursor | undefined; readonly after: Cursor | undefined };
  /** Throws `not_found` for a page past the end of the list; the first page may be empty. */
  readonly pageOf: (
    list: ListPage<unknown>,
  ) => Pick<PageView, "previousPath" | "nextPath" | "robots"> & { readonly canonicalPath: string };
};

/**
 * Reads the place in the list at `path` from the query: `?before=` leads to older notes, `?after=` back to newer ones;
 * of both only `after` counts. Throws `invalid` for what is no place. Only the first page is for search engines.
 */
export function listPlace(asked: Asked, path: string): ListPlace {
  const after = parseCursor(queryText(asked, "after"), "after");
  const before = after === undefined ? parseCursor(queryText(asked, "before"), "before") : undefined;
  const pathOf = (name: "before" | "after", place: Cursor | undefined) =>
    place === undefined ? "" : `${path}?${name}=${formatCursor(place)}`;

  return {
    cursors: { before, after },
    pageOf(list) {
      if (list.notes.length === 0 && (before ?? after) !== undefined) throw notFound("page");
      const isFirst = list.newer === undefined;
      return {
        // Made of what was read, not of the address as it came: other parameters mean nothing.
        canonicalPath: isFirst ? path : pathOf("before", before) || pathOf("after", after),
        robots: isFirst ? "" : "noindex, follow",
        previousPath: pathOf("after", list.newer),
        nextPath: pathOf("before", list.older),
      };
    },
  };
}
