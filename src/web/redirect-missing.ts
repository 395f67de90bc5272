import type { ErrorRequestHandler } from "express";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { plainPath } from "../lib/plain-path.ts";
import { said } from "../lib/words.ts";
import { followRedirect } from "../redirects/follow.ts";
import type { Tally } from "../redirects/tally.ts";
import { missingHeaders } from "./edge-headers.ts";
import { isForEveryone } from "./error-handler.ts";
import { toFailure } from "./failure.ts";

/** What is asked of the redirects: the database, and where is counted. */
type Tools = { readonly ctx: Pick<Context, "config" | "db" | "log">; readonly tally: Tally };

/**
 * Leads on from an address at which nothing stands for readers (404, 410), where the author made a redirect, and counts
 * what was not found. It stands behind every route, so no redirect ever comes before a page.
 */
export function redirectMissing({ ctx, tally }: Tools): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
  return (error: unknown, req, res, next) => {
    const failure = toFailure(error, false);
    if (res.headersSent || !isForEveryone(req, res, failure)) return next(error);
    const followed = followRedirect(ctx.db, plainPath(req.path) ?? "/");
    if (followed === undefined) {
      if (failure.status === 404) tally.miss(req.path, req.get("Referer"));
      return next(error);
    }
    tally.hit(followed.redirect.id);
    if (followed.location === undefined) return next(new AppError("gone", said`The author took this down.`));
    res.set(missingHeaders(ctx.config)).redirect(followed.redirect.status, followed.location);
  };
}
