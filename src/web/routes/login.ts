import type { Request, Response, Router } from "express";
import { endSession } from "../../auth/sessions.ts";
import { beginPasskeyUse } from "../../auth/use-passkey.ts";
import type { Context } from "../../context/context.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import { AppError, throttled } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { acting } from "../acting.ts";
import { sendAuthorJson } from "../answer.ts";
import { createClientAddress } from "../client-address.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { hasVisitorToken } from "../form-token.ts";
import { queryText } from "../input.ts";
import { readKeptForm } from "../kept-form.ts";
import { browserHolder, FORM_EXPIRED, TICKET_FIELD, tryLogin } from "../log-in-form.ts";
import { PASSKEY_LOGIN, sendCodePage, sendLoginPage } from "../login-page.ts";
import { CHALLENGE_RATE, createNetworkLimit } from "../rate-limit.ts";
import { resumeForm, SIGNED_IN_AGAIN } from "../resume.ts";
import { createRouter } from "../router.ts";
import { requireSameOrigin } from "../same-origin.ts";
import type { AuthorOptions } from "../session.ts";
import { hasToken } from "../session.ts";
import { closeSession, findRequestSession, openSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";
import { parseWayBack } from "../way-back.ts";
import { signInRoutes } from "./sign-in.ts";

/** Statuses of what the login page says itself. */
const STATUS: { readonly [Code in ErrorCode]?: number } = {
  invalid: 422,
  conflict: 409,
  unauthorized: 401,
  forbidden: 403,
  throttled: 429,
  storage_full: 507,
};

/** The pages to log in and out. */
export function loginRoutes(ctx: Context, render: Render, options: AuthorOptions = {}): Router {
  const router = createRouter();
  const clientAddress = createClientAddress(ctx.config.TRUST_PROXY);
  const countChallenge = createNetworkLimit(ctx, CHALLENGE_RATE);

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
    if ("ticket" in opened) return askForCode(ctx, render, { req, res, form, ticket: opened.ticket });
    openSession(ctx, res, opened);
    await goOn(ctx, render, { res, form, options });
  });

  router.post(PASSKEY_LOGIN, async (req, res) => {
    requireSameOrigin(ctx, req);
    const form = await readForm(req);
    if (!hasVisitorToken(ctx, req, form)) throw new AppError("forbidden", FORM_EXPIRED);
    const wait = countChallenge(req);
    if (wait > 0) throw throttled("tries", wait);
    sendAuthorJson(res, await beginPasskeyUse(ctx, { purpose: "login", holder: browserHolder(form) }));
  });

  router.post(paths.logout(), async (req, res) => {
    requireSameOrigin(ctx, req);
    const session = findRequestSession(ctx, req);
    if (session !== undefined) {
      if (!(await hasToken(req, session)))
        throw new AppError("forbidden", said`Log out by the button of an author page.`);
      await endSession(acting(ctx, req), session.id);
      ctx.log.info({ event: "author.logout", request_id: res.locals.requestId }, "logged out");
    }
    closeSession(ctx, res);
    res.redirect(303, paths.home());
  });

  router.use(signInRoutes(ctx, render, options));
  return router;
}

function refuse(
  ctx: Context,
  render: Render,
  refusal: { req: Request; res: Response; form: Form; reason: AppError },
): void {
  const { req, res, form, reason } = refusal;
  const status = STATUS[reason.code] ?? 503;
  if (reason.retryAfterSeconds !== undefined) res.set("Retry-After", String(reason.retryAfterSeconds));
  const ticket = form.text(TICKET_FIELD);
  // A code that does not do leaves the password right; once its time is over everything begins anew.
  const isStillHalf = ticket !== "" && (reason.code === "unauthorized" || reason.code === "throttled");
  if (isStillHalf) askForCode(ctx, render, { req, res, form, ticket, status, error: reason.said });
  else {
    const next = parseWayBack(form.text("next"));
    sendLoginPage(ctx, render, { req, res, status, next, error: reason.said, kept: readKeptForm(form, next) });
  }
}

/** Asks for the code that follows a right password. */
function askForCode(
  ctx: Context,
  render: Render,
  asked: { req: Request; res: Response; form: Form; ticket: string; status?: number; error?: Words },
): void {
  const { req, res, form, ticket, status = 200, error } = asked;
  const next = parseWayBack(form.text("next"));
  sendCodePage(ctx, render, { req, res, status, next, ticket, error, kept: readKeptForm(form, next) });
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
