import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** The commands of a guide that are to be typed into a shell, in their order: its fenced blocks marked `sh`. */
export function readSteps(page: string): string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/^( *)```sh\n(.*?)^\1```$/gmsu)].map(([, indent = "", block = ""]) => {
    return block
      .split("\n")
      .map((line) => line.slice(indent.length))
      .join("\n")
      .trim();
  });
}
