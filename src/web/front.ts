import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Coding } from "./coding.ts";
import { chooseCoding } from "./coding.ts";
import { judgeConditions } from "./conditional.ts";
import { createHeadWriter } from "./finished-head.ts";
import type { Freshness } from "./freshness.ts";
import type { PageAddress } from "./page-address.ts";
import { parsePageAddress } from "./page-address.ts";
import type { CachedPage, PageCache } from "./page-cache.ts";
import { MAX_PAGE_BYTES } from "./page-cache.ts";
import { createFlights } from "./page-flights.ts";
import type { PageMaker } from "./page-maker.ts";
import { codePage } from "./page-slot.ts";
import type { RequestLines } from "./request-lines.ts";
import { CLIENT_GONE } from "./request-log.ts";
import { whenOut } from "./when-out.ts";

/** Different `Accept-Encoding` headers whose choice is remembered; the world's browsers have about ten. */
const MAX_KNOWN_ENCODINGS = 100;

/** What answers in front of Express. */
export type FrontOptions = {
  readonly pages: PageCache;
  readonly freshness: Freshness;
  /** Makes what is not cached; undefined: Express does. */
  readonly makePage: PageMaker;
  readonly lines: RequestLines;
  readonly nextId: () => string;
  /** Express: writes, the author's side, feeds that are not cached, and every address that is no page. */
  readonly behind: RequestListener;
  /** Whether a request goes past what is kept: the author, while a template of the theme fails. */
  readonly goesPast?: (req: IncomingMessage) => boolean;
};

/**
 * Creates the look-up in front of Express: a page that is cached and fresh, or that can be made at once, is answered with
 * finished buffers and a finished head, in the coding that the client prefers, or with 304. Everything else goes on to
 * Express as it came.
 */
export function createFront(options: FrontOptions): RequestListener {
  const { pages, freshness, behind } = options;
  const sending: Sending = { ...options, writeHead: createHeadWriter() };
  const choose = createChoice();
  const flights = createFlights();

  function listen(req: IncomingMessage, res: ServerResponse, hasWaited: boolean): void {
    const startedAt = performance.now();
    const version = mayBeKept(options, req) ? checkOrNot(freshness) : undefined;
    if (version === undefined) {
      behind(req, res);
      return;
    }
    const address = parsePageAddress(req.url ?? "");
    if (answerPage(req, res, { address, startedAt })) return;
    if (!hasWaited && flights.wait(address, () => listen(req, res, true))) return;
    // Whoever makes the page may leave it here, unless something public changed meanwhile.
    const release = flights.start(address, res);
    (res as { locals?: object }).locals = { slot: { pages, freshness, version, release } };
    behind(req, res);
  }

  /** Returns whether it was one of the pages that are cached, or are made at once. */
  function answerPage(
    req: IncomingMessage,
    res: ServerResponse,
    { address, startedAt }: { readonly address: PageAddress; readonly startedAt: number },
  ): boolean {
    const coding = choose(req.headers["accept-encoding"]);
    if (coding === undefined) return false;
    const cached = find(pages, address);
    const page = cached ?? make(options, address, req);
    if (page === undefined) return false;
    answer(sending, { req, res, page, coding, startedAt, result: cached && "cached" });
    return true;
  }

  return (req, res) => listen(req, res, false);
}

function mayBeKept({ goesPast }: FrontOptions, req: IncomingMessage): boolean {
  return isRead(req) && goesPast?.(req) !== true;
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/** Undefined when the database cannot be asked: then nothing that is kept may be believed, and Express says what is wrong. */
function checkOrNot(freshness: Freshness): number | undefined {
  try {
    return freshness.check();
  } catch {
    return undefined;
  }
}

/** A page that was not cached, made and, with keys, left for the requests that follow; undefined where Express must say what is there. */
function make({ pages, makePage }: FrontOptions, address: PageAddress, req: IncomingMessage): CachedPage | undefined {
  try {
    const page = makePage(address, req);
    if (page !== undefined && page.keys.length > 0 && page.body.length <= MAX_PAGE_BYTES) pages.set(page);
    return page;
  } catch {
    return undefined; // It fails there again, and that is answered and logged.
  }
}

/** What an answer is sent with. */
type Sending = FrontOptions & { readonly writeHead: ReturnType<typeof createHeadWriter> };

type Hit = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly page: CachedPage;
  readonly coding: Coding | "identity";
  readonly startedAt: number;
  readonly result: "cached" | undefined;
};

function find(pages: PageCache, { path, place }: PageAddress): CachedPage | undefined {
  if (place === "") return pages.get(path);
  const paged = pages.get(path + place);
  if (paged !== undefined) return paged;
  const bare = pages.get(path);
  return bare?.isPaged === false ? bare : undefined;
}

function answer(options: Sending, hit: Hit): void {
  const { req, res, page, coding } = hit;
  const verdict = judge(req, page);
  if (verdict === "failed") options.behind(req, res);
  else if (verdict === "not_modified") send(options, hit, NOT_MODIFIED);
  else if (coding === "identity") send(options, hit, { status: 200, body: page.body });
  else sendCoded(options, hit, coding);
}

function sendCoded(options: Sending, hit: Hit, coding: Coding): void {
  const body = hit.page.coded?.get(coding);
  if (body !== undefined && !(body instanceof Promise)) {
    send(options, hit, { status: 200, body, coding });
    return;
  }
  codePage(options.pages, hit.page, coding).then(
    (coded) => send(options, hit, { status: 200, body: coded, coding }),
    () => options.behind(hit.req, hit.res), // Express says what is wrong, and the log too.
  );
}

type Answer = { readonly status: 200 | 304; readonly body: Buffer | undefined; readonly coding?: Coding };

const NOT_MODIFIED: Answer = { status: 304, body: undefined };

function send({ lines, nextId, writeHead }: Sending, hit: Hit, answer: Answer): void {
  const { req, res, page, startedAt } = hit;
  const { socket } = req; // A closed answer has lost its own.
  const requestId = nextId();
  const writtenBefore = socket.bytesWritten;
  writeHead(res, { status: answer.status, lines: toHead(page, answer, requestId) }, startedAt);
  if (req.method === "HEAD") res.end();
  else res.end(answer.body);
  const firstByteMs = performance.now() - startedAt;

  whenOut(res, (isAtOnce) => {
    lines.write({
      requestId,
      method: req.method ?? "GET",
      route: page.route,
      status: res.headersSent ? res.statusCode : CLIENT_GONE,
      sizeBytes: socket.bytesWritten - writtenBefore,
      durationMs: isAtOnce ? firstByteMs : performance.now() - startedAt,
      firstByteMs,
      result: res.writableFinished ? hit.result : "aborted",
    });
  });
}

/** What many pages say, what is the page's own, and what is this answer's. */
function toHead(page: CachedPage, { body, coding }: Answer, requestId: string): string {
  const { head, etag, modifiedDate, mediaType } = page;
  const modified = modifiedDate === undefined ? "" : `Last-Modified: ${modifiedDate}\r\n`;
  const named = `${head}ETag: ${etag}\r\n${modified}X-Request-Id: ${requestId}\r\n`;
  if (body === undefined) return named;
  const own = `${named}content-type: ${mediaType}\r\ncontent-length: ${body.length}\r\n`;
  return coding === undefined ? own : `${own}content-encoding: ${coding}\r\n`;
}

function judge(req: IncomingMessage, page: CachedPage): "proceed" | "not_modified" | "failed" {
  const { headers } = req;
  const hasConditions =
    headers["if-none-match"] !== undefined ||
    headers["if-modified-since"] !== undefined ||
    headers["if-match"] !== undefined ||
    headers["if-unmodified-since"] !== undefined;
  return hasConditions ? judgeConditions(headers, page) : "proceed";
}

/** Remembers what was chosen for a header: few different ones come, and reading them is dear. */
function createChoice(): (header: string | undefined) => Coding | "identity" | undefined {
  const known = new Map<string, Coding | "identity" | undefined>();
  return (header) => {
    if (header === undefined) return "identity";
    if (known.has(header)) return known.get(header);
    const chosen = chooseCoding(header);
    if (known.size < MAX_KNOWN_ENCODINGS) known.set(header, chosen);
    return chosen;
  };
}
