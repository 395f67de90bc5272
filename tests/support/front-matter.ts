import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the head of a Markdown file says, read by a parser of the tests' own. */
export type SourceFile = {
  /** Below the folder. */
  readonly path: string;
  readonly title: string | null;
  /** As it is written: RFC 3339 with an offset, or no date at all. */
  readonly date: string;
  readonly updated: string | undefined;
  readonly tags: readonly string[];
  readonly text: string;
};

/** Reads the Markdown files of a corpus, whose front matter is plain: one key a line, titles quoted as in JSON. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .sort()
    .map((path) => readSource(folder, path));
}

function readSource(folder: string, path: string): SourceFile {
  const [, head = "", ...rest] = readFileSync(join(folder, path), "utf8").split(/^---\n/mu);
  const line = (key: string) => head.match(new RegExp(`^${key}: *(.*)$`, "mu"))?.[1];
  const title = line("title");
  return {
    path,
    title: title === undefined ? null : title.startsWith('"') ? JSON.parse(title) : title,
    date: line("date") ?? "",
    updated: line("updated"),
    tags: (line("tags") ?? "[]").slice(1, -1).split(", "),
    text: rest.join("---\n"),
  };
}
