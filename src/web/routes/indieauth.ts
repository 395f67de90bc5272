import type { RequestHandler, Response, Router } from "express";
import type { Doing } from "../../audit/record.ts";
import { requireScope } from "../../auth/scope.ts";
import { findWorkingToken, scopesOf } from "../../auth/tokens.ts";
import type { Context } from "../../context/context.ts";
import { one } from "../../indieauth/authorization-request.ts";
import { parseClientId, profileUrl } from "../../indieauth/identifiers.ts";
import { readProfile } from "../../indieauth/profile.ts";
import { serverMetadata } from "../../indieauth/server-metadata.ts";
import type { NewTokens, Redemption } from "../../indieauth/token-grants.ts";
import { redeemForProfile, redeemForTokens, refreshTokens, revokePresented } from "../../indieauth/token-grants.ts";
import { toMilliseconds } from "../../lib/clock.ts";
import { invalid } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { acting } from "../acting.ts";
import { sendBody } from "../answer.ts";
import { sendAppJson } from "../app-json.ts";
import { APP_PATHS } from "../author-paths.ts";
import type { BearerCheck } from "../bearer.ts";
import { createBearerCheck, headerToken } from "../bearer.ts";
import type { CodeLimit } from "../code-limit.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { answerOAuthError } from "../oauth-error.ts";
import { createRouter } from "../router.ts";

/**
 * What apps talk to without a browser in between: metadata, codes, tokens, introspection, revocation, userinfo.
 * @see https://indieauth.spec.indieweb.org/
 */
export function indieauthRoutes(ctx: Context, limited: CodeLimit): Router {
  const router = createRouter();
  const tokens = createBearerCheck(ctx);

  router.get(paths.serverMetadata(), (req, res) => {
    sendBody(req, res, { body: JSON.stringify(serverMetadata(ctx)), mediaType: "application/json" });
  });

  router.post(paths.token(), async (req, res) => {
    const form = await readForm(req);
    if (form.text("action") === "revoke") return revoke(acting(ctx, req), form, res);
    const given = await limited(req, () => giveTokens(acting(ctx, req), form));
    sendAppJson(res, tokenAnswer(ctx, given));
  });

  // How servers asked about a token before introspection; some resource servers still do.
  router.get(paths.token(), async (req, res) => {
    const { clientId, scopes } = await tokens.requireGrant(req, headerToken(req));
    sendAppJson(res, { me: profileUrl(ctx.config.SITE_URL), client_id: clientId, scope: [...scopes].join(" ") });
  });

  router.post(paths.introspection(), introspect(ctx, tokens));
  router.post(paths.revocation(), async (req, res) => revoke(acting(ctx, req), await readForm(req), res));

  router.get(paths.userinfo(), async (req, res) => {
    requireScope(await tokens.requireGrant(req, headerToken(req)), "profile");
    sendAppJson(res, readProfile(ctx));
  });

  for (const path of APP_PATHS) router.use(path, answerOAuthError);
  return router;
}

/**
 * Answers an app that redeems its code at the authorization endpoint, where it learns who the author is (section 5.3.2).
 * Everything else is the author's own answer, and goes on to the next handler.
 */
export function redeemProfile(ctx: Context, limited: CodeLimit): RequestHandler {
  return async (req, res, next) => {
    const form = await readForm(req);
    if (!form.has("code")) return next();
    try {
      const { scopes } = await limited(req, () => redeemForProfile(acting(ctx, req), readRedemption(form)));
      sendAppJson(res, { me: profileUrl(ctx.config.SITE_URL), ...profilePart(ctx, scopes) });
    } catch (error) {
      // In an app's words: the error handler of this address has pages for the author.
      answerOAuthError(error, req, res, next);
    }
  };
}

/** Gives tokens for what the form shows: a code, or a refresh token (sections 5.3.3 and 5.5). */
function giveTokens(ctx: Doing<"db" | "clock">, form: Form): Promise<NewTokens> {
  const grantType = parameter(form, "grant_type");
  if (grantType === "authorization_code") return redeemForTokens(ctx, readRedemption(form));
  if (grantType !== "refresh_token") {
    throw invalid("grant_type", "grant_type is authorization_code or refresh_token.");
  }
  const clientId = parseClientId(parameter(form, "client_id"));
  const refreshToken = required(form, "refresh_token");
  return refreshTokens(ctx, { refreshToken, clientId, scope: parameter(form, "scope") });
}

function readRedemption(form: Form): Redemption {
  return {
    code: required(form, "code"),
    clientId: parseClientId(required(form, "client_id")),
    redirectUri: required(form, "redirect_uri"),
    codeVerifier: parameter(form, "code_verifier"),
  };
}

function tokenAnswer(ctx: Context, given: NewTokens): object {
  const { expiresAt, scopes } = given;
  const left = expiresAt && {
    expires_in: Math.floor((toMilliseconds(expiresAt) - toMilliseconds(ctx.clock())) / 1000),
  };
  return {
    access_token: given.accessToken,
    token_type: "Bearer",
    scope: scopes.join(" "),
    me: profileUrl(ctx.config.SITE_URL),
    ...left,
    refresh_token: given.refreshToken,
    ...profilePart(ctx, scopes),
  };
}

/** What the author's profile says, for those who may see it. */
function profilePart(ctx: Context, scopes: readonly string[]): object {
  return scopes.includes("profile") ? { profile: readProfile(ctx) } : {};
}

/** Tells a server whether a token works, and what for (section 6). Whoever asks shows a token that works, too. */
function introspect(ctx: Context, tokens: BearerCheck): RequestHandler {
  return async (req, res) => {
    await tokens.requireGrant(req, headerToken(req));
    const token = findWorkingToken(ctx, required(await readForm(req), "token"));
    if (token === undefined) return sendAppJson(res, { active: false });
    const seconds = (moment: typeof token.createdAt) => Math.floor(toMilliseconds(moment) / 1000);
    sendAppJson(res, {
      active: true,
      me: profileUrl(ctx.config.SITE_URL),
      client_id: token.clientId,
      scope: [...scopesOf(token)].join(" "),
      iat: seconds(token.createdAt),
      ...(token.expiresAt && { exp: seconds(token.expiresAt) }),
    });
  };
}

async function revoke(ctx: Doing<"db" | "clock">, form: Form, res: Response): Promise<void> {
  await revokePresented(ctx, required(form, "token"));
  res.set("Cache-Control", "no-store").status(200).end();
}

function required(form: Form, name: string): string {
  const value = parameter(form, name);
  if (value === "") throw invalid(`missing ${name}`, `${name} is missing.`);
  return value;
}

function parameter(form: Form, name: string): string {
  return one({ all: form.texts }, name);
}
