import { storedWords } from "../lib/stored-words.ts";
import type { Message } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** Why a template of the author's own is not used. */
export type ThemeProblem = {
  /** Path in the theme folder. */
  readonly file: string;
  /** From 1; 0 where no line is to blame. */
  readonly line: number;
  /** What is wrong, as a sentence in English or the template engine's own words. */
  readonly reason: string;
};

/** Longest reason that is kept, in characters. */
export const MAX_REASON_LENGTH = 300;

const PLACE = /\(([\w./-]+\.njk)\)(?:\s*\[Line (\d+)(?:, Column \d+)?\])?/gu;

/** Reads file, line and reason out of what the template engine throws. `template` is what was rendered. */
export function toThemeProblem(error: unknown, template: string): ThemeProblem {
  const message = error instanceof Error ? error.message : String(error);
  // The innermost place comes last: the partial, and not the page that includes it.
  const [, file = template, line = lineOf(error)] = [...message.matchAll(PLACE)].at(-1) ?? [];
  const words = message
    .replaceAll(PLACE, "")
    .replace(/(?:Template render error:|\w*Error:)\s*/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
  const reason = [...(words || said`It cannot be rendered.`.toString())].slice(0, MAX_REASON_LENGTH).join("");
  return { file, line: Number(line), reason: explain(reason) };
}

/** A problem as one line: `notes/home.njk, line 3: …`. */
export function formatThemeProblem({ file, line, reason }: ThemeProblem): Message {
  const words = storedWords(reason);
  return line > 0 ? said`${file}, line ${String(line)}: ${words}` : said`${file}: ${words}`;
}

/** What does not compile has its line beside its message. */
function lineOf(error: unknown): unknown {
  return (error as { lineno?: unknown } | null)?.lineno ?? 0;
}

function explain(reason: string): string {
  if (!reason.startsWith("attempted to output null or undefined value")) return reason;
  return said`It prints a value that is not there. Look up the variables of the view in docs/themes.md.`.toString();
}
