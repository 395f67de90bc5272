import type { RequestHandler, Response, Router } from "express";
import type { Doing } from "../../audit/record.ts";
import { listGrants } from "../../auth/grant-store.ts";
import type { Context } from "../../context/context.ts";
import type { AuthorizationRequest, Parameters } from "../../indieauth/authorization-request.ts";
import { readAsker, readAuthorizationRequest } from "../../indieauth/authorization-request.ts";
import type { ClientApp } from "../../indieauth/client-store.ts";
import { findClientLogo } from "../../indieauth/client-store.ts";
import { findOrFetchClient, isAllowedRedirect } from "../../indieauth/clients.ts";
import type { GrantLength } from "../../indieauth/consent.ts";
import {
  approveRequest,
  denyRequest,
  errorAddress,
  GRANT_LENGTHS,
  keepRequest,
  requireRequest,
} from "../../indieauth/consent.ts";
import { isKnownForMarkdown } from "../../indieauth/known-apps.ts";
import { cautionsFor } from "../../indieauth/look-closely.ts";
import type { AppError } from "../../lib/errors.ts";
import { invalid, notFound } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { CodeLimit } from "../code-limit.ts";
import { consentView } from "../consent-view.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { queryTexts } from "../input.ts";
import { requireProof } from "../proof.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import { authorPolicy } from "../security-headers.ts";
import { requireAuthor } from "../session.ts";
import type { Render } from "../views.ts";
import { redeemProfile } from "./indieauth.ts";

/**
 * The authorization endpoint: what an app asks for, the author's answer in her browser, and codes that an app redeems
 * to know who she is.
 * @see https://indieauth.spec.indieweb.org/#authorization
 */
export function authorizationRoutes(ctx: Context, render: Render, limited: CodeLimit): Router {
  const router = createRouter();
  const author = requireAuthor(ctx, render);
  const proof = requireProof(ctx, render, {
    when: (form) => form.text("decision") === "approve",
    policy: (form) => authorPolicy({ formTarget: formTarget(requireRequest(ctx, form.text("request")).redirectUri) }),
  });

  router.get(paths.authorization(), author, async (req, res) => {
    const sent: Parameters = { all: (name) => queryTexts(req, name) };
    const asker = readAsker(sent);
    const app = await findOrFetchClient(ctx, asker.clientId);
    if (!isAllowedRedirect(asker, app)) throw strangeRedirect(asker.redirectUri, app);
    const options = { allowsNoChallenge: readSettings(ctx.db).pkce === "optional" };
    const request = readAuthorizationRequest(sent, asker, options);
    if ("error" in request) {
      const state = sent.all("state")[0] ?? "";
      return res.redirect(302, errorAddress(ctx, { ...asker, state }, request));
    }
    await sendConsent(ctx, render, { res, request, app });
  });

  router.post(paths.authorization(), redeemProfile(ctx, limited), author, proof, async (req, res) => {
    const form = await readForm(req);
    const target = await decide(acting(ctx, req), form);
    ctx.log.info({ event: "app.consent", request_id: res.locals.requestId, reason: form.text("decision") }, "answered");
    // 303, so that what the author sent is not sent on to the app.
    res.redirect(303, target);
  });

  return router;
}

/** Logos of apps, which no page of ours asks the app's server for. Stands behind `requireAuthor`. */
export function clientLogoRoutes(ctx: Context): Router {
  const router = createRouter();
  router.get("/admin/apps/:id/logo", sendLogo(ctx));
  return router;
}

function sendLogo(ctx: Context): RequestHandler {
  return (req, res) => {
    const logo = findClientLogo(ctx.db, routeId(req, "logo"));
    if (logo === undefined) throw notFound("logo");
    res.set({ "Content-Type": "image/png", "Cache-Control": "private, max-age=3600" }).send(logo);
  };
}

async function sendConsent(
  ctx: Context,
  render: Render,
  consent: { readonly res: Response; readonly request: AuthorizationRequest; readonly app: ClientApp },
): Promise<void> {
  const { res, request, app } = consent;
  const requestName = await keepRequest(acting(ctx, res.req), request, app.name);
  const cautions = cautionsFor(request, { knownHosts: knownHosts(ctx), problem: app.problem });
  // A browser applies form-action to where the answer of the form leads, too.
  res.set("Content-Security-Policy", authorPolicy({ formTarget: formTarget(request.redirectUri) }));
  const html = render("auth/consent.njk", {
    ...adminPage(ctx, res, { section: "none", title: said`Let an app in` }),
    consent: consentView(request, app, {
      siteUrl: ctx.config.SITE_URL,
      requestName,
      cautions,
      writesMarkdown: readSettings(ctx.db).appTexts === "markdown" || isKnownForMarkdown(request.clientId),
    }),
  });
  sendAuthorPage(res, { html });
}

async function decide(ctx: Doing<"db" | "clock" | "config">, form: Form): Promise<string> {
  const decision = form.text("decision");
  if (decision === "deny") return denyRequest(ctx, form.text("request"));
  if (decision !== "approve") throw invalid("decision", said`Choose to allow or to refuse.`);
  const length = form.text("length") || "year";
  if (!Object.hasOwn(GRANT_LENGTHS, length)) throw invalid("length", said`Choose how long from the list.`);
  return approveRequest(ctx, form.text("request"), {
    scopes: form.texts("scope"),
    length: length as GrantLength,
    writesMarkdown: form.has("writes_markdown"),
  });
}

/** Hosts that the author knows, for others that look like them: her own, and those of apps that she let in. */
function knownHosts(ctx: Context): string[] {
  const apps = listGrants(ctx.db).map(({ clientId }) => new URL(clientId).hostname);
  return [...new Set([new URL(ctx.config.SITE_URL).hostname, ...apps])];
}

/** What a policy calls the place to which the browser goes: an origin, or a scheme. */
function formTarget(redirectUri: string): string {
  const { protocol, origin } = new URL(redirectUri);
  return /^https?:$/.test(protocol) ? origin : protocol;
}

function strangeRedirect(redirectUri: string, app: ClientApp): AppError {
  const why = app.problem === "" ? said`The app does not list it at its own address.` : app.problem;
  return invalid(
    "redirect_uri",
    said`This app wants you sent to ${redirectUri}, which is not its own site, so it was stopped here. ${why}`,
  );
}
