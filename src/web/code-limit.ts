import type { Request } from "express";
import type { Context } from "../context/context.ts";
import { AppError, throttled } from "../lib/errors.ts";
import { createNetworkLimit, WRONG_SECRET_RATE } from "./rate-limit.ts";

/** Does what an app asks for with a code or a refresh token. Throws `throttled` after too many wrong ones of its network. */
export type CodeLimit = <T>(req: Request, work: () => Promise<T>) => Promise<T>;

/**
 * Creates what counts the wrong codes and refresh tokens of each network: of 256 bits nothing can be guessed, but trying
 * is a load. There is one for all endpoints that take codes, so that a second one gives nobody a second count.
 */
export function createCodeLimit(ctx: Pick<Context, "config">): CodeLimit {
  const countWrong = createNetworkLimit(ctx, WRONG_SECRET_RATE);
  return async (req, work) => {
    try {
      return await work();
    } catch (error) {
      const isWrongSecret = error instanceof AppError && ["code", "refresh_token"].includes(error.field ?? "");
      const seconds = isWrongSecret ? countWrong(req) : 0;
      if (seconds > 0) throw throttled("wrong codes", seconds);
      throw error;
    }
  };
}
