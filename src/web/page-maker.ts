import type { IncomingMessage } from "node:http";
import { parse } from "node:querystring";
import type { Context } from "../context/context.ts";
import { PAGE_TYPE, pagePolicy, publicHeaders, weakTag } from "./answer.ts";
import { canonicalPath } from "./canonical-path.ts";
import { toHeadLines } from "./finished-head.ts";
import type { Query } from "./input.ts";
import type { PageAddress } from "./page-address.ts";
import type { CachedPage } from "./page-cache.ts";
import type { ReaderPage } from "./reader-page.ts";
import { securityFields } from "./security-headers.ts";

/**
 * Makes the page at an address as the page cache keeps it, for who asks; without keys where it may not be kept. Undefined
 * where Express must answer.
 */
export type PageMaker = (address: PageAddress, req: IncomingMessage) => CachedPage | undefined;

/** A page of the list with the parts of its pattern. */
type Known = { readonly page: ReaderPage; readonly parts: readonly string[] };

/**
 * Creates what makes these pages in front of Express. An address that is spelled unusually, that no pattern fits or whose
 * page cannot be made is left to Express, which has the same pages and says what is wrong.
 */
export function createPageMaker(ctx: Pick<Context, "config" | "db">, pages: readonly ReaderPage[]): PageMaker {
  const known = pages.map((page) => ({ page, parts: page.pattern.split("/") }));
  const security = securityFields(ctx);

  return ({ path, place }, req) => {
    const parts = splitPath(path);
    const fitting = known.find((each) => fits(each, parts));
    if (fitting === undefined) return undefined;
    const { pattern, isAsked, make } = fitting.page;
    const query = isAsked ? wholeQuery(req) : Object.fromEntries(new URLSearchParams(place));
    const answer = ctx.db.moment(() => make(paramsOf(fitting, parts), query, req));
    if (answer === undefined) return undefined;

    const { html, keys = [], lastModified, isPaged = false } = answer;
    const body = Buffer.from(html);
    const etag = weakTag(body);
    const {
      ETag: _own,
      "Last-Modified": modifiedDate,
      ...headers
    } = publicHeaders({ ...answer, policy: pagePolicy(answer) }, etag);
    return {
      address: isPaged ? path + place : path,
      isPaged,
      route: pattern,
      keys,
      etag,
      lastModified,
      modifiedDate,
      head: toHeadLines(Object.entries({ ...security, ...headers })),
      mediaType: PAGE_TYPE,
      body,
      coded: undefined,
    };
  };
}

/** As Express reads it. */
function wholeQuery({ url = "" }: IncomingMessage): Query {
  const mark = url.indexOf("?");
  return mark === -1 ? {} : parse(url.slice(mark + 1));
}

/** The parts of a path in its one right spelling, decoded; none of any other. */
function splitPath(path: string): string[] {
  if (canonicalPath(path) !== path) return [];
  const parts = path.split("/");
  return path.includes("%") ? parts.map(decodeURIComponent) : parts;
}

function fits({ parts: wanted }: Known, parts: readonly string[]): boolean {
  return wanted.length === parts.length && wanted.every((part, index) => part.startsWith(":") || part === parts[index]);
}

function paramsOf({ parts: wanted }: Known, parts: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) if (part.startsWith(":")) params[part.slice(1)] = parts[index] ?? "";
  return params;
}
