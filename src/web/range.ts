/** A part of a file, in bytes, both ends included; the whole; or a part that does not exist. */
export type Range = { readonly start: number; readonly end: number } | "whole" | "unsatisfiable";

type RangeHeaders = { readonly range?: string | undefined; readonly "if-range"?: string | undefined };

const ONE_RANGE = /^bytes=(?:(?<first>\d{1,15})-(?<last>\d{1,15})?|-(?<suffix>\d{1,15}))$/u;

/**
 * Chooses what a GET with a Range header is answered with. Several ranges, other units and what cannot be read are no
 * range; so is one whose If-Range names another state than `etag`, which must be strong.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function chooseRange(headers: RangeHeaders, { size, etag }: { size: number; etag: string }): Range {
  const condition = headers["if-range"];
  if (condition !== undefined && condition !== etag) return "whole";
  const parts = ONE_RANGE.exec(headers.range?.replaceAll(" ", "") ?? "")?.groups;
  if (parts === undefined) return "whole";
  return parts.suffix === undefined ? fromStart(parts, size) : fromEnd(Number(parts.suffix), size);
}

function fromStart(parts: { first?: string; last?: string }, size: number): Range {
  const start = Number(parts.first);
  const last = parts.last === undefined ? size - 1 : Number(parts.last);
  if (last < start && parts.last !== undefined) return "whole"; // Not a range at all (§14.1.1).
  return start < size ? { start, end: Math.min(last, size - 1) } : "unsatisfiable";
}

function fromEnd(length: number, size: number): Range {
  if (length === 0 || size === 0) return "unsatisfiable";
  return { start: Math.max(0, size - length), end: size - 1 };
}
