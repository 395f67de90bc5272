import type { Request } from "express";

/** The value of a query parameter, of its first mention where it is repeated; undefined where there is none. */
export function queryText(req: Request, name: string): string | undefined {
  return queryTexts(req, name)[0];
}

/** All values of a query parameter, in order. */
export function queryTexts(req: Request, name: string): string[] {
  // The simple parser makes texts, and lists of texts where a name is repeated: nothing else, whatever the query.
  const value = req.query[name] as string | string[] | undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
