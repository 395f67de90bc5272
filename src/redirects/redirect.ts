import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { isUrl } from "../lib/is-url.ts";
import { plainPath } from "../lib/plain-path.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";

/** Moved for ever, for now, for ever with the method kept, and gone. */
export const REDIRECT_STATUSES = [301, 302, 308, 410] as const;

/** How a redirect answers. */
export type RedirectStatus = (typeof REDIRECT_STATUSES)[number];

/** From where to where: a rule of the author's for addresses at which nothing stands. */
export type RedirectRule = {
  /** Decoded path; with `/*` at its end it is meant for all paths below. */
  readonly source: string;
  /** Path of this site or http(s) URL; with `*` at its end what stood for the other `*` is added. Undefined: gone. */
  readonly target: string | undefined;
  readonly status: RedirectStatus;
};

/** A rule as it is stored, with how often it was used. */
export type Redirect = RedirectRule & {
  readonly id: number;
  readonly hits: number;
  readonly lastHitAt: Timestamp | undefined;
};

/** Most redirects of a site. */
export const MAX_REDIRECTS = 5_000;
/** Longest path that is redirected, in characters. */
export const MAX_SOURCE_LENGTH = 500;
/** Longest address that a redirect leads to, in characters. */
export const MAX_TARGET_LENGTH = 2_048;

/** A redirect as it is typed, or stands in a file. */
export type WrittenRedirect = { readonly from: string; readonly to: string; readonly status: string };

/**
 * Reads a redirect. The origin of this site is left out of both addresses, the query of the first is ignored. Throws
 * `invalid` with the field: `from`, `to` or `status`.
 */
export function parseRedirect(written: WrittenRedirect, siteUrl: string): RedirectRule {
  const status = parseStatus(written.status);
  const source = parseSource(withoutOrigin(cleanText(written.from).trim(), siteUrl));
  const to = withoutOrigin(cleanText(written.to).trim(), siteUrl);
  if (status === 410) {
    if (to === "") return { source, target: undefined, status };
    throw invalid(
      "to",
      said`What is gone leads nowhere. Leave the new address empty, or choose another kind of redirect.`,
    );
  }
  const target = parseTarget(to);
  if (target.endsWith("*") && !isPrefix(source)) {
    throw invalid(
      "to",
      said`There is a * at the end of the new address and none in the old one that it could stand for.`,
    );
  }
  return { source, target, status };
}

/** Whether a source is meant for all paths below it. */
export function isPrefix(source: string): boolean {
  return source.endsWith("/*");
}

/** The path of this site that a target leads to, decoded as requests are looked up, its `*` kept; undefined for others. */
export function targetPath(target: string | undefined): string | undefined {
  return target?.startsWith("/") ? plainPath(target) : undefined;
}

/** Where a rule leads from a path that it is meant for. */
export function locationOf({ source, target = "" }: RedirectRule, path: string): string {
  if (!target.endsWith("*")) return target;
  const rest = path
    .slice(source.length - 1)
    .split("/")
    .filter((segment) => segment !== "");
  return target.slice(0, -1) + rest.map(encodeURIComponent).join("/");
}

function parseStatus(text: string): RedirectStatus {
  const status = REDIRECT_STATUSES.find((known) => String(known) === text.trim());
  if (status !== undefined) return status;
  throw invalid("status", said`A redirect answers with ${REDIRECT_STATUSES.join(", ")}. Choose one of them.`);
}

function parseSource(text: string): string {
  const path = plainPath(text);
  const hasOtherStar = path?.slice(0, isPrefix(path) ? -1 : undefined).includes("*");
  if (path === undefined || hasOtherStar === true) {
    throw invalid(
      "from",
      said`The old address is a path such as /2021/old-name, or with /* at its end all paths below.`,
    );
  }
  if ([...path].length <= MAX_SOURCE_LENGTH) return path;
  throw invalid("from", said`The old address has at most ${MAX_SOURCE_LENGTH} characters. Use /* at its end.`);
}

function parseTarget(text: string): string {
  const target = text.startsWith("/") ? toOwnPath(text) : toWebAddress(text);
  if (target === undefined) {
    throw invalid("to", said`The new address is a path of this site such as /notes/name, or begins with https://.`);
  }
  if (target.slice(0, -1).includes("*")) throw invalid("to", said`A * stands at the end of the new address only.`);
  if (target.length <= MAX_TARGET_LENGTH) return target;
  throw invalid("to", said`The new address has at most ${MAX_TARGET_LENGTH} characters. Use a shorter one.`);
}

/** With one slash at its beginning: browsers take two for another site. */
function toOwnPath(text: string): string | undefined {
  const base = "http://site.invalid";
  if (!/^\/(?![/\\])/u.test(text) || !isUrl(text, base)) return undefined;
  const { origin, pathname, search, hash } = new URL(text, base);
  return origin === base && !pathname.startsWith("//") ? pathname + search + hash : undefined;
}

function toWebAddress(text: string): string | undefined {
  const url = /^https?:\/\//iu.test(text) && isUrl(text) ? new URL(text) : undefined;
  return url?.username === "" && url.password === "" ? url.href : undefined;
}

function withoutOrigin(text: string, siteUrl: string): string {
  if (!isUrl(text) || new URL(text).origin !== new URL(siteUrl).origin) return text;
  const { pathname, search, hash } = new URL(text);
  return pathname + search + hash;
}
