import type { Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { addIdentity, MAX_IDENTITIES, removeIdentity } from "../../indieauth/sign-in/identities.ts";
import { listIdentities } from "../../indieauth/sign-in/identity-store.ts";
import { AppError } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { acting } from "../acting.ts";
import { adminPage, shownTime } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { requireProof } from "../proof.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import type { IdentitiesView } from "../sign-in-views.ts";
import type { Render } from "../views.ts";

const IDENTITIES = "/admin/logins/identities";

/** The other sites by which the author may sign in. Stands behind `requireAuthor`. */
export function identitiesRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const proof = requireProof(ctx, render);

  router.get(IDENTITIES, (_req, res) => sendIdentities(ctx, render, { res, me: { value: "", error: "" } }));

  router.post(IDENTITIES, proof, async (req, res) => {
    const typed = (await readForm(req)).text("me");
    try {
      await addIdentity(acting(ctx, req), typed);
    } catch (error) {
      // A broken rule is said at the field, with what was typed.
      if (!(error instanceof AppError && error.code === "invalid")) throw error;
      return sendIdentities(ctx, render, { res, me: { value: typed, error: error.said } });
    }
    ctx.log.info({ event: "identity.add", request_id: res.locals.requestId }, "address let in");
    res.redirect(303, withNotice(IDENTITIES, "identity-added"));
  });

  router.post(`${IDENTITIES}/:id/remove`, proof, async (req, res) => {
    await removeIdentity(acting(ctx, req), routeId(req, "address"));
    ctx.log.info({ event: "identity.remove", request_id: res.locals.requestId }, "address taken out");
    res.redirect(303, withNotice(IDENTITIES, "identity-removed"));
  });

  return router;
}

function sendIdentities(ctx: Context, render: Render, { res, me }: { res: Response; me: IdentitiesView["me"] }): void {
  const rows = listIdentities(ctx.db).map(({ id, me: address, addedAt, lastUsedAt }) => ({
    me: address,
    added: shownTime(ctx, addedAt),
    lastUsed: lastUsedAt === undefined ? said`never` : shownTime(ctx, lastUsedAt),
    removePath: `${IDENTITIES}/${id}/remove`,
  }));
  const html = render("admin/identities.njk", {
    ...adminPage(ctx, res, { section: "security", title: said`Signing in with another site` }),
    securityPage: IDENTITIES,
    identities: { rows, max: MAX_IDENTITIES, me },
  });
  sendAuthorPage(res, { html, status: me.error === "" ? 200 : 422 });
}
