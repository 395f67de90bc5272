import type { Response, Router } from "express";
import type { Scope } from "../../auth/scope.ts";
import { SCOPES } from "../../auth/scope.ts";
import { createToken } from "../../auth/tokens.ts";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { changeSettings } from "../../site/change-settings.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { sendAuthorPage } from "../answer.ts";
import { readForm } from "../form.ts";
import { appPage, appViews, TOKENS_PATH } from "../grants-view.ts";
import { withNotice } from "../notices.ts";
import { requireProof } from "../proof.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";
import { clientLogoRoutes } from "./authorization.ts";
import { grantsRoutes } from "./grants.ts";

/** What is checked in a fresh form: what a posting app asks for as a rule. */
const USUAL_SCOPES: readonly Scope[] = ["create", "update", "media"];

/** What the page shows besides the tokens: a fresh one, or a form that was refused. */
type TokensPage = {
  readonly status?: number;
  readonly newToken?: string;
  readonly sent?: { readonly clientId: string; readonly scopes: readonly string[] };
  readonly error?: AppError;
};

/** Apps that were let in, and tokens made by hand for others. Stands behind `requireAuthor`. */
export function tokensRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const proof = requireProof(ctx, render);

  router.get(TOKENS_PATH, (_req, res) => sendTokensPage(ctx, render, { res }));

  router.post(TOKENS_PATH, proof, async (req, res) => {
    const form = await readForm(req);
    const sent = { clientId: form.text("client_id"), scopes: form.texts("scope") };
    sendTokensPage(ctx, render, { res, ...(await tryCreate(ctx, res, sent)) });
  });

  router.post(`${TOKENS_PATH}/rules`, proof, async (req, res) => {
    const form = await readForm(req);
    await changeSettings(acting(ctx, req), { pkce: form.text("pkce"), appTexts: form.text("app_texts") });
    res.redirect(303, withNotice(TOKENS_PATH, "settings"));
  });

  router.use(grantsRoutes(ctx, render));
  router.use(clientLogoRoutes(ctx));
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
  const errorAt = (field: string) => (error?.field === field ? error.said : "");
  const html = render("admin/tokens.njk", {
    ...appPage(ctx, res, said`Apps`),
    ...appViews(ctx),
    scopes: Object.entries(SCOPES).map(([name, meaning]) => ({ name, meaning, isChecked: checked.includes(name) })),
    clientId: { value: sent?.clientId ?? "", error: errorAt("client") },
    scopeError: errorAt("scope"),
    newToken,
    pkce: readSettings(ctx.db).pkce,
    appTexts: readSettings(ctx.db).appTexts,
  });
  sendAuthorPage(res, { html, status });
}
