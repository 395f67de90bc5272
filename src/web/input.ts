/** The parameters of a query: a text each, or a list of texts where a name is repeated. */
export type Query = Readonly<Record<string, unknown>>;

/** What has a query: a request, for instance. */
export type Asked = { readonly query: Query };

/** The value of a query parameter, of its first mention where it is repeated; undefined where there is none. */
export function queryText(asked: Asked, name: string): string | undefined {
  return queryTexts(asked, name)[0];
}

/** All values of a query parameter, in order. */
export function queryTexts(asked: Asked, name: string): string[] {
  // The simple parser makes texts, and lists of texts where a name is repeated: nothing else, whatever the query.
  const value = asked.query[name] as string | string[] | undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
