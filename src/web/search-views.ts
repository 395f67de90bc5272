/** A note among what a search has found. */
export type HitView = {
  path: string;
  /** Escaped text with `<mark>` around the hits; empty: the note has no title. */
  titleHtml: string;
  excerptHtml: string;
  /** What the note is about, where it has no words of its own; else empty. */
  label: string;
  /** RFC 3339 with the author's offset. */
  publishedAt: string;
  /** For people, in the site's language. */
  publishedDay: string;
  language: string;
};

/** A search around its hits. */
export type SearchView = {
  query: string;
  order: "newest" | "relevance";
  orders: { label: string; path: string; isCurrent: boolean }[];
  /** What may have been meant, and the search for it. */
  suggestion: { label: string; path: string } | null;
  previousLabel: string;
  nextLabel: string;
};
