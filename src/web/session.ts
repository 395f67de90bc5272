import type { Request, RequestHandler, Response } from "express";
import type { Session } from "../auth/session.ts";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { trustBody } from "../lib/http-body-pace.ts";
import { isSameSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import { prefersJson } from "./error-answer.ts";
import { letInFiles, readForm } from "./form.ts";
import { TOKEN_FIELD } from "./form-token.ts";
import { toKeptForm } from "./kept-form.ts";
import { sendLoginPage } from "./login-page.ts";
import type { Resume } from "./resume.ts";
import { resumeForm } from "./resume.ts";
import { provenance, requireSameOrigin } from "./same-origin.ts";
import { findRequestSession, useSession } from "./session-cookie.ts";
import type { Render } from "./views.ts";
import { loginPath, parseWayBack } from "./way-back.ts";

/** Header in which scripts send the token of the login. */
export const TOKEN_HEADER = "X-CSRF-Token";

/** Where the browser itself sends what another app shared with the installed site. */
export const SHARE_PATH = "/admin/share";

/** How forms are shown again whose login ended or changed under them. */
export type AuthorOptions = { readonly resume?: Resume };

const LOGIN_ENDED = said`Your login has ended. Log in again.`;
const LOGIN_CHANGED = said`Your login has changed since this page was opened, so nothing was done yet. Your text is here.`;

/**
 * Lets the author through and nobody else. It stands at the mount of all author pages. Without a login a GET leads to
 * /login and back; what a form sent stays on the login page (401), so that no text is lost. Whatever changes something
 * must come from our own pages and carry the login's token, in the field `csrf_token` or the header `X-CSRF-Token`; but
 * for what the browser shares of its own accord, which only ever begins a draft.
 */
export function requireAuthor(ctx: Context, render: Render, options: AuthorOptions = {}): RequestHandler {
  return async (req, res, next) => {
    const isSafe = req.method === "GET" || req.method === "HEAD";
    const isShare = isShareOfBrowser(req);
    if (!isSafe && !isShare) requireSameOrigin(ctx, req);
    const session = findRequestSession(ctx, req);
    if (session === undefined) return askForLogin(ctx, render, { req, res });

    // From here on it is the author who sends, and whose files may take their time and room on the disk.
    trustBody(req);
    res.locals.session = await useSession(ctx, req, session);
    letInFiles(ctx, res);
    if (isSafe || isShare || (await hasToken(req, session))) return next();
    await refuseToken(ctx, render, { req, res, options });
  };
}

/**
 * Whether the browser sends it of its own accord, as from the share sheet of a phone: no page can make it say `none`.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
function isShareOfBrowser(req: Request): boolean {
  const path = req.originalUrl.split("?")[0];
  return req.method === "POST" && path === SHARE_PATH && req.get("Sec-Fetch-Site") === "none";
}

/** Whether a request carries the token of the login. */
export async function hasToken(req: Request, session: Session): Promise<boolean> {
  const header = req.get(TOKEN_HEADER);
  if (header !== undefined) return isSameSecret(header, session.csrfToken);
  const form = await readForm(req);
  return isSameSecret(form.text(TOKEN_FIELD), session.csrfToken);
}

async function askForLogin(ctx: Context, render: Render, { req, res }: { req: Request; res: Response }): Promise<void> {
  const isRead = req.method === "GET" || req.method === "HEAD";
  // A part of a page is told apart by the error handler: a form in the making is not led away from its text.
  if (isScript(req)) throw new AppError("unauthorized", LOGIN_ENDED);
  if (isRead) return res.redirect(303, loginPath(req.originalUrl));

  res.locals.dropsFiles = true;
  const kept = toKeptForm(req, await readForm(req));
  sendLoginPage(ctx, render, { req, res, status: 401, next: parseWayBack(req.originalUrl), kept });
}

/** A page that was opened under an older login has its token: what it sends is shown again, if it is from us for sure. */
async function refuseToken(
  ctx: Context,
  render: Render,
  request: { req: Request; res: Response; options: AuthorOptions },
): Promise<void> {
  const { req, res, options } = request;
  if (isScript(req) || provenance(ctx, req) !== "ours") {
    throw new AppError(
      "forbidden",
      said`This form was not shown by your present login. Load its page again and resend it.`,
    );
  }
  const kept = toKeptForm(req, await readForm(req));
  await resumeForm(ctx, render, { res, kept, status: 403, message: LOGIN_CHANGED, resume: options.resume });
}

/** Whether a script of a page of ours asks, which stays where it is. */
export function isScript(req: Request): boolean {
  return req.get("HX-Request") === "true" || prefersJson(req);
}
