import type { Request, Response } from "express";
import type { Session } from "../auth/session.ts";
import { SESSION_LIFETIME_SECONDS } from "../auth/session.ts";
import type { NewSession } from "../auth/sessions.ts";
import { findSession, touchSession } from "../auth/sessions.ts";
import type { Context } from "../context/context.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { clearCookie, readCookie, setCookie } from "./cookies.ts";

declare global {
  namespace Express {
    interface Locals {
      /** The author's login, once it was checked. */
      session?: Session;
    }
  }
}

/** The login that a request comes with; undefined for everyone but the author. Writes nothing down. */
export function findRequestSession(ctx: Pick<Context, "db" | "clock" | "config">, req: Request): Session | undefined {
  const secret = readCookie(req, ctx.config, "session");
  return secret === undefined ? undefined : findSession(ctx, secret);
}

/** The login of a request behind `requireAuthor`. */
export function currentSession(res: Response): Session {
  const { session } = res.locals;
  if (session === undefined) throw new Error("This route stands before requireAuthor.");
  return session;
}

/** Notes that the login is used and, when that put its end off, the cookie's too. Returns the login as it is now. */
export async function useSession(ctx: Context, req: Request, session: Session): Promise<Session> {
  const touched = await touchSession(ctx, session);
  const secret = readCookie(req, ctx.config, "session");
  if (touched !== undefined && secret !== undefined && req.res) sendCookie(ctx, req.res, { session: touched, secret });
  return touched ?? session;
}

/** Answers with the cookie of a fresh login, which holds for what this answer shows already. */
export function openSession(ctx: Pick<Context, "config" | "clock">, res: Response, opened: NewSession): void {
  sendCookie(ctx, res, opened);
  res.locals.session = opened.session;
}

/** Answers with the cookie taken back. */
export function closeSession(ctx: Pick<Context, "config">, res: Response): void {
  clearCookie(res, ctx.config, "session");
  delete res.locals.session;
}

function sendCookie(ctx: Pick<Context, "config" | "clock">, res: Response, { session, secret }: NewSession): void {
  const seconds = Math.ceil((toMilliseconds(session.expiresAt) - toMilliseconds(ctx.clock())) / 1000);
  const maxAgeSeconds = Math.min(seconds, SESSION_LIFETIME_SECONDS);
  setCookie(res, ctx.config, { name: "session", value: secret, maxAgeSeconds });
}
