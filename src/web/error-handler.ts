import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import type { Context } from "../context/context.ts";
import { notFound } from "../lib/errors.ts";
import type { CachingHeaders } from "./edge-headers.ts";
import { missingHeaders } from "./edge-headers.ts";
import { answerFailure, isProtocol } from "./error-answer.ts";
import type { Failure } from "./failure.ts";
import { toFailure } from "./failure.ts";
import type { Render } from "./views.ts";

/** What handlers may have said of an answer that is now another one. */
const STALE_HEADERS = [
  "ETag",
  "Last-Modified",
  "Content-Encoding",
  "Content-Disposition",
  "Content-Length",
  "Link",
  "Surrogate-Key",
  "Cache-Tag",
];

const NOT_KEPT: CachingHeaders = { "Cache-Control": "no-store" };

/** The end of the table of routes: there is no such page. */
export function notFoundHandler(): RequestHandler {
  return (_req, _res, next) => next(notFound("page"));
}

/**
 * Answers every error, once: as a page, as `application/problem+json`, in the shape of a protocol or as a fragment, see
 * `answerFailure`. Faults of ours are logged with their cause, which no client sees.
 */
export function errorHandler(ctx: Pick<Context, "config" | "db" | "log">, render: Render): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
  return (error: unknown, req, res, _next) => {
    const isRead = req.method === "GET" || req.method === "HEAD";
    const failure = toFailure(error, !isRead && !isProtocol(req));
    const log = (err: unknown) => {
      const { requestId, routePattern } = res.locals;
      const fields = { request_id: requestId, method: req.method, route: routePattern, status: failure.status, err };
      ctx.log.error({ event: "request.failed", ...fields }, "request failed");
    };
    if (failure.status >= 500) log(error);
    if (res.headersSent) {
      // Half an answer cannot be taken back: the client must see that it is cut short.
      res.destroy();
      return;
    }

    const caching = isForEveryone(req, res, failure) ? missingHeaders(ctx.config) : NOT_KEPT;
    for (const name of STALE_HEADERS) res.removeHeader(name);
    res.status(failure.status).set({ ...caching, ...failure.headers });
    answerFailure({ ctx, render, req, res, failure, log });
  };
}

/** Whether everyone may be told that there is no such page: then it may be kept for a moment. Not what the author or an app is told. */
export function isForEveryone(req: Request, res: Response, { status }: Failure): boolean {
  const isMissing = (status === 404 || status === 410) && (req.method === "GET" || req.method === "HEAD");
  return isMissing && !isProtocol(req) && res.getHeader("Cache-Control") !== NOT_KEPT["Cache-Control"];
}
