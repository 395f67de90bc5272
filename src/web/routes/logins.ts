import type { Router } from "express";
import type { Session } from "../../auth/session.ts";
import { endOtherSessions, endSession, listOpenSessions } from "../../auth/sessions.ts";
import type { Context } from "../../context/context.ts";
import { paths } from "../../lib/urls.ts";
import { acting } from "../acting.ts";
import { adminPage, shownTime } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { deviceName } from "../device-name.ts";
import { withNotice } from "../notices.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import { closeSession, currentSession } from "../session-cookie.ts";
import type { Render, Views } from "../views.ts";
import { identitiesRoutes } from "./identities.ts";

const LOGINS = "/admin/logins";

/** The list of the author's logins, and their ends. Stands behind `requireAuthor`. */
export function loginsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(LOGINS, (_req, res) => {
    const own = currentSession(res);
    const logins = listOpenSessions(ctx).map((session) => loginView(ctx, session, own));
    const page = adminPage(ctx, res, { section: "security", title: "Logins" });
    sendAuthorPage(res, { html: render("admin/logins.njk", { ...page, securityPage: LOGINS, logins }) });
  });

  router.post(`${LOGINS}/end-others`, async (req, res) => {
    await endOtherSessions(acting(ctx, req), currentSession(res).id);
    res.redirect(303, withNotice(LOGINS, "logins-ended"));
  });

  router.post(`${LOGINS}/:id/end`, async (req, res) => {
    const id = routeId(req, "login");
    const isOwn = id === currentSession(res).id;
    await endSession(acting(ctx, req), id);
    if (isOwn) closeSession(ctx, res);
    res.redirect(303, isOwn ? paths.login() : withNotice(LOGINS, "login-ended"));
  });

  router.use(identitiesRoutes(ctx, render));
  return router;
}

function loginView(ctx: Context, session: Session, own: Session): Views["admin/logins.njk"]["logins"][number] {
  return {
    id: session.id,
    device: deviceName(session.userAgent),
    network: session.network,
    lastUsed: shownTime(ctx, session.lastUsedAt),
    created: shownTime(ctx, session.createdAt),
    isThis: session.id === own.id,
    signOutPath: `${LOGINS}/${session.id}/end`,
  };
}
