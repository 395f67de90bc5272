import type { Response, Router } from "express";
import type { StoredGrant } from "../../auth/grant-store.ts";
import { listGrants } from "../../auth/grant-store.ts";
import { isGrantOpen, revokeGrant, setWritesMarkdown } from "../../auth/grants.ts";
import type { Scope } from "../../auth/scope.ts";
import { SCOPES } from "../../auth/scope.ts";
import { createToken } from "../../auth/tokens.ts";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { changeSettings } from "../../site/change-settings.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { adminPage, shownTime } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { TokensView } from "../app-views.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

const TOKENS = "/admin/tokens";

/** What is checked in a fresh form: what a posting app asks for as a rule. */
const USUAL_SCOPES: readonly Scope[] = ["create", "update", "media"];

/** What the page shows besides the tokens: a fresh one, or a form that was refused. */
type TokensPage = {
  readonly status?: number;
  readonly newToken?: string;
  readonly sent?: { readonly clientId: string; readonly scopes: readonly string[] };
  readonly error?: AppError;
};

/** Bearer tokens for apps and scripts. Stands behind `requireAuthor`. */
export function tokensRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(TOKENS, (_req, res) => sendTokensPage(ctx, render, { res }));

  router.post(TOKENS, async (req, res) => {
    const form = await readForm(req);
    const sent = { clientId: form.text("client_id"), scopes: form.texts("scope") };
    sendTokensPage(ctx, render, { res, ...(await tryCreate(ctx, res, sent)) });
  });

  router.post(`${TOKENS}/rules`, async (req, res) => {
    const form = await readForm(req);
    await changeSettings(acting(ctx, req), { pkce: form.text("pkce"), appTexts: form.text("app_texts") });
    res.redirect(303, withNotice(TOKENS, "settings"));
  });

  router.post(`${TOKENS}/:id/texts`, async (req, res) => {
    const writesMarkdown = (await readForm(req)).text("writes_markdown") === "yes";
    await setWritesMarkdown(acting(ctx, req), routeId(req, "token"), writesMarkdown);
    res.redirect(303, withNotice(TOKENS, "app-texts"));
  });

  router.post(`${TOKENS}/:id/revoke`, async (req, res) => {
    await revokeGrant(acting(ctx, req), routeId(req, "token"));
    ctx.log.info({ event: "token.revoke", request_id: res.locals.requestId }, "token revoked");
    res.redirect(303, withNotice(TOKENS, "token-revoked"));
  });

  return router;
}

async function tryCreate(ctx: Context, res: Response, sent: NonNullable<TokensPage["sent"]>): Promise<TokensPage> {
  try {
    const { token } = await createToken(acting(ctx, res.req), {
      scope: sent.scopes.join(" "),
      clientId: sent.clientId,
    });
    ctx.log.info({ event: "token.create", request_id: res.locals.requestId }, "token created");
    return { newToken: token };
  } catch (error) {
    // A broken rule is said beside its field, with what was sent still in the form.
    if (error instanceof AppError && error.code === "invalid") return { status: 422, error, sent };
    throw error;
  }
}

function sendTokensPage(ctx: Context, render: Render, page: TokensPage & { res: Response }): void {
  const { res, status = 200, newToken = "", sent, error } = page;
  const checked: readonly string[] = sent?.scopes ?? USUAL_SCOPES;
  const errorAt = (field: string) => (error?.field === field ? error.message : "");
  const html = render("admin/tokens.njk", {
    ...adminPage(ctx, res, { section: "tokens", title: "Tokens" }),
    tokens: listGrants(ctx.db).map((grant) => tokenView(ctx, grant)),
    scopes: Object.entries(SCOPES).map(([name, meaning]) => ({ name, meaning, isChecked: checked.includes(name) })),
    clientId: { value: sent?.clientId ?? "", error: errorAt("client") },
    scopeError: errorAt("scope"),
    newToken,
    pkce: readSettings(ctx.db).pkce,
    appTexts: readSettings(ctx.db).appTexts,
  });
  sendAuthorPage(res, { html, status });
}

function tokenView(ctx: Context, grant: StoredGrant): TokensView["tokens"][number] {
  const { id, clientId, clientName, scopes, createdAt, expiresAt, lastUsedAt } = grant;
  const isActive = isGrantOpen(ctx, grant);
  return {
    id,
    label: clientName || clientId,
    clientId,
    scope: scopes.join(", "),
    made: `${grant.madeBy === "consent" ? "Let in" : "Made by hand"} ${shownTime(ctx, createdAt)}`,
    lastUsed: lastUsedAt === undefined ? "never" : shownTime(ctx, lastUsedAt),
    ends: isActive && expiresAt !== undefined ? shownTime(ctx, expiresAt) : "",
    state: isActive ? "works" : stateOfEnded(ctx, grant),
    isActive,
    writesMarkdown: grant.writesMarkdown,
    textsPath: `${TOKENS}/${id}/texts`,
    revokePath: `${TOKENS}/${id}/revoke`,
  };
}

function stateOfEnded(ctx: Context, { revokedAt, revokedFor, expiresAt }: StoredGrant): string {
  if (revokedAt === undefined) return `ended ${expiresAt === undefined ? "" : shownTime(ctx, expiresAt)}`;
  const by = { author: "revoked", app: "given up by the app", replay: "ended, since a used code or token came again" };
  return `${by[revokedFor ?? "author"]} ${shownTime(ctx, revokedAt)}`;
}
