import { refuseLonger } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";

/** Longest title of a section, in characters. */
export const MAX_SECTION_TITLE_LENGTH = 100;
/** Longest description of a section, in characters of Markdown. */
export const MAX_SECTION_DESCRIPTION_LENGTH = 5_000;

/** What the page and the feeds of a tag say besides its notes. */
export type Section = {
  /** Name of the tag, as in its address. */
  readonly tag: string;
  /** Empty: the tag as its newest note has it. */
  readonly title: string;
  /** Markdown, as written. */
  readonly description: string;
  readonly descriptionHtml: string;
  readonly descriptionText: string;
  /** Permanent ids of the notes that stand first, in their order. */
  readonly pinnedNotes: readonly string[];
};

/** What is typed of a section. */
export type TypedSection = Pick<Section, "title" | "description">;

/** Checks what was typed. Throws `invalid` with the field. */
export function parseSection(typed: TypedSection): TypedSection {
  const title = cleanText(typed.title).replace(/\s+/gu, " ").trim();
  const description = cleanText(typed.description).trim();
  refuseLonger("title", title, MAX_SECTION_TITLE_LENGTH);
  refuseLonger("description", description, MAX_SECTION_DESCRIPTION_LENGTH);
  return { title, description };
}
