import { said } from "../lib/words.ts";
import type { HitOrder } from "../search/hit-page.ts";
import { SCANNED_NOTES } from "../search/scan.ts";
import type { SearchView } from "./search-views.ts";

/** A search as its address says it: where it is asked, what for, and in which order. */
export type SearchAddress = {
  readonly path: string;
  readonly query: string;
  readonly order: HitOrder;
  /** Of the author's notes: only those with this status; empty: any. */
  readonly status?: string;
};

/** What a search has found, but for its hits. */
type FoundAround = {
  readonly newer: string | undefined;
  readonly older: string | undefined;
  readonly suggestion: string | undefined;
};

/** The order that `?sort=` names; anything but `relevance` means the newest first. */
export function parseOrder(text: string | undefined): HitOrder {
  return text === "relevance" ? "relevance" : "newest";
}

/** What is said of a search that had to do without the index. */
export const SCANNED_MESSAGE = said`The search index cannot be read at the moment, so only ${SCANNED_NOTES} notes at a time are looked through, the newest first.`;

/** What a page shows around its hits: both orders with a way to the other one, and what may have been meant. */
export function searchView(address: SearchAddress, { suggestion }: Pick<FoundAround, "suggestion">): SearchView {
  const { query, order } = address;
  const isRanked = order === "relevance";
  return {
    query,
    order,
    orders: [
      { label: said`Newest first`, path: searchPath({ ...address, order: "newest" }), isCurrent: !isRanked },
      { label: said`Best first`, path: searchPath({ ...address, order: "relevance" }), isCurrent: isRanked },
    ],
    suggestion:
      suggestion === undefined ? null : { label: suggestion, path: searchPath({ ...address, query: suggestion }) },
    previousLabel: isRanked ? said`Better matches` : said`Newer notes`,
    nextLabel: isRanked ? said`More matches` : said`Older notes`,
  };
}

/** The ways to the pages beside a page of hits; empty where there is none. */
export function pagesBeside(
  address: SearchAddress,
  { newer, older }: Pick<FoundAround, "newer" | "older">,
): { previousPath: string; nextPath: string } {
  return {
    previousPath: newer === undefined ? "" : searchPath(address, { after: newer }),
    nextPath: older === undefined ? "" : searchPath(address, { before: older }),
  };
}

function searchPath({ path, query, order, status = "" }: SearchAddress, place: Record<string, string> = {}): string {
  const sort: Record<string, string> = order === "relevance" ? { sort: order } : {};
  const filter: Record<string, string> = status === "" ? {} : { status };
  return `${path}?${new URLSearchParams({ ...filter, q: query, ...sort, ...place })}`;
}
