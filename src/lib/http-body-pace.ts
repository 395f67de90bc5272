import type { IncomingMessage, ServerResponse } from "node:http";

/** How long the body of someone may take who has shown no right to send it, in milliseconds. */
export const STRANGER_BODY_MS = 30_000;

/** How long the body of someone who has may take at any pace, in milliseconds. */
export const FREE_BODY_MS = 10_000;

/** What it must bring on average after that, in bytes a second: slower than any line, faster than any drip. */
export const BODY_BYTES_PER_SECOND = 8 * 1024;

/** How often bodies on their way are looked at, in milliseconds. */
export const PACE_CHECK_MS = 1_000;

/** How long whoever reads a body that was too slow has for an answer, in milliseconds. */
export const SLOW_ANSWER_MS = 5_000;

/** Limits that a test makes smaller. */
export type PaceLimits = { readonly strangerMs: number; readonly freeMs: number; readonly checkMs: number };

/** Watches over bodies on their way. */
export type BodyPace = {
  /** Watches the body of a request, if it has one. `read` is what its connection had read before. */
  watch(req: IncomingMessage, res: ServerResponse, read: number): void;
  /** Watches no more. */
  stop(): void;
};

type Body = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly readBefore: number;
  readonly startedAt: number;
  isTrusted: boolean;
  slowAt: number | undefined;
};

const TRUSTED = Symbol("trusted");
const TOO_SLOW = Symbol("too slow");

/** Notes that who sends this body has the right to: a login or a token. It then need not be there so soon. */
export function trustBody(req: IncomingMessage): void {
  req.emit(TRUSTED);
}

/** Calls `fail` once if the body comes too slowly. Whoever listens answers; without a listener the server does. */
export function whenTooSlow(req: IncomingMessage, fail: () => void): void {
  req.on(TOO_SLOW, fail);
}

/** Creates a watch that has `answerSlow` answer 408 where no application does, and cuts off what goes on dripping. */
export function createBodyPace(answerSlow: (res: ServerResponse) => void, limits: Partial<PaceLimits> = {}): BodyPace {
  const { strangerMs = STRANGER_BODY_MS, freeMs = FREE_BODY_MS, checkMs = PACE_CHECK_MS } = limits;
  const bodies = new Set<Body>();

  const check = () => {
    const now = performance.now();
    for (const body of bodies) {
      if (hasEnded(body)) bodies.delete(body);
      else if (body.slowAt !== undefined) cutOff(body, now);
      else if (isTooSlow(body, now, { strangerMs, freeMs })) endSlow(body, now, answerSlow);
    }
  };
  const timer = setInterval(check, checkMs).unref();

  return {
    stop: () => clearInterval(timer),
    watch(req, res, readBefore) {
      if (!hasBody(req)) return;
      const body: Body = { req, res, readBefore, startedAt: performance.now(), isTrusted: false, slowAt: undefined };
      req.on(TRUSTED, () => {
        body.isTrusted = true;
      });
      bodies.add(body);
      // A request that has ended would live on until the next check, with all that hangs on it.
      req.on("close", () => {
        if (hasEnded(body)) bodies.delete(body);
      });
    },
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function hasEnded({ req }: Body): boolean {
  return req.complete || req.destroyed || req.socket.destroyed;
}

function isTooSlow(body: Body, now: number, limits: Omit<PaceLimits, "checkMs">): boolean {
  const passedMs = now - body.startedAt;
  if (!body.isTrusted) return passedMs > limits.strangerMs;
  const read = body.req.socket.bytesRead - body.readBefore;
  return read < ((passedMs - limits.freeMs) / 1000) * BODY_BYTES_PER_SECOND;
}

function endSlow(body: Body, now: number, answerSlow: (res: ServerResponse) => void): void {
  body.slowAt = now;
  // An answer that has begun cannot be another one any more.
  if (body.res.headersSent) body.req.socket.destroy();
  else if (!body.req.emit(TOO_SLOW)) answerSlow(body.res);
}

function cutOff({ req, slowAt = 0 }: Body, now: number): void {
  if (now - slowAt > SLOW_ANSWER_MS) req.socket.destroy();
}
