/** What is to be rendered. `anchor` begins every id in the result, so that notes can share a page. */
export type RenderRequest = {
  readonly content: string;
  /** `text` is escaped and its line breaks kept, `html` is sanitised; anything else is Markdown. */
  readonly format: string;
  readonly anchor: string;
};

/** What a text becomes. */
export type RenderedContent = {
  /** Safe to print. Images still point where the author pointed, see `placeImages`. */
  readonly html: string;
  /** The words alone, for search and excerpts: blocks on lines of their own. */
  readonly text: string;
  /** Labels of the hashtags in the text, without `#`, each tag once. */
  readonly hashtags: readonly string[];
  /** Every address that an image points at, or a player of a file of this site, each once. */
  readonly images: readonly string[];
};
