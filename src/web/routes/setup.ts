import type { Request, Response, Router } from "express";
import { hasAuthor } from "../../auth/author-store.ts";
import { findPasskeySite } from "../../auth/passkey-site.ts";
import { startSession } from "../../auth/sessions.ts";
import type { SetUpInput, SetUpProblems } from "../../auth/set-up.ts";
import { checkSetUp, isSetupSecret, setUp } from "../../auth/set-up.ts";
import type { Context } from "../../context/context.ts";
import { throttled } from "../../lib/errors.ts";
import { timeZones } from "../../lib/time-zone.ts";
import { paths } from "../../lib/urls.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { DEFAULT_SETTINGS } from "../../site/settings.ts";
import { acting } from "../acting.ts";
import { unlistedPage, visitorView } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { createClientAddress } from "../client-address.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { hasVisitorToken } from "../form-token.ts";
import { queryText } from "../input.ts";
import { createNetworkLimit, WRONG_SECRET_RATE } from "../rate-limit.ts";
import { createRouter } from "../router.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { FIRST_PAGE, FIRST_PASSKEY } from "../security-view.ts";
import { openSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

const NO_LINK = said`To set this site up, open the link that the server printed when it started. It works once, for an hour; a restart prints a fresh one.`;
const SET_UP_ALREADY = said`This site is set up already. Log in with the author's password.`;
const FORM_EXPIRED = said`This form was out of date. Please check it and send it again.`;

/** What the page shows: no form without `link`, the secret of a good one. */
type SetUpPage = {
  readonly req: Request;
  readonly res: Response;
  readonly status: number;
  readonly message?: Words;
  readonly link?: string;
  readonly answers?: { name: string; siteTitle: string; timeZone: string };
  readonly problems?: SetUpProblems;
};

/** The page of the first run, for whoever has a set-up link. */
export function setupRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const clientAddress = createClientAddress(ctx.config.TRUST_PROXY);
  const countWrongLink = createNetworkLimit(ctx, WRONG_SECRET_RATE);

  router.get(paths.setup(), (req, res) => {
    const link = queryText(req, "link") ?? "";
    if (!isSetupSecret(ctx, link)) {
      // Without any link it is a page like others.
      return refuseLink(ctx, render, { req, res, secondsToWait: link === "" ? 0 : countWrongLink(req) });
    }
    sendSetUpPage(ctx, render, { req, res, status: 200, link });
  });

  router.post(paths.setup(), async (req, res) => {
    requireSameOrigin(ctx, req);
    const form = await readForm(req);
    const link = form.text("link");
    if (!isSetupSecret(ctx, link)) return refuseLink(ctx, render, { req, res, secondsToWait: countWrongLink(req) });
    const refused = refusedAnswers(ctx, req, form);
    if (refused) return sendSetUpPage(ctx, render, { req, res, link, answers: readAnswers(form), ...refused });
    await setUp(acting(ctx, req), readInput(form), { secret: link });
    await logInFirst(ctx, req, clientAddress(req));
    res.redirect(303, findPasskeySite(ctx.config) === undefined ? FIRST_PAGE : FIRST_PASSKEY);
  });

  return router;
}

async function logInFirst(ctx: Context, req: Request, address: string): Promise<void> {
  const userAgent = req.get("User-Agent") ?? "";
  const requestId = req.res?.locals.requestId;
  const opened = await ctx.db.write(() =>
    startSession(ctx, { userAgent, address, way: "set-up", requestId, isKnown: true }),
  );
  if (req.res) openSession(ctx, req.res, opened);
  ctx.log.info({ event: "author.setup", request_id: requestId }, "site set up");
}

function refusedAnswers(
  ctx: Context,
  req: Request,
  form: Form,
): Pick<SetUpPage, "status" | "message" | "problems"> | undefined {
  if (!hasVisitorToken(ctx, req, form)) return { status: 403, message: FORM_EXPIRED };
  const { problems } = checkSetUp(readInput(form));
  return Object.keys(problems).length === 0 ? undefined : { status: 422, problems };
}

function readInput(form: Form): SetUpInput {
  return { ...readAnswers(form), password: form.text("password") };
}

function readAnswers(form: Form): { name: string; siteTitle: string; timeZone: string } {
  return { name: form.text("name"), siteTitle: form.text("site_title"), timeZone: form.text("time_zone") };
}

function refuseLink(
  ctx: Context,
  render: Render,
  { secondsToWait, ...request }: { req: Request; res: Response; secondsToWait: number },
): void {
  if (secondsToWait > 0) throw throttled("wrong set-up links", secondsToWait);
  const isSetUp = hasAuthor(ctx.db);
  const [status, message] = isSetUp ? [410, SET_UP_ALREADY] : [403, NO_LINK];
  sendSetUpPage(ctx, render, { ...request, status, message });
}

function sendSetUpPage(ctx: Context, render: Render, page: SetUpPage): void {
  const { req, res, status, message = "", link, answers, problems = {} } = page;
  const html = render("auth/setup.njk", {
    ...unlistedPage(ctx, said`Set up`),
    admin: visitorView(ctx, req, res),
    showsForm: link !== undefined,
    message,
    link: link ?? "",
    name: { value: answers?.name ?? "", error: problems.name ?? "" },
    siteTitle: { value: answers?.siteTitle ?? "", error: problems.siteTitle ?? "" },
    password: { error: problems.password ?? "" },
    timeZone: { value: answers?.timeZone ?? DEFAULT_SETTINGS.timeZone, error: problems.timeZone ?? "" },
    timeZones: timeZones(),
  });
  sendAuthorPage(res, { html, status });
}
