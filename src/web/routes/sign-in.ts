import type { Request, Response, Router } from "express";
import { recordAlone } from "../../audit/record.ts";
import type { NewSession } from "../../auth/sessions.ts";
import type { Context } from "../../context/context.ts";
import { beginSignIn } from "../../indieauth/sign-in/begin.ts";
import { clientDocument } from "../../indieauth/sign-in/client-document.ts";
import type { FinishedSignIn } from "../../indieauth/sign-in/finish.ts";
import { finishSignIn } from "../../indieauth/sign-in/finish.ts";
import type { Refusal, SignInStep } from "../../indieauth/sign-in/refusal.ts";
import { isRefusal } from "../../indieauth/sign-in/refusal.ts";
import type { SignInAnswer } from "../../indieauth/sign-in/take-answer.ts";
import { AppError } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { acting } from "../acting.ts";
import { unlistedPage, visitorView } from "../admin-view.ts";
import { sendAuthorPage, sendBody } from "../answer.ts";
import { createClientAddress } from "../client-address.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { hasVisitorToken, visitorSecret } from "../form-token.ts";
import { toStatus } from "../http-error.ts";
import { queryText } from "../input.ts";
import { packKeptForm, readKeptForm, unpackKeptForm } from "../kept-form.ts";
import { sendLoginPage } from "../login-page.ts";
import { resumeForm, SIGNED_IN_AGAIN } from "../resume.ts";
import { createRouter } from "../router.ts";
import { requireSameOrigin } from "../same-origin.ts";
import type { AuthorOptions } from "../session.ts";
import { findRequestSession, openSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";
import { parseWayBack } from "../way-back.ts";

/** Status of the page that says where a sign-in stopped. Never 5xx: it is not this site that failed. */
const STATUS: Readonly<Record<SignInStep, number>> = {
  address: 403,
  server: 422,
  answer: 400,
  code: 400,
  confirmation: 403,
};

const FORM_EXPIRED = said`This form was out of date. Please send it again.`;

/**
 * Signing in with another site of the author's: from the login page to that site's server, and back with its answer.
 * @see https://indieauth.spec.indieweb.org/
 */
export function signInRoutes(ctx: Context, render: Render, options: AuthorOptions = {}): Router {
  const router = createRouter();
  const clientAddress = createClientAddress(ctx.config.TRUST_PROXY);

  router.get(paths.clientDocument(), (req, res) => {
    sendBody(req, res, { body: JSON.stringify(clientDocument(ctx)), mediaType: "application/json" });
  });

  router.get(paths.signIn(), (_req, res) => res.redirect(303, paths.login()));

  router.post(paths.signIn(), async (req, res) => {
    requireSameOrigin(ctx, req);
    const form = await readForm(req);
    const begun = await tryBegin(ctx, { req, form, address: clientAddress(req) });
    if (begun instanceof AppError || isRefusal(begun))
      return refuseStart(ctx, render, { req, res, form, reason: begun });
    sendLeavingPage(ctx, render, { req, res, target: begun.target });
  });

  router.get(paths.signInAnswer(), async (req, res) => {
    const finished = await finishSignIn(ctx, readAnswer(req), {
      userAgent: req.get("User-Agent") ?? "",
      address: clientAddress(req),
      requestId: res.locals.requestId,
      browserSecret: visitorSecret(ctx, req),
      replacedSessionId: findRequestSession(ctx, req)?.id,
    });
    if (isRefusal(finished.result))
      return await refuseAnswer(ctx, render, { req, res, finished, refusal: finished.result });
    ctx.log.info({ event: "author.login", request_id: res.locals.requestId, reason: "identity" }, "logged in");
    await goOn(ctx, render, { res, finished, opened: finished.result, options });
  });

  return router;
}

async function tryBegin(
  ctx: Context,
  start: { req: Request; form: Form; address: string },
): Promise<{ readonly target: string } | Refusal | AppError> {
  const { req, form, address } = start;
  const browserSecret = visitorSecret(ctx, req);
  if (browserSecret === undefined || !hasVisitorToken(ctx, req, form)) return new AppError("forbidden", FORM_EXPIRED);
  const next = parseWayBack(form.text("next"));
  const kept = readKeptForm(form, next);
  const packed = kept && packKeptForm(kept);
  try {
    return await beginSignIn(acting(ctx, req), { typed: form.text("me"), address, browserSecret, next, kept: packed });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error; // Said on the login page, which keeps what came with the form.
  }
}

async function refuseStart(
  ctx: Context,
  render: Render,
  refused: { req: Request; res: Response; form: Form; reason: Refusal | AppError },
): Promise<void> {
  const { req, res, form, reason } = refused;
  const refusal = reason instanceof AppError ? ({ step: "address", reason: reason.said } as const) : reason;
  const status = reason instanceof AppError ? toStatus(reason.code) : STATUS[reason.step];
  if (reason instanceof AppError && reason.retryAfterSeconds !== undefined) {
    res.set("Retry-After", String(reason.retryAfterSeconds));
  }
  // A form that was not even a try is not written down: it costs whoever sends it nothing.
  if (!(reason instanceof AppError)) await logRefusal(ctx, req, refusal);
  const next = parseWayBack(form.text("next"));
  const signIn = { me: form.text("me"), refusal };
  sendLoginPage(ctx, render, { req, res, status, next, kept: readKeptForm(form, next), signIn });
}

async function refuseAnswer(
  ctx: Context,
  render: Render,
  refused: { req: Request; res: Response; finished: FinishedSignIn; refusal: Refusal },
): Promise<void> {
  const { req, res, finished, refusal } = refused;
  // What nobody began, or was answered before, anybody can send without end.
  const isFirst = finished.signIn !== undefined && finished.signIn.usedAt === undefined;
  if (isFirst) await logRefusal(ctx, req, refusal);
  const { me, next, kept } = begunWith(finished);
  sendLoginPage(ctx, render, { req, res, status: STATUS[refusal.step], next, kept, signIn: { me, refusal } });
}

async function logRefusal(ctx: Context, req: Request, { step, reason }: Refusal): Promise<void> {
  const fields = { event: "author.login_failed", request_id: req.res?.locals.requestId } as const;
  ctx.log.warn({ ...fields, reason: `${step}: ${reason}` }, "sign-in refused");
  await recordAlone(acting(ctx, req), { kind: "login.refuse", detail: `by another site, ${step}: ${reason}` });
}

/**
 * Leads to the other site by a page of its own: a redirect from the form would need the login page to allow forms to lead
 * anywhere. Browsers go on by themselves; the page has a link for those that do not.
 */
function sendLeavingPage(ctx: Context, render: Render, leaving: { req: Request; res: Response; target: string }): void {
  const { req, res, target } = leaving;
  res.set("Refresh", `0; url=${target}`);
  const html = render("auth/leaving.njk", {
    ...unlistedPage(ctx, said`Signing in`),
    admin: visitorView(ctx, req, res),
    leaving: { host: new URL(target).host, target },
  });
  sendAuthorPage(res, { html });
}

/** To where the author wanted to go; a form that the login came in between is shown again. */
async function goOn(
  ctx: Context,
  render: Render,
  login: { res: Response; finished: FinishedSignIn; opened: NewSession; options: AuthorOptions },
): Promise<void> {
  const { res, finished, opened, options } = login;
  openSession(ctx, res, opened);
  const { next, kept } = begunWith(finished);
  if (kept === undefined) return res.redirect(303, next);
  await resumeForm(ctx, render, { res, kept, status: 200, message: SIGNED_IN_AGAIN, resume: options.resume });
}

function begunWith({ signIn }: FinishedSignIn) {
  const next = parseWayBack(signIn?.next ?? "");
  const kept = signIn?.kept === undefined ? undefined : unpackKeptForm(signIn.kept, next);
  return { me: signIn?.me ?? "", next, kept };
}

function readAnswer(req: Request): SignInAnswer {
  const text = (name: string) => queryText(req, name) ?? "";
  return {
    state: text("state"),
    iss: text("iss"),
    code: text("code"),
    error: text("error"),
    errorDescription: text("error_description"),
  };
}
