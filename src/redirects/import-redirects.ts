import type { Context } from "../context/context.ts";
import type { Reader } from "../db/connection.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { readRules, refuseRule } from "./change-redirects.ts";
import { readLine } from "./read-lines.ts";
import type { RedirectRule } from "./redirect.ts";
import { parseRedirect } from "./redirect.ts";
import { insertRedirect, listRedirects } from "./redirect-store.ts";
import type { Rules } from "./rules.ts";

/** Largest list of redirects that is read, in bytes. */
export const MAX_IMPORT_BYTES = 512 * 1024;
/** Most lines of it. */
export const MAX_IMPORT_LINES = 10_000;
/** Lines that one transaction takes. */
const LINES_AT_ONCE = 200;
/** Redirects that an export reads at a time. */
const READ_AT_ONCE = 500;

/** What became of one line. */
export type ImportedLine = {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly result: "added" | "unchanged" | "skipped";
  /** Why it was skipped; else empty. */
  readonly reason: string;
};

type Line = { readonly number: number; readonly text: string };
type ImportContext = Pick<Context, "db" | "clock" | "config">;

/**
 * Takes a list of redirects, line by line: a table, Netlify's `_redirects`, or `Redirect` lines of Apache. What breaks a
 * rule is skipped with the reason, and stops nothing. Throws `too_large` for more lines than are read.
 */
export async function importRedirects(ctx: ImportContext, text: string): Promise<ImportedLine[]> {
  const lines = text.split(/\r\n?|\n/u).map((line, index) => ({ number: index + 1, text: line.trim() }));
  if (lines.length > MAX_IMPORT_LINES) {
    throw new AppError(
      "too_large",
      said`The list has ${lines.length} lines; at most ${MAX_IMPORT_LINES} are read at once.`,
    );
  }
  const results: ImportedLine[] = [];
  for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
    const now = ctx.clock();
    const piece = await ctx.db.write(() => {
      const rules = readRules(ctx);
      const insert = (rule: RedirectRule) => insertRedirect(ctx.db, rule, now);
      return lines.slice(start, start + LINES_AT_ONCE).flatMap((line) => takeLine(ctx, line, { rules, insert }));
    });
    results.push(...piece);
  }
  return results;
}

/** All redirects as a table: `from,to,status`, with a head, in the order of their addresses. */
export function exportRedirects({ db }: { readonly db: Reader }): string {
  return `from,to,status\n${[...listAll(db)].map(toLine).join("")}`;
}

/** The same as lines of `_redirects`, as static hosts read them. */
export function exportHostLines({ db }: { readonly db: Reader }): string[] {
  return [...listAll(db)].map(({ source, target = "/", status }) => {
    return `${encodePath(source)} ${target.replace(/\*$/u, ":splat")} ${status}\n`;
  });
}

function* listAll(db: Reader): Generator<RedirectRule> {
  let after = "";
  let redirects: readonly RedirectRule[];
  do {
    redirects = listRedirects(db, { after, limit: READ_AT_ONCE });
    yield* redirects;
    after = redirects.at(-1)?.source ?? "";
  } while (redirects.length === READ_AT_ONCE);
}

type Target = { readonly rules: Rules; readonly insert: (rule: RedirectRule) => void };

function takeLine({ config }: ImportContext, line: Line, { rules, insert }: Target): ImportedLine[] {
  try {
    const found = readLine(line.text, line.number === 1).map((written) => parseRedirect(written, config.SITE_URL));
    const fresh = found.filter((rule) => !isSame(rule, rules.find(rule.source)));
    for (const rule of fresh) {
      refuseRule(rules, rule);
      rules.add(rule);
      insert(rule);
    }
    return found.length === 0 ? [] : [{ ...line, result: fresh.length === 0 ? "unchanged" : "added", reason: "" }];
  } catch (error) {
    // Told of its line, whatever the others are.
    if (!(error instanceof AppError) || error.code !== "invalid") throw error;
    return [{ ...line, result: "skipped", reason: error.message }];
  }
}

function isSame(rule: RedirectRule, stored: RedirectRule | undefined): boolean {
  return stored !== undefined && stored.target === rule.target && stored.status === rule.status;
}

function toLine({ source, target = "", status }: RedirectRule): string {
  return `${[encodePath(source), target, String(status)].map(toCell).join(",")}\n`;
}

function encodePath(path: string): string {
  return path.replace(/[%?#\s]/gu, encodeURIComponent);
}

function toCell(text: string): string {
  return /[",;\s]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
