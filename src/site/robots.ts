import { refuseLonger } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";

/** What robots may do with the site: everything, everything but train models with it, nothing. */
export type RobotsPolicy = "allow" | "no-training" | "none";

/** Whether something that is for programs is offered. */
export type Offer = "on" | "off";

/** What readers are told at an address where nothing is: as the author wrote it, in Markdown, and rendered. */
export type NotFoundText = {
  readonly markdown: string;
  /** Safe to print; empty: the built-in sentence. */
  readonly html: string;
};

/** Characters of what readers are told at an address where nothing is. */
export const MAX_NOT_FOUND_LENGTH = 5_000;

/**
 * Reads the text for addresses where nothing is, as a form or an export has it. What was rendered elsewhere is not
 * believed: `changeSite` renders it. Throws `invalid` past the limit.
 */
export function parseNotFound(value: unknown): NotFoundText {
  const written = typeof value === "object" && value !== null ? (value as { markdown?: unknown }).markdown : value;
  const markdown = typeof written === "string" ? cleanText(written).trim() : "";
  refuseLonger("notFound", markdown, MAX_NOT_FOUND_LENGTH);
  return { markdown, html: "" };
}
