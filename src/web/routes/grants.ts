import type { Request, Response, Router } from "express";
import type { StoredGrant } from "../../auth/grant-store.ts";
import { findGrant } from "../../auth/grant-store.ts";
import { narrowGrant, revokeGrant, setWritesMarkdown } from "../../auth/grants.ts";
import type { Context } from "../../context/context.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { invalid, notFound } from "../../lib/errors.ts";
import { readTime } from "../../lib/read-time.ts";
import { said } from "../../lib/words.ts";
import { LATEST_TIME } from "../../notes/note-input.ts";
import { planMany, takeBack } from "../../notes/take-back.ts";
import type { AppWrite, WriteKind } from "../../notes/writes-store.ts";
import { listWrites } from "../../notes/writes-store.ts";
import { acting } from "../acting.ts";
import { sendAuthorPage } from "../answer.ts";
import { writesView } from "../app-writes-view.ts";
import { BULK_PATH } from "../bulk-view.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { appPage, TOKENS_PATH, WRITE_WORDS } from "../grants-view.ts";
import { queryText } from "../input.ts";
import { withNotice } from "../notices.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import { openGrantsOf, readUndoChoice, undoView } from "../undo-app-view.ts";
import type { Render } from "../views.ts";
import { adminOrigin } from "./admin-notes.ts";

/** Writes on one page of what an app did. */
export const WRITES_PER_PAGE = 30;

const GRANT = `${TOKENS_PATH}/:id`;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u;

/** What one app may, what it wrote, and the undoing of that. Stands behind `requireAuthor`. */
export function grantsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.post(`${GRANT}/texts`, async (req, res) => {
    const writesMarkdown = (await readForm(req)).text("writes_markdown") === "yes";
    await setWritesMarkdown(acting(ctx, req), routeId(req, "token"), writesMarkdown);
    res.redirect(303, withNotice(TOKENS_PATH, "app-texts"));
  });

  router.post(`${GRANT}/narrow`, async (req, res) => {
    await narrowGrant(acting(ctx, req), routeId(req, "token"), (await readForm(req)).text("scope"));
    ctx.log.info({ event: "token.narrow", request_id: res.locals.requestId }, "token narrowed");
    res.redirect(303, withNotice(TOKENS_PATH, "app-narrowed"));
  });

  router.post(`${GRANT}/revoke`, async (req, res) => {
    await revokeGrant(acting(ctx, req), routeId(req, "token"));
    ctx.log.info({ event: "token.revoke", request_id: res.locals.requestId }, "token revoked");
    res.redirect(303, withNotice(TOKENS_PATH, "token-revoked"));
  });

  router.get(`${GRANT}/writes`, (req, res) => sendWrites(ctx, render, { req, res }));
  router.get(`${GRANT}/undo`, (req, res) => sendUndo(ctx, render, { req, res }));
  router.post(`${GRANT}/undo`, async (req, res) => {
    const target = await undo(ctx, req);
    ctx.log.info({ event: "app.undo", request_id: res.locals.requestId }, "an app's writes taken back");
    res.redirect(303, target);
  });

  return router;
}

function sendWrites(ctx: Context, render: Render, { req, res }: { req: Request; res: Response }): void {
  const grant = requireGrant(ctx, req);
  const kind = readKind(queryText(req, "kind"));
  const before = readBefore(queryText(req, "before"));
  const found = listWrites(ctx.db, grant.clientId, { kind, before, limit: WRITES_PER_PAGE + 1 });
  const writes = found.slice(0, WRITES_PER_PAGE);
  const html = render("admin/app-writes.njk", {
    ...appPage(ctx, res, said`What an app wrote`),
    app: writesView(ctx, grant, { kind, writes, hasMore: found.length > WRITES_PER_PAGE }),
  });
  sendAuthorPage(res, { html });
}

async function sendUndo(ctx: Context, render: Render, { req, res }: { req: Request; res: Response }): Promise<void> {
  const grant = requireGrant(ctx, req);
  const sent = { choice: queryText(req, "since") ?? "", at: queryText(req, "at") ?? "" };
  const chosen = readUndoChoice(ctx, sent);
  const until = ctx.clock();
  const { since, error } = chosen;
  const plan = since && (await planMany(ctx, { madeBy: grant.clientId, since, until }));
  const html = render("admin/undo-app.njk", {
    ...appPage(ctx, res, said`Undo what an app did`),
    undo: undoView(ctx, grant, { chosen, until, plan }),
  });
  sendAuthorPage(res, { html, status: error === undefined ? 200 : 422 });
}

/** Returns where the author sees what was done. */
async function undo(ctx: Context, req: Request): Promise<string> {
  const grant = requireGrant(ctx, req);
  const form = await readForm(req);
  const [since, until] = [readMoment(form, "since"), readMoment(form, "until")];
  const key = form.text("act_key");
  // First, so that it writes nothing more meanwhile.
  if (form.has("revoke"))
    for (const { id } of openGrantsOf(ctx, grant.clientId)) await revokeGrant(acting(ctx, req), id);
  await takeBack(acting(ctx, req), { key, madeBy: grant.clientId, since, until }, adminOrigin(req));
  return `${BULK_PATH}/${key}`;
}

function requireGrant(ctx: Context, req: Request): StoredGrant {
  const grant = findGrant(ctx.db, routeId(req, "token"));
  if (grant === undefined) throw notFound("token");
  return grant;
}

function readKind(text: string | undefined): WriteKind | undefined {
  return text !== undefined && Object.hasOwn(WRITE_WORDS, text) ? (text as WriteKind) : undefined;
}

function readBefore(text: string | undefined): Pick<AppWrite, "savedAt" | "id"> {
  if (text === undefined) return { savedAt: LATEST_TIME, id: Number.MAX_SAFE_INTEGER };
  const [moment = "", id = ""] = text.split(",");
  if (MOMENT.test(moment) && /^\d{1,15}$/u.test(id)) return { savedAt: moment as Timestamp, id: Number(id) };
  throw invalid("before", said`“before” is no place in this list. Begin again at its first page.`);
}

function readMoment(form: Form, name: string): Timestamp {
  const text = form.text(name);
  if (MOMENT.test(text)) return readTime(text, name, "UTC").moment;
  throw invalid(name, said`This form does not say from when to when. Choose again what to undo.`);
}
