import { excerpt } from "../lib/text.ts";
import { createUrls } from "../lib/urls.ts";
import type { ListedNote } from "../notes/listed-notes-store.ts";
import type { ListedPage } from "../notes/pages-store.ts";

/** Notes that `/llms.txt` names, the newest. */
export const MAX_LLMS_NOTES = 100;
/** Longest name of a note there, and longest word about it, in characters. */
const [NAME_LENGTH, ABOUT_LENGTH] = [80, 160];

/** What `/llms.txt` is made of. */
export type LlmsSource = {
  readonly siteUrl: string;
  readonly title: string;
  readonly description: string;
  readonly pages: readonly ListedPage[];
  readonly notes: readonly ListedNote[];
  /** Whether each permalink has a copy as Markdown beside it, which is then named. */
  readonly hasCopies: boolean;
};

/**
 * Writes `/llms.txt`: the site, its pages and its newest notes for programs that read for people.
 * @see https://llmstxt.org/
 */
export function writeLlmsText(source: LlmsSource): string {
  const urls = createUrls(source.siteUrl);
  const addressOf = source.hasCopies ? urls.noteMarkdown : urls.note;
  const entry = (note: { slug: string; kind?: string; title: string | undefined; contentText: string }) => {
    const name = toLine(note.title ?? (excerpt(note.contentText, NAME_LENGTH) || note.slug));
    const about = note.title === undefined ? "" : toLine(excerpt(note.contentText, ABOUT_LENGTH));
    return `- [${name}](${addressOf(note)})${about === "" ? "" : `: ${about}`}`;
  };
  const sections = [
    [`# ${toLine(source.title)}`],
    source.description === "" ? [] : [`> ${toLine(source.description)}`],
    list(
      "Pages",
      source.pages.map((page) => entry({ ...page, kind: "page" })),
    ),
    list("Newest notes", source.notes.map(entry)),
    list("Optional", [
      `- [Archive](${urls.archive()}): every note by year and month`,
      `- [Feed](${urls.feed("json")}): the newest notes as JSON Feed`,
      `- [Sitemap](${urls.sitemap()})`,
    ]),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function list(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${heading}`, "", ...lines];
}

/** One line, in which nothing ends the words of a link. */
function toLine(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[[\]\\]/gu, "\\$&");
}
