import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Request, Response } from "express";
import type { Context } from "../context/context.ts";
import type { AppParts } from "./app-frame.ts";
import { isForReaders } from "./author-paths.ts";
import type { LateListener, LateOptions } from "./late-listener.ts";
import { createLateListener } from "./late-listener.ts";
import { asksForHealth, sendHealth } from "./plain-health.ts";
import { requestLog } from "./request-log.ts";
import { securityFields } from "./security-headers.ts";

/** What must be there already: both applications share it. */
export type BehindParts = AppParts &
  Required<Pick<AppParts, "health" | "lines" | "nextId" | "sources" | "render" | "readerPages">>;

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
  const answerHealth = createHealthAnswer(ctx, parts);
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
    listener(req, res) {
      if (asksForHealth(req)) answerHealth(req, res);
      else (isForReaders(req.url ?? "") ? readers : whole).listener(req, res);
    },
    async settled() {
      await Promise.all([readers.settled(), whole.settled()]);
    },
  };
}

/** Answers `/health` as Express would, without it: a process that is watched, and that nobody else visits, stays small. */
function createHealthAnswer(ctx: Context, parts: BehindParts): RequestListener {
  const record = createRecord(parts);
  const headers = Object.entries(securityFields(ctx));
  return (req, res) =>
    record(req, res, ({ locals }) => {
      locals.routePattern = "/health";
      for (const [name, value] of headers) res.setHeader(name, value);
      sendHealth(req, res, parts.health.read());
    });
}

/** The request log for what is answered without Express. */
function createRecord({ lines, nextId, sources }: BehindParts) {
  const log = requestLog(lines, sources.inFlight, nextId);
  return (req: IncomingMessage, res: ServerResponse, answer: (res: Response) => void): void => {
    const known = res as Response;
    known.locals ??= {} as Response["locals"];
    log(req as Request, known, () => answer(known));
  };
}

/** Says so in plain text, since whatever makes pages of errors is not there, and writes it down as any other failure. */
function createRefusal(ctx: Context, parts: BehindParts): LateOptions["refuse"] {
  const record = createRecord(parts);
  const headers = { ...securityFields(ctx), ...PLAIN, "Retry-After": RETRY_SECONDS };
  return (req, res, err) =>
    record(req, res, ({ locals }) => {
      const fields = { request_id: locals.requestId, method: req.method, status: 503, err };
      ctx.log.error({ event: "request.failed", ...fields }, "request failed");
      res.writeHead(503, headers).end(req.method === "HEAD" ? undefined : SENTENCE);
    });
}
