import type { Words } from "../lib/words.ts";

/** A note by what people call it, and its editor. */
export type NoteLinkView = { label: Words; path: string };

/** A file of the library. */
export type LibraryFileView = {
  name: string;
  /** What it was called when it came. */
  label: Words;
  path: string;
  /** Empty: it is no image. */
  thumbnailPath: string;
  /** Type, size, width and height, when it came. */
  facts: Words[];
  alt: string;
  isImage: boolean;
  /** How it is played; empty: not at all. */
  player: "video" | "audio" | "";
  /** How a note names it. */
  markdown: string;
  notes: NoteLinkView[];
  /** Whether the settings use it: then it cannot be deleted. */
  isInSettings: boolean;
  describePath: string;
  replacePath: string;
  deletePath: string;
};

/** What a page of the library can be narrowed to. */
export type LibraryFilterView = { label: Words; path: string; isCurrent: boolean };

/** The library: posts `image` (files) to /admin/media, `alt` to the `describePath` of a file, `image` to its `replacePath`. */
export type LibraryView = {
  filters: LibraryFilterView[];
  files: LibraryFileView[];
  nextPath: string;
  /** Why an upload was refused; else empty. */
  error: Words;
};

/** Notes that show images which nobody has described. */
export type UndescribedView = {
  filters: LibraryFilterView[];
  notes: (NoteLinkView & { count: number })[];
  nextPath: string;
};

/** The question before a file is deleted: posts to its `deletePath`. */
export type DeleteMediaView = { file: LibraryFileView };
