import type { RequestHandler } from "express";
import type { Context } from "../context/context.ts";
import type { OwnTheme } from "../theme/own-theme.ts";
import { findRequestSession } from "./session-cookie.ts";
import { asAuthor } from "./themed-render.ts";

/** Remembers that it is the author who asks, as long as there are templates that might fail. */
export function tellAuthor(ctx: Context, theme: OwnTheme): RequestHandler {
  return (req, _res, next) => {
    const mayFail = theme.files().length > 0 && (req.method === "GET" || req.method === "HEAD");
    if (!mayFail || findRequestSession(ctx, req) === undefined) return next();
    asAuthor(next);
  };
}
