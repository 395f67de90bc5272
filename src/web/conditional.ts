import type { IncomingHttpHeaders } from "node:http";
import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { parseHttpDate } from "./http-date.ts";

/** What tells one state of a page from another. */
export type Validators = {
  /** As on the wire, with its quotes: `W/"abc"`. */
  readonly etag?: string | undefined;
  readonly lastModified?: Timestamp | undefined;
  /** The same as on the wire, where it is at hand: feed readers send it back as it is, and then no date need be read. */
  readonly modifiedDate?: string | undefined;
};

/** What the conditions of a GET or HEAD ask for: the page, 304 without it, or 412. */
export type Verdict = "proceed" | "not_modified" | "failed";

type ConditionHeaders = Pick<
  IncomingHttpHeaders,
  "if-match" | "if-unmodified-since" | "if-none-match" | "if-modified-since"
>;

/**
 * Judges the conditions of a GET or HEAD whose answer would be 200, in the order of precedence: a condition on the ETag
 * outranks the one on the time, and unreadable dates are no condition.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function judgeConditions(headers: ConditionHeaders, validators: Validators): Verdict {
  if (isStateLost(headers, validators)) return "failed";
  return isUnchanged(headers, validators) ? "not_modified" : "proceed";
}

/** Steps 1 and 2: If-Match by strong comparison, which no weak tag passes, else If-Unmodified-Since. */
function isStateLost(headers: ConditionHeaders, { etag, lastModified }: Validators): boolean {
  const match = headers["if-match"];
  if (match !== undefined) return !(isAny(match) || listTags(match).some((tag) => tag === etag && isStrong(tag)));

  const since = parseHttpDate(headers["if-unmodified-since"] ?? "");
  return since !== undefined && lastModified !== undefined && wholeSeconds(lastModified) > since;
}

/** Steps 3 and 4: If-None-Match by weak comparison, else If-Modified-Since. */
function isUnchanged(headers: ConditionHeaders, { etag, lastModified, modifiedDate }: Validators): boolean {
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined) {
    if (noneMatch === etag) return true; // What feed readers send; the list need not be read.
    return isAny(noneMatch) || (etag !== undefined && listTags(noneMatch).map(opaque).includes(opaque(etag)));
  }

  const modifiedSince = headers["if-modified-since"];
  if (modifiedSince === undefined) return false;
  if (modifiedSince === modifiedDate) return true;
  const since = parseHttpDate(modifiedSince);
  return since !== undefined && lastModified !== undefined && wholeSeconds(lastModified) <= since;
}

function isAny(header: string): boolean {
  return header.trim() === "*";
}

/** The entity tags of a list; a tag may hold commas, so the list is not split at them. */
function listTags(header: string): string[] {
  return header.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
}

function isStrong(tag: string): boolean {
  return tag.startsWith('"');
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, "");
}

/** HTTP dates have no fractions, so neither has what they are compared with. */
function wholeSeconds(moment: Timestamp): number {
  return Math.floor(toMilliseconds(moment) / 1000) * 1000;
}
