import type { Request } from "express";
import type { SecondStepNeeded } from "../auth/log-in.ts";
import { logIn, logInByPasskey, logInBySecondStep } from "../auth/log-in.ts";
import { PASSKEY_FIELD } from "../auth/passkey-answer.ts";
import type { NewSession } from "../auth/sessions.ts";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { acting } from "./acting.ts";
import type { Form } from "./form.ts";
import { hasVisitorToken, TOKEN_FIELD } from "./form-token.ts";
import { findRequestSession } from "./session-cookie.ts";

/** The login form as it came, and the whole address of whoever sent it. */
export type SentLogin = { readonly req: Request; readonly form: Form; readonly address: string };

/** Field that carries a right password on to its second step. */
export const TICKET_FIELD = "ticket";

/** What is said of a form that was not shown to the browser that sends it. */
export const FORM_EXPIRED = said`This form was out of date. Please try again.`;

/** What names the browser that a login form was shown to, for the challenges of its passkeys. */
export function browserHolder(form: Form): string {
  return `browser ${form.text(TOKEN_FIELD)}`;
}

/** The login, or why there is none: what the login page can say is a value here, so that the page can keep a text. */
export async function tryLogin(ctx: Context, sent: SentLogin): Promise<NewSession | SecondStepNeeded | AppError> {
  if (!hasVisitorToken(ctx, sent.req, sent.form)) return new AppError("forbidden", FORM_EXPIRED);
  const requestId = sent.req.res?.locals.requestId;
  const kind = wayOf(sent.form);
  try {
    const opened = await attempt(ctx, sent);
    if ("session" in opened) ctx.log.info({ event: "author.login", request_id: requestId, kind }, "logged in");
    return opened;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.warn({ event: "author.login_failed", request_id: requestId, kind, reason: error.code }, "login refused");
    return error;
  }
}

function wayOf(form: Form): "passkey" | "second step" | "password" {
  if (form.text(PASSKEY_FIELD) !== "") return "passkey";
  return form.text(TICKET_FIELD) === "" ? "password" : "second step";
}

function attempt(ctx: Context, { req, form, address }: SentLogin): Promise<NewSession | SecondStepNeeded> {
  const doing = acting(ctx, req);
  const replaced = findRequestSession(ctx, req);
  const browser = {
    userAgent: req.get("User-Agent") ?? "",
    address,
    requestId: req.res?.locals.requestId,
    isKnown: replaced?.isKnown,
    // Else the list of logins would fill up with those of one browser, whose cookies are gone.
    replacedSessionId: replaced?.id,
  };
  const [way, answer, ticket] = [wayOf(form), form.text(PASSKEY_FIELD), form.text(TICKET_FIELD)];
  if (way === "passkey") return logInByPasskey(doing, { ...browser, answer, holder: browserHolder(form) });
  if (way === "second step") return logInBySecondStep(doing, { ...browser, ticket, code: form.text("code") });
  return logIn(doing, { ...browser, password: form.text("password") });
}
