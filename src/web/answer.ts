import { hash } from "node:crypto";
import type { Request, Response } from "express";
import type { Timestamp } from "../lib/clock.ts";
import { said } from "../lib/words.ts";
import type { ShownElsewhere } from "../notes/note-image-store.ts";
import type { Coding } from "./coding.ts";
import { CODINGS, chooseCoding } from "./coding.ts";
import { compress } from "./compress.ts";
import type { Validators } from "./conditional.ts";
import { judgeConditions } from "./conditional.ts";
import type { CachingHeaders } from "./edge-headers.ts";
import { sourcesIn } from "./elsewhere.ts";
import { toHttpDate } from "./http-date.ts";
import { HttpError } from "./http-error.ts";
import { keepPage } from "./page-slot.ts";
import type { PolicyOptions } from "./security-headers.ts";
import { authorPolicy, publicPolicy } from "./security-headers.ts";

/** A page for everyone. */
export type PublicAnswer = {
  html: string;
  /** 200 unless said. Only a 200 is answered with 304. */
  status?: number;
  /** Who may keep it; unless said anybody, who then asks again each time. With `no-store` see `sendAuthorPage`. */
  caching?: CachingHeaders;
  lastModified?: Timestamp | undefined;
  /** Keys of `public_changes` that make the page stale. Only with them is it kept for the requests that follow. */
  keys?: readonly string[];
  /** Whether `before` and `after` in the query lead to other pages of it. */
  isPaged?: boolean;
  /** Whether images may come from other servers, as the author allowed in the settings. */
  remoteImages?: boolean;
  /** Files that notes show from elsewhere for now; the page's policy allows those of them that its HTML shows. */
  elsewhere?: readonly ShownElsewhere[];
};

/** A whole answer that is no page: a feed that is at hand, a sitemap, an asset. */
export type BodyAnswer = {
  body: Buffer | string;
  /** With its charset, if it is text. */
  mediaType: string;
  status?: number;
  caching?: CachingHeaders;
  lastModified?: Timestamp | undefined;
  /** As on the wire; unless said a weak hash of the body. Must be weak where the body is coded. */
  etag?: string;
  keys?: readonly string[];
  isPaged?: boolean;
  /** What the answer may load from elsewhere; undefined: nothing. */
  policy?: PolicyOptions | undefined;
  /** Bodies in codings that are made already. */
  coded?: (coding: Coding) => Promise<Buffer>;
};

type Headed = Pick<BodyAnswer, "caching" | "policy" | "lastModified">;

/** The media type of every page. */
export const PAGE_TYPE = "text/html; charset=utf-8";

const CHECKED: CachingHeaders = { "Cache-Control": "no-cache" };

/**
 * Answers with a page for everyone: ETag, 304 and 412, the coding that the client prefers, HEAD. With `no-store` in
 * `caching` there is neither validator nor coding, as for the author. What goes wrong reaches the error handler:
 * HttpError 406 when the client refuses every coding, plain bytes included.
 */
export function sendPage(req: Request, res: Response, page: PublicAnswer): void {
  const { html, remoteImages: _images, elsewhere: _elsewhere, ...rest } = page;
  sendBody(req, res, { ...rest, body: html, mediaType: PAGE_TYPE, policy: pagePolicy(page) });
}

/** What a page may load from elsewhere; undefined: nothing. */
export function pagePolicy(page: Pick<PublicAnswer, "html" | "remoteImages" | "elsewhere">): PolicyOptions | undefined {
  const { html, remoteImages, elsewhere = [] } = page;
  const sources = elsewhere.length === 0 ? undefined : sourcesIn(html, elsewhere);
  return remoteImages === true || sources !== undefined ? { remoteImages, sources } : undefined;
}

/** What an answer for everyone says in every coding and in a 304, besides the headers of all answers. */
export function publicHeaders(answer: Headed, etag: string): Readonly<Record<string, string>> {
  const { caching = CHECKED, lastModified } = answer;
  const headers = { ...policyHeaders(answer), ...caching, Vary: "Accept-Encoding", ETag: etag };
  return lastModified === undefined ? headers : { ...headers, "Last-Modified": toHttpDate(lastModified) };
}

function policyHeaders({ policy }: Headed): Readonly<Record<string, string>> {
  return policy === undefined ? {} : { "Content-Security-Policy": publicPolicy(policy) };
}

/**
 * Answers with a page for the author alone. It is kept nowhere, and never compressed: a length that depends on a secret
 * and on what a stranger can add to the page would tell the secret (BREACH).
 */
export function sendAuthorPage(
  res: Response,
  page: Pick<PublicAnswer, "html" | "status" | "remoteImages" | "elsewhere">,
): void {
  const body = Buffer.from(page.html);
  const policy = pagePolicy(page);
  if (policy !== undefined) res.set("Content-Security-Policy", authorPolicy(policy));
  res.status(page.status ?? 200);
  res.set({ "Content-Type": PAGE_TYPE, "Cache-Control": "no-store" });
  finish(res, body);
}

/** Answers a script of the author's pages with JSON. It is kept nowhere either. */
export function sendAuthorJson(res: Response, body: object): void {
  res.set({ "Content-Type": "application/json", "Cache-Control": "no-store" });
  finish(res, Buffer.from(JSON.stringify(body)));
}

/** Answers with finished bytes, under the same rules as `sendPage`. */
export function sendBody(req: Request, res: Response, answer: BodyAnswer): void {
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body);
  res.status(answer.status ?? 200);
  if (answer.caching?.["Cache-Control"]?.includes("no-store")) {
    res.set({ ...policyHeaders(answer), ...answer.caching, "Content-Type": answer.mediaType });
    finish(res, body);
    return;
  }

  // A promise that nobody waits for: its failure goes where Express takes those of handlers.
  deliver(req, res, { ...answer, body }).catch((error: unknown) => req.next?.(error));
}

async function deliver(req: Request, res: Response, answer: BodyAnswer & { body: Buffer }): Promise<void> {
  const { body, mediaType, lastModified, keys, isPaged = false } = answer;
  const coding = requireCoding(req, isCompressible(mediaType) ? CODINGS : []);
  const etag = answer.etag ?? weakTag(body);
  res.set({ ...publicHeaders(answer, etag), "Content-Type": mediaType });
  const isPage = res.statusCode === 200;
  const kept = keys && isPage ? keepPage(res, { body, keys, isPaged, etag, lastModified }) : undefined;
  if (isPage && answerUnchanged(req, res, { etag, lastModified })) return;

  const make = kept ?? answer.coded ?? ((wanted: Coding) => compress(body, wanted));
  const coded = coding === "identity" ? body : await make(coding);
  if (coding !== "identity") res.set("Content-Encoding", coding);
  finish(res, coded);
}

/**
 * Sets `ETag` and `Last-Modified`, and answers a GET or HEAD whose conditions ask for 304; returns whether it did.
 * The other headers that a 304 repeats (`Cache-Control`, `Vary`) must be set before. Throws HttpError 412 when what the
 * client wants to be there is not.
 */
export function answerConditions(req: Request, res: Response, validators: Validators): boolean {
  setValidators(res, validators);
  return answerUnchanged(req, res, validators);
}

/** The same for an answer that has its validators. */
function answerUnchanged(req: Request, res: Response, validators: Validators): boolean {
  if (req.method !== "GET" && req.method !== "HEAD") return false;

  const verdict = judgeConditions(req.headers, validators);
  if (verdict === "failed") throw new HttpError(412, said`This page is no longer as the request expects it.`);
  if (verdict === "proceed") return false;
  res.removeHeader("Content-Type"); // A 304 has no content.
  res.status(304).end();
  return true;
}

function setValidators(res: Response, { etag, lastModified }: Validators): void {
  if (etag !== undefined) res.set("ETag", etag);
  if (lastModified !== undefined) res.set("Last-Modified", toHttpDate(lastModified));
}

/** The weak ETag of a body, 128 bits of its hash. It is weak since all codings of the body share it. */
export function weakTag(body: Buffer): string {
  return `W/"${hash("sha256", body, "base64url").slice(0, 22)}"`;
}

/** The coding of these, or none, that an answer is sent in. Throws HttpError 406 when the client takes none that there is. */
export function requireCoding(req: Request, available: readonly Coding[]): Coding | "identity" {
  const coding = chooseCoding(req.get("Accept-Encoding"), available);
  if (coding === undefined) {
    throw new HttpError(
      406,
      said`This address answers in br, gzip or plain, and the request's Accept-Encoding takes none.`,
    );
  }
  return coding;
}

function isCompressible(mediaType: string): boolean {
  return /^text\/|[/+](?:xml|json|javascript)\b/.test(mediaType);
}

/** Ends an answer with a whole body. HEAD has its length too. */
export function finish(res: Response, body: Buffer): void {
  res.set("Content-Length", String(body.length));
  res.end(res.req.method === "HEAD" ? undefined : body);
}
