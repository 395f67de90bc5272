import type { RequestHandler, Response } from "express";
import { createRequestIds } from "../lib/request-id.ts";
import { InFlight } from "../monitoring/in-flight.ts";
import type {} from "./locals.ts";
import type { RequestLines } from "./request-lines.ts";

/** What log and metrics say of a client that went before the answer began. Not on the wire; nginx uses it. */
export const CLIENT_GONE = 499;

/** What the log says of a request whose path no route knows: the path itself may hold anything. */
const NO_ROUTE = "unmatched";

/**
 * Gives each request a name of our own making, says it in `X-Request-Id`, and writes one line when the answer is
 * finished or the client has gone; `sizeBytes` is what went over the line for it, its head included. A name that the
 * client sends is not believed: it could forge a log. `inFlight` counts what came and is not answered.
 */
export function requestLog(
  lines: Pick<RequestLines, "write">,
  inFlight = new InFlight(),
  nextId = createRequestIds(),
): RequestHandler {
  return (req, res, next) => {
    const startedAt = res.locals.cameAt ?? performance.now();
    const writtenBefore = req.socket.bytesWritten;
    const { method, socket } = req; // A closed answer has lost its socket.
    res.writeHead = writeTimedHead as Response["writeHead"];
    res.locals.requestId = nextId();
    res.setHeader("X-Request-Id", res.locals.requestId);

    const wasGone = res.closed;
    inFlight.begin();
    whenClosed(res, () => {
      inFlight.end();
      const firstByteAt = res.locals.headWrittenAt;
      const { requestId, route, status, result } = outcomeOf(res, wasGone);
      lines.write({
        requestId,
        route,
        status,
        result,
        method,
        sizeBytes: socket.bytesWritten - writtenBefore,
        durationMs: performance.now() - startedAt,
        firstByteMs: firstByteAt === undefined ? undefined : firstByteAt - startedAt,
      });
    });
    next();
  };
}

/** A client may have gone while its request waited; its route is known a moment later. */
function whenClosed(res: Response, tell: () => void): void {
  if (res.closed) setImmediate(tell);
  else res.once("close", tell);
}

/**
 * There is no event for it: every way to begin an answer leads through `writeHead`. The same function for every answer:
 * one made for each is dear, and lets V8 keep answers that are long over.
 */
function writeTimedHead(this: Response, ...parts: Parameters<Response["writeHead"]>): Response {
  this.locals.headWrittenAt ??= performance.now();
  return Object.getPrototypeOf(this).writeHead.apply(this, parts);
}

function outcomeOf(res: Response, wasGone: boolean) {
  const { requestId, routePattern: route = NO_ROUTE } = res.locals;
  const status = res.headersSent ? res.statusCode : CLIENT_GONE;
  return { requestId, route, status, result: res.writableFinished && !wasGone ? undefined : ("aborted" as const) };
}
