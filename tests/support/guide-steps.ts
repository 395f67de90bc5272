import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** A fenced block of a guide. */
export type GuideBlock = {
  /** The word after the fence: `sh` for what is to be typed. */
  readonly language: string;
  /** The heading that it stands under. */
  readonly heading: string;
  /** Its commands, one a line; a line that ends with a backslash goes on in the next one. */
  readonly commands: readonly string[];
};

/** The README and every page of docs/operations, from the root of the repository. */
export function listGuides(): string[] {
  const pages = readdirSync(join(ROOT, "docs/operations")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.toSorted().map((name) => `docs/operations/${name}`)];
}

/** Every fenced block of a guide, in its order. */
export function readBlocks(page: string): GuideBlock[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/^( *)```([^\n`]*)\n(.*?)^\1```$/gmsu)].map((match) => {
    const [, indent = "", language = "", inside = ""] = match;
    const heading = [...text.slice(0, match.index).matchAll(/^#+ (.*)$/gmu)].at(-1)?.[1] ?? "";
    return { language, heading, commands: language === "sh" ? toCommands(inside, indent.length) : [] };
  });
}

/** What is to be typed into a shell, in its order. */
export function readSteps(page: string): GuideBlock[] {
  return readBlocks(page).filter(({ language }) => language === "sh");
}

/** The links of a guide to other files of the repository, and to headings in them; pictures too. */
export function readLinks(page: string): { readonly file: string; readonly heading: string }[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/gu)].map(([, path = "", heading = ""]) => {
    return { file: path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path), heading };
  });
}

/** The anchors of a page's headings, as forges make them. */
export function listAnchors(file: string): string[] {
  const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gmu)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function toCommands(inside: string, indent: number): string[] {
  const lines = inside.split("\n").map((line) => line.slice(indent));
  return lines
    .join("\n")
    .split(/(?<!\\)\n/u)
    .map((command) => command.replace(/ {2,}# .*$/u, "").trim())
    .filter((command) => command !== "");
}
