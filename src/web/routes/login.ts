import type { Request, Response, Router } from "express";
import { logIn } from "../../auth/log-in.ts";
import type { NewSession } from "../../auth/sessions.ts";
import { endSession } from "../../auth/sessions.ts";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { acting } from "../acting.ts";
import { createClientAddress } from "../client-address.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { hasVisitorToken } from "../form-token.ts";
import { queryText } from "../input.ts";
import { readKeptForm } from "../kept-form.ts";
import { sendLoginPage } from "../login-page.ts";
import { resumeForm, SIGNED_IN_AGAIN } from "../resume.ts";
import { createRouter } from "../router.ts";
import { requireSameOrigin } from "../same-origin.ts";
import type { AuthorOptions } from "../session.ts";
import { hasToken } from "../session.ts";
import { closeSession, findRequestSession, openSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";
import { parseWayBack } from "../way-back.ts";
import { signInRoutes } from "./sign-in.ts";

const FORM_EXPIRED = "This form was out of date. Please enter the password again.";

/** The pages to log in and out. */
export function loginRoutes(ctx: Context, render: Render, options: AuthorOptions = {}): Router {
  const router = createRouter();
  const clientAddress = createClientAddress(ctx.config.TRUST_PROXY);

  router.get(paths.login(), (req, res) => {
    const next = parseWayBack(queryText(req, "next") ?? "");
    if (findRequestSession(ctx, req)) return res.redirect(303, next);
    sendLoginPage(ctx, render, { req, res, status: 200, next });
  });

  router.post(paths.login(), async (req, res) => {
    requireSameOrigin(ctx, req);
    const form = await readForm(req);
    const opened = await tryLogin(ctx, { req, form, address: clientAddress(req) });
    if (opened instanceof AppError) return refuse(ctx, render, { req, res, form, reason: opened });
    openSession(ctx, res, opened);
    await goOn(ctx, render, { res, form, options });
  });

  router.post(paths.logout(), async (req, res) => {
    requireSameOrigin(ctx, req);
    const session = findRequestSession(ctx, req);
    if (session !== undefined) {
      if (!(await hasToken(req, session))) throw new AppError("forbidden", "Log out by the button of an author page.");
      await endSession(acting(ctx, req), session.id);
      ctx.log.info({ event: "author.logout", request_id: res.locals.requestId }, "logged out");
    }
    closeSession(ctx, res);
    res.redirect(303, paths.home());
  });

  router.use(signInRoutes(ctx, render, options));
  return router;
}

/** The login, or why there is none: what the login page can say is a value here, so that the page can keep a text. */
async function tryLogin(
  ctx: Context,
  attempt: { req: Request; form: Form; address: string },
): Promise<NewSession | AppError> {
  const { req, form, address } = attempt;
  if (!hasVisitorToken(ctx, req, form)) return new AppError("forbidden", FORM_EXPIRED);
  const requestId = req.res?.locals.requestId;
  try {
    const browser = { userAgent: req.get("User-Agent") ?? "", address };
    // Else the list of logins would fill up with those of one browser, whose cookies are gone.
    const replacedSessionId = findRequestSession(ctx, req)?.id;
    const opened = await logIn(acting(ctx, req), {
      ...browser,
      requestId,
      password: form.text("password"),
      replacedSessionId,
    });
    ctx.log.info({ event: "author.login", request_id: requestId }, "logged in");
    return opened;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.warn({ event: "author.login_failed", request_id: requestId, reason: error.code }, "login refused");
    return error;
  }
}

function refuse(
  ctx: Context,
  render: Render,
  refusal: { req: Request; res: Response; form: Form; reason: AppError },
): void {
  const { req, res, form, reason } = refusal;
  const status = { unauthorized: 401, forbidden: 403, throttled: 429, storage_full: 507 }[reason.code as string] ?? 503;
  if (reason.retryAfterSeconds !== undefined) res.set("Retry-After", String(reason.retryAfterSeconds));
  const next = parseWayBack(form.text("next"));
  sendLoginPage(ctx, render, { req, res, status, next, error: reason.message, kept: readKeptForm(form, next) });
}

/** To where the author wanted to go; a form that the login came in between is shown again. */
async function goOn(
  ctx: Context,
  render: Render,
  login: { res: Response; form: Form; options: AuthorOptions },
): Promise<void> {
  const { res, form, options } = login;
  const next = parseWayBack(form.text("next"));
  const kept = readKeptForm(form, next);
  if (kept === undefined) return res.redirect(303, next);
  await resumeForm(ctx, render, { res, kept, status: 200, message: SIGNED_IN_AGAIN, resume: options.resume });
}
