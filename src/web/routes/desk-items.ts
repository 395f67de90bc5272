import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { DeskKind } from "../../desk/desk-item.ts";
import { DESK_FIELDS } from "../../desk/desk-item.ts";
import { findDeskItem } from "../../desk/desk-item-store.ts";
import { deleteDeskItem, saveDeskItem } from "../../desk/save-desk-item.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { DeskForm } from "../desk-sheets.ts";
import { deskSheetView, SHEETS, searchPathOf } from "../desk-sheets.ts";
import { readForm } from "../form.ts";
import { toStatus } from "../http-error.ts";
import type { NoticeName } from "../notices.ts";
import { withNotice } from "../notices.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

const EMPTY: DeskForm = { name: "", fields: {} };

/** Snippets, templates and saved searches: each kind with a page of its own. Stands behind `requireAuthor`. */
export function deskItemsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  for (const kind of Object.keys(SHEETS) as DeskKind[]) addKind(router, { ctx, render, kind });
  return router;
}

type Kind = { readonly ctx: Context; readonly render: Render; readonly kind: DeskKind };

function addKind(router: Router, { ctx, render, kind }: Kind): void {
  const { path } = SHEETS[kind];
  const send = (res: Response, form: DeskForm) => {
    const sheet = deskSheetView(ctx, kind, form);
    const html = render("admin/desk-items.njk", {
      ...adminPage(ctx, res, { section: "tools", title: sheet.heading }),
      sheet,
    });
    sendAuthorPage(res, { html, status: form.error === undefined ? 200 : toStatus(form.error.code) });
  };
  const save = async (req: Request, res: Response, id?: number) => {
    const { from, ...typed } = await readTyped(req, kind);
    try {
      await saveDeskItem(ctx, kind, { id, ...typed });
      res.redirect(303, withNotice(wayBack(kind, from, typed), SAVED[kind]));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "invalid") throw error;
      send(res, { id, ...typed, error });
    }
  };

  router.get(path, (_req, res) => send(res, EMPTY));
  router.post(path, (req, res) => save(req, res));
  router.get(`${path}/:id`, (req, res) => {
    const item = findDeskItem(ctx.db, kind, routeId(req, SHEETS[kind].one));
    if (item === undefined) throw notFound(SHEETS[kind].one);
    send(res, item);
  });
  router.post(`${path}/:id`, (req, res) => save(req, res, routeId(req, SHEETS[kind].one)));
  router.post(`${path}/:id/delete`, async (req, res) => {
    await deleteDeskItem(ctx, kind, routeId(req, SHEETS[kind].one));
    res.redirect(303, withNotice(path, "desk-deleted"));
  });
}

const SAVED: Readonly<Record<DeskKind, NoticeName>> = {
  snippet: "snippet-saved",
  template: "template-saved",
  search: "search-saved",
};

type Typed = { readonly name: string; readonly fields: Readonly<Record<string, string>>; readonly from: string };

async function readTyped(req: Request, kind: DeskKind): Promise<Typed> {
  const form = await readForm(req);
  const fields = Object.fromEntries(DESK_FIELDS[kind].map((field) => [field, form.text(field)]));
  return { name: form.text("name"), fields, from: form.text("from") };
}

/** A search that was saved where it was shown leads back there. */
function wayBack(kind: DeskKind, from: string, { fields }: Pick<Typed, "fields">): string {
  if (kind !== "search" || from !== "list") return SHEETS[kind].path;
  const { query = "", status = "", sort = "" } = fields;
  return searchPathOf({ fields: { query, status, sort } });
}
