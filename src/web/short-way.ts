import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Express, NextFunction, Request, Response } from "express";
import type { Context } from "../context/context.ts";
import { paths } from "../lib/urls.ts";
import type { RouteParts } from "./app-frame.ts";
import { CROSS_ORIGIN_FIELDS } from "./cors.ts";
import { errorHandler } from "./error-handler.ts";
import type { MicropubDoor } from "./micropub-door.ts";
import { answerMicropubError } from "./micropub-error.ts";
import { requestLog } from "./request-log.ts";
import { micropubPosts } from "./routes/micropub.ts";
import { securityFields } from "./security-headers.ts";

/** What the short way shares with the application, and the application itself. */
export type ShortWayParts = Pick<RouteParts, "lines" | "render" | "sources"> & {
  readonly nextId: (() => string) | undefined;
  readonly door: MicropubDoor;
  readonly app: Express;
};

/**
 * Creates what answers posts to the Micropub endpoint without Express, with the same log, headers, checks and errors: an
 * author waits for each of them, and of the way to the route nothing matters there. All else goes on to the application.
 */
export function createShortWay(ctx: Context, parts: ShortWayParts): RequestListener {
  const { app, door, lines, nextId, sources } = parts;
  const record = requestLog(lines, sources.inFlight, nextId);
  const headers = Object.entries({ ...securityFields(ctx), ...CROSS_ORIGIN_FIELDS });
  const post = micropubPosts(ctx, door);
  const fail = createFailing(ctx, parts);

  return (req, res) => {
    if (req.method !== "POST" || req.url !== paths.micropub()) {
      app(req, res);
      return;
    }
    const [request, response] = dressed(req, res);
    record(request, response, () => {
      for (const [name, value] of headers) response.setHeader(name, value);
      response.locals.routePattern = paths.micropub();
      post(request, response).catch((error: unknown) => fail(request, response, error));
    });
  };
}

/** The two as Express hands them on, as far as handlers ask here for what Node does not have. */
function dressed(req: IncomingMessage, res: ServerResponse): [Request, Response] {
  const [request, response] = [req as Request, res as Response];
  request.res = response;
  response.locals ??= Object.create(null);
  return [request, response];
}

/** Answers errors as the application does, which is where the rest of Express is needed. */
function createFailing(ctx: Context, { app, render }: ShortWayParts) {
  const handle = errorHandler(ctx, render);
  return (req: Request, res: Response, error: unknown): void => {
    const next: NextFunction = (unanswered) => handle(unanswered, req, res, next);
    req.next = next;
    Object.setPrototypeOf(req, app.request);
    Object.setPrototypeOf(res, app.response);
    answerMicropubError(error, req, res, next);
  };
}
