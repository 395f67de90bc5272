import type { Router } from "express";
import type { Session } from "../../auth/session.ts";
import { acceptSession, endOtherSessions, endSession, listOpenSessions } from "../../auth/sessions.ts";
import type { Context } from "../../context/context.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { acting } from "../acting.ts";
import { adminPage, shownTime } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { deviceName } from "../device-name.ts";
import { readForm } from "../form.ts";
import { LOGINS_PATH } from "../new-login.ts";
import { withNotice } from "../notices.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import { SECURITY } from "../security-view.ts";
import { closeSession, currentSession } from "../session-cookie.ts";
import type { Render, Views } from "../views.ts";
import { parseWayBack } from "../way-back.ts";
import { identitiesRoutes } from "./identities.ts";

/** The list of the author's logins, and their ends. Stands behind `requireAuthor`. */
export function loginsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(LOGINS_PATH, (_req, res) => {
    const own = currentSession(res);
    const logins = listOpenSessions(ctx).map((session) => loginView(ctx, session, own));
    const page = adminPage(ctx, res, { section: "security", title: said`Logins` });
    sendAuthorPage(res, { html: render("admin/logins.njk", { ...page, securityPage: LOGINS_PATH, logins }) });
  });

  router.post(`${LOGINS_PATH}/end-others`, async (req, res) => {
    await endOtherSessions(acting(ctx, req), currentSession(res).id);
    res.redirect(303, withNotice(LOGINS_PATH, "logins-ended"));
  });

  router.post(`${LOGINS_PATH}/:id/known`, async (req, res) => {
    const form = await readForm(req);
    await acceptSession(acting(ctx, req), routeId(req, "login"));
    res.redirect(303, parseWayBack(form.text("next")));
  });

  router.post(`${LOGINS_PATH}/:id/end`, async (req, res) => {
    const id = routeId(req, "login");
    const isOwn = id === currentSession(res).id;
    await endSession(acting(ctx, req), id);
    if (isOwn) closeSession(ctx, res);
    // Whoever it was got in, by whatever lets in.
    if ((await readForm(req)).has("stranger")) return res.redirect(303, withNotice(SECURITY, "stranger-ended"));
    res.redirect(303, isOwn ? paths.login() : withNotice(LOGINS_PATH, "login-ended"));
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
    signOutPath: `${LOGINS_PATH}/${session.id}/end`,
  };
}
