import type { Response } from "express";
import type { Timestamp } from "../lib/clock.ts";
import type { Coding } from "./coding.ts";
import { compress } from "./compress.ts";
import { toHeadLines } from "./finished-head.ts";
import type { Freshness } from "./freshness.ts";
import { parsePageAddress } from "./page-address.ts";
import type { CachedPage, PageCache } from "./page-cache.ts";
import { MAX_PAGE_BYTES } from "./page-cache.ts";

/** Where a miss may leave the page that it made. `version` is that of the data when the request came. */
export type PageSlot = {
  readonly pages: PageCache;
  readonly freshness: Freshness;
  readonly version: number;
  /** Lets those go on who wait for the page: it is kept, or takes longer than they should wait. */
  readonly release: () => void;
};

/** A page that was just made for everyone. */
export type MadePage = {
  readonly body: Buffer;
  readonly keys: readonly string[];
  /** Whether `before` and `after` mean something to it. */
  readonly isPaged: boolean;
  readonly etag: string;
  readonly lastModified: Timestamp | undefined;
};

/** Headers that belong to one answer or one coding, and not to the page; its type, which a 304 has not; its validators. */
const OWN_HEADERS = new Set([
  "x-request-id",
  "content-length",
  "content-encoding",
  "content-type",
  "etag",
  "last-modified",
]);

/**
 * Leaves a finished page for the requests that follow, unless it is too large or something public changed since its
 * request came. The headers that a 200 shall have must be set on the answer. Returns what makes its codings, once each.
 */
export function keepPage(res: Response, made: MadePage): ((coding: Coding) => Promise<Buffer>) | undefined {
  const { slot, routePattern } = res.locals;
  if (slot === undefined || made.body.length > MAX_PAGE_BYTES || slot.freshness.check() !== slot.version)
    return undefined;
  const { path, place } = parsePageAddress(res.req.originalUrl);
  const headers = Object.entries(res.getHeaders()).filter(([name]) => !OWN_HEADERS.has(name));
  const page: CachedPage = {
    address: made.isPaged ? path + place : path,
    isPaged: made.isPaged,
    route: routePattern ?? "",
    keys: made.keys,
    etag: made.etag,
    lastModified: made.lastModified,
    modifiedDate: res.getHeader("last-modified")?.toString(),
    head: toHeadLines(headers.map(([name, value]) => [name, String(value)])),
    mediaType: String(res.getHeader("content-type")),
    body: made.body,
    coded: undefined,
  };
  slot.pages.set(page);
  slot.release();
  return (coding) => codePage(slot.pages, page, coding);
}

/** The page in a coding, made once however many ask for it at the same time. */
export function codePage(pages: PageCache, page: CachedPage, coding: Coding): Promise<Buffer> {
  page.coded ??= new Map();
  const { coded } = page;
  const known = coded.get(coding);
  if (known !== undefined) return Promise.resolve(known);
  const made = compress(page.body, coding).then((body) => {
    pages.addCoding(page, coding, body);
    return body;
  });
  coded.set(coding, made);
  made.catch(() => coded.delete(coding));
  return made;
}
