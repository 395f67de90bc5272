import type { Words } from "../lib/words.ts";

/** A note among what a search has found. */
export type HitView = {
  path: string;
  /** Escaped text with `<mark>` around the hits; empty: the note has no title. */
  titleHtml: string;
  excerptHtml: string;
  /** What the note is about, where it has no words of its own; else empty. */
  label: Words;
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
  orders: { label: Words; path: string; isCurrent: boolean }[];
  /** What may have been meant, and the search for it. */
  suggestion: { label: Words; path: string } | null;
  previousLabel: Words;
  nextLabel: Words;
};
