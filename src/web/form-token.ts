import type { Request, Response } from "express";
import type { Context } from "../context/context.ts";
import { createSecret, hashSecret, isSameSecret } from "../lib/secrets.ts";
import { readCookie, setCookie } from "./cookies.ts";
import type { Form } from "./form.ts";

/** Name of the field, in every form, that proves that this browser was shown it. */
export const TOKEN_FIELD = "csrf_token";

const SECRET = /^[\w-]{43}$/;

/**
 * The token for a form that is shown before any login, bound to a cookie of this browser, which gets one if it has none.
 * The page carries a hash of the cookie: who sees the page cannot make the cookie.
 */
export function visitorToken(ctx: Pick<Context, "config">, req: Request, res: Response): string {
  const known = visitorSecret(ctx, req);
  const secret = known ?? createSecret();
  if (known === undefined) setCookie(res, ctx.config, { name: "form", value: secret });
  return toToken(secret);
}

/** Whether a form that needs no login was shown to the browser that sends it. */
export function hasVisitorToken(ctx: Pick<Context, "config">, req: Request, form: Form): boolean {
  const secret = visitorSecret(ctx, req);
  return secret !== undefined && isSameSecret(form.text(TOKEN_FIELD), toToken(secret));
}

/** The secret of the cookie by which a browser without a login is known again; undefined when it has none. */
export function visitorSecret(ctx: Pick<Context, "config">, req: Request): string | undefined {
  const secret = readCookie(req, ctx.config, "form");
  return secret !== undefined && SECRET.test(secret) ? secret : undefined;
}

function toToken(secret: string): string {
  return hashSecret(`form ${secret}`);
}
