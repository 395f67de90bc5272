import type { Request, Response } from "express";
import type { Context } from "../context/context.ts";
import type { AppParts } from "./app-frame.ts";
import { isForReaders } from "./author-paths.ts";
import type { LateListener, LateOptions } from "./late-listener.ts";
import { createLateListener } from "./late-listener.ts";
import { requestLog } from "./request-log.ts";
import { securityFields } from "./security-headers.ts";

/** What must be there already: both applications share it. */
export type BehindParts = AppParts &
  Required<Pick<AppParts, "lines" | "nextId" | "sources" | "render" | "readerPages">>;

/** How soon a client may ask again after the program could not be loaded, in seconds. */
const RETRY_SECONDS = 5;

const PLAIN = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };

const SENTENCE = "The server could not load a part of itself. Ask again in a moment.\n";

/**
 * Creates what answers behind the cached pages. Readers have an application of their own, so that a site which nobody
 * writes on has little in memory; the whole one is loaded with the first request of the author or an app. Each is loaded
 * with the first request for it, and neither before: the first page of a new process needs none.
 */
export function createBehind(ctx: Context, parts: BehindParts): LateListener {
  const refuse = createRefusal(ctx, parts);
  const readers = createLateListener({
    load: async () => (await import("./readers-app.ts")).createReadersApp(ctx, parts),
    refuse,
  });
  const whole = createLateListener({
    load: async () => (await import("./whole-app.ts")).createWhole(ctx, parts),
    refuse,
  });
  return {
    listener: (req, res) => (isForReaders(req.url ?? "") ? readers : whole).listener(req, res),
    async settled() {
      await Promise.all([readers.settled(), whole.settled()]);
    },
  };
}

/** Says so in plain text, since whatever makes pages of errors is not there, and writes it down as any other failure. */
function createRefusal(ctx: Context, { lines, nextId, sources }: BehindParts): LateOptions["refuse"] {
  const record = requestLog(lines, sources.inFlight, nextId);
  const headers = { ...securityFields(ctx), ...PLAIN, "Retry-After": RETRY_SECONDS };
  return (req, res, err) =>
    record(req as Request, res as Response, () => {
      const { requestId } = (res as Response).locals;
      const fields = { request_id: requestId, method: req.method, status: 503, err };
      ctx.log.error({ event: "request.failed", ...fields }, "request failed");
      res.writeHead(503, headers).end(req.method === "HEAD" ? undefined : SENTENCE);
    });
}
