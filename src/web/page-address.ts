/** The parameters of a query that name a place in a list; all others are ignored. */
const PLACES = ["before", "after"] as const;

/** The address that a request asks for, as the page cache knows it. */
export type PageAddress = {
  readonly path: string;
  /** `?before=…` or `?after=…`, or empty. */
  readonly place: string;
};

/** Reads a request target without decoding anything: other spellings are not cached and go to Express. */
export function parsePageAddress(target: string): PageAddress {
  const mark = target.indexOf("?");
  if (mark === -1) return { path: target, place: "" };
  const path = target.slice(0, mark);
  const query = target.slice(mark + 1);
  return { path, place: query.includes("before=") || query.includes("after=") ? parsePlace(query) : "" };
}

/** The first value of each parameter, as Express reads them; in one order, so that each place has one address. */
function parsePlace(query: string): string {
  const parameters = new URLSearchParams(query);
  const places = PLACES.flatMap((name) => {
    const value = parameters.get(name);
    return value === null ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return places.length === 0 ? "" : `?${places.join("&")}`;
}
