import type { Database } from "../db/database.ts";
import type { Redirect } from "./redirect.ts";
import { locationOf } from "./redirect.ts";
import { findRedirectFrom, listPrefixLengths } from "./redirect-store.ts";

/** What answers for a path at which nothing stands. */
export type Followed = {
  readonly redirect: Redirect;
  /** Undefined: gone. */
  readonly location: string | undefined;
};

/** The redirect for a path, decoded: the one for just this path, else that of the longest prefix. */
export function followRedirect(db: Database, path: string): Followed | undefined {
  const redirect = findRedirectFrom(db, path) ?? findPrefixed(db, path);
  return redirect && { redirect, location: redirect.target && locationOf(redirect, path) };
}

/** Few prefixes differ in length, so that a look-up costs as many looks at an index. */
function findPrefixed(db: Database, path: string): Redirect | undefined {
  for (const length of db.remember(listPrefixLengths)) {
    // Lengths are in characters of SQLite, which are code points; the star stands for one at least.
    const beginning = [...path].slice(0, length - 1).join("");
    if (beginning.length === path.length || !beginning.endsWith("/")) continue;
    const redirect = findRedirectFrom(db, `${beginning}*`);
    if (redirect !== undefined) return redirect;
  }
  return undefined;
}
