import type { IncomingMessage } from "node:http";
import type { Request } from "express";
import type { Grant } from "../auth/tokens.ts";
import { verifyToken } from "../auth/tokens.ts";
import type { Context } from "../context/context.ts";
import { AppError, throttled } from "../lib/errors.ts";
import { trustBody } from "../lib/http-body-pace.ts";
import { doerOf } from "./acting.ts";
import { createNetworkLimit, WRONG_SECRET_RATE } from "./rate-limit.ts";

/** Asks for bearer tokens at the addresses of one protocol. */
export type BearerCheck = {
  /**
   * What the token allows. Throws `unauthorized` where there is none or a wrong one, `throttled` after too many wrong
   * ones from one network: a right one is let through all the same, and what comes with it may take its time.
   */
  requireGrant(req: Request, token: string | undefined): Promise<Grant>;
};

/** Creates a check that counts the wrong tokens of each network. */
export function createBearerCheck(ctx: Pick<Context, "config" | "db" | "clock">): BearerCheck {
  const { db, clock } = ctx;
  const countWrong = createNetworkLimit(ctx, WRONG_SECRET_RATE);

  return {
    async requireGrant(req, token) {
      if (token === undefined) {
        throw new AppError("unauthorized", "This needs a token. Send it as Authorization: Bearer.");
      }
      const grant = await verifyToken({ db, clock, doer: doerOf(ctx, req, "") }, token);
      if (grant !== undefined) {
        trustBody(req);
        return grant;
      }
      const seconds = countWrong(req);
      if (seconds > 0) throw throttled("wrong tokens", seconds);
      throw new AppError("unauthorized", "This token does not work, or not any more.");
    },
  };
}

/**
 * The token of the header `Authorization`, whose scheme is compared without regard to case; empty when it holds
 * something else. A token in the URL does not count.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function headerToken(req: IncomingMessage): string | undefined {
  const header = req.headers.authorization;
  return header === undefined ? undefined : (/^Bearer +(\S+) *$/iu.exec(header)?.[1] ?? "");
}
