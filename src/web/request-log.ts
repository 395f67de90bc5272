import type { RequestHandler, Response } from "express";
import type { Context } from "../context/context.ts";
import { createRequestId } from "../lib/request-id.ts";
import type {} from "./locals.ts";

/** What the log says of a client that went before the answer began. Not on the wire; nginx uses it. */
const CLIENT_GONE = 499;

/** What the log says of a request whose path no route knows: the path itself may hold anything. */
const NO_ROUTE = "unmatched";

/**
 * Gives each request a name of our own making, says it in `X-Request-Id`, and writes one line when the answer is
 * finished or the client has gone. A name that the client sends is not believed: it could forge a log.
 */
export function requestLog(ctx: Pick<Context, "log">): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const writtenBefore = req.socket.bytesWritten;
    const { method, socket } = req; // A closed answer has lost its socket.
    res.locals.requestId = createRequestId();
    res.setHeader("X-Request-Id", res.locals.requestId);

    res.once("close", () => {
      const size = socket.bytesWritten - writtenBefore;
      writeLine(ctx, res, {
        method,
        size_bytes: size,
        duration_ms: roundToMicroseconds(performance.now() - startedAt),
      });
    });
    next();
  };
}

type Measured = { method: string; size_bytes: number; duration_ms: number };

/** `size_bytes` is what went over the line for this answer, its head included. */
function writeLine(ctx: Pick<Context, "log">, res: Response, measured: Measured): void {
  const { requestId, routePattern = NO_ROUTE } = res.locals;
  const status = res.headersSent ? res.statusCode : CLIENT_GONE;
  const fields = { request_id: requestId, route: routePattern, status, ...measured };
  const aborted = res.writableFinished ? {} : { result: "aborted" };
  ctx.log.info({ event: "request.done", ...fields, ...aborted }, "request done");
}

function roundToMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
