import { readFile } from "node:fs/promises";
import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { addRedirect, changeRedirect, deleteRedirect } from "../../redirects/change-redirects.ts";
import type { ImportedLine } from "../../redirects/import-redirects.ts";
import { exportRedirects, importRedirects, MAX_IMPORT_BYTES } from "../../redirects/import-redirects.ts";
import type { WrittenRedirect } from "../../redirects/redirect.ts";
import { findRedirect, listRedirects } from "../../redirects/redirect-store.ts";
import { suggestNote } from "../../redirects/suggest-note.ts";
import { operationsPage } from "../admin-view.ts";
import { finish, sendAuthorPage } from "../answer.ts";
import type { Form } from "../form.ts";
import { readForm, takesFiles } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { queryText } from "../input.ts";
import { withNotice } from "../notices.ts";
import { importView, redirectForm, redirectViewer, suggestionLink } from "../redirect-view.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import type { Sources } from "../sources.ts";
import type { Render } from "../views.ts";

/** Redirects on one page. */
export const REDIRECTS_PER_PAGE = 100;

const REDIRECTS = "/admin/redirects";

type Tools = { readonly ctx: Context; readonly render: Render };

/** The author's redirects: list, make, change, delete, import, export. Stands behind `requireAuthor`. */
export function redirectsRoutes(ctx: Context, render: Render, { tally }: Pick<Sources, "tally">): Router {
  const router = createRouter();
  const tools = { ctx, render };

  router.get(REDIRECTS, async (req, res) => {
    await tally.flush();
    const { from, suggestion } = await wanted(ctx, req);
    const form = { from, to: suggestion?.path ?? "", status: "301" };
    sendList(tools, { req, res, form, suggestion: suggestion?.label ?? "" });
  });

  router.post(REDIRECTS, async (req, res) => {
    const sent = await readForm(req);
    const form = written(sent);
    try {
      await addRedirect(ctx, form);
    } catch (error) {
      return sendList(tools, { req, res, form, error: refusal(error) });
    }
    res.redirect(303, withNotice(sent.text("then") === "missing" ? "/admin/missing" : REDIRECTS, "redirect-saved"));
  });

  addLists(router, tools);

  router.get(`${REDIRECTS}/:id`, (req, res) => {
    const { source, target = "", status } = requireRedirect(ctx, req);
    sendForm(tools, { req, res, form: { from: source, to: target, status: String(status) } });
  });

  router.post(`${REDIRECTS}/:id`, async (req, res) => {
    const form = written(await readForm(req));
    try {
      await changeRedirect(ctx, routeId(req, "redirect"), form);
    } catch (error) {
      return sendForm(tools, { req, res, form, error: refusal(error) });
    }
    res.redirect(303, withNotice(REDIRECTS, "redirect-saved"));
  });

  router.post(`${REDIRECTS}/:id/delete`, async (req, res) => {
    await deleteRedirect(ctx, routeId(req, "redirect"));
    res.redirect(303, withNotice(REDIRECTS, "redirect-deleted"));
  });

  return router;
}

function addLists(router: Router, { ctx, render }: Tools): void {
  router.get(`${REDIRECTS}/export`, (_req, res) => {
    res.set({
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="redirects.csv"',
    });
    finish(res, Buffer.from(exportRedirects(ctx)));
  });

  router.post(`${REDIRECTS}/import`, takesFiles(ctx, { max: 1 }), async (req, res) => {
    const sent = await readForm(req);
    const form = { from: "", to: "", status: "301" };
    const list = sent.text("list");
    try {
      sendList({ ctx, render }, { req, res, form, imported: await importRedirects(ctx, await readList(sent)) });
    } catch (error) {
      sendList({ ctx, render }, { req, res, form, list, importError: refusal(error) });
    }
  });
}

type Shown = {
  readonly req: Request;
  readonly res: Response;
  readonly form: WrittenRedirect;
  readonly suggestion?: Words;
  readonly error?: AppError;
  readonly imported?: readonly ImportedLine[];
  readonly importError?: AppError;
  readonly list?: string;
};

function sendList({ ctx, render }: Tools, shown: Shown): void {
  const { req, res, form, error, imported, importError, list = "" } = shown;
  const found = listRedirects(ctx.db, { after: queryText(req, "after") ?? "", limit: REDIRECTS_PER_PAGE + 1 });
  const redirects = found.slice(0, REDIRECTS_PER_PAGE);
  const last = redirects.at(-1)?.source ?? "";
  const html = render("admin/redirects.njk", {
    ...operationsPage(ctx, res, { page: "redirects", title: said`Redirects` }),
    form: redirectForm(form, { error, suggestion: shown.suggestion ?? "" }),
    redirects: redirects.map(redirectViewer(ctx)),
    nextPath: found.length > redirects.length ? `${REDIRECTS}?${new URLSearchParams({ after: last })}` : "",
    imported: imported === undefined ? null : importView(imported),
    importError: importError?.said ?? "",
    list,
  });
  sendAuthorPage(res, { html, status: statusOf(error ?? importError) });
}

function sendForm({ ctx, render }: Tools, { req, res, form, error }: Shown): void {
  const html = render("admin/redirect.njk", {
    ...operationsPage(ctx, res, { page: "redirects", title: said`Change a redirect` }),
    redirect: { ...redirectForm(form, { error, suggestion: "" }), path: `${REDIRECTS}/${routeId(req, "redirect")}` },
  });
  sendAuthorPage(res, { html, status: statusOf(error) });
}

function statusOf(error: AppError | undefined): number {
  return error === undefined ? 200 : toStatus(error.code);
}

/** A form that is refused comes back with the reason; whatever else went wrong goes on. */
function refusal(error: unknown): AppError {
  if (error instanceof AppError && (error.code === "invalid" || error.code === "too_large")) return error;
  throw error;
}

function written(form: Form): WrittenRedirect {
  return { from: form.text("from"), to: form.text("to"), status: form.text("status") };
}

/** The address that the log of what was not found names, and the note that may be meant. */
async function wanted(ctx: Pick<Context, "db">, req: Request) {
  const from = queryText(req, "from") ?? "";
  const note = from === "" ? undefined : await suggestNote(ctx.db, from);
  return { from, suggestion: note && suggestionLink(note) };
}

function requireRedirect(ctx: Pick<Context, "db">, req: Request) {
  const redirect = findRedirect(ctx.db, routeId(req, "redirect"));
  if (redirect === undefined) throw notFound("redirect");
  return redirect;
}

/** The file, if there is one, else the lines. Throws `too_large`. */
async function readList(form: Form): Promise<string> {
  const file = form.file("file");
  if (file?.problem !== undefined || (file?.sizeBytes ?? 0) > MAX_IMPORT_BYTES) throw tooLarge();
  const list = file === undefined || file.sizeBytes === 0 ? form.text("list") : await readFile(file.path, "utf8");
  if (Buffer.byteLength(list) > MAX_IMPORT_BYTES) throw tooLarge();
  return list;
}

function tooLarge(): AppError {
  return new AppError(
    "too_large",
    said`A list of redirects has at most ${MAX_IMPORT_BYTES / 1024} KB. Import it in parts.`,
  );
}
