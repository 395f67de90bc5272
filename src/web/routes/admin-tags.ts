import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, invalid, notFound } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import type { PinMove } from "../../notes/pins.ts";
import { PIN_MOVES } from "../../notes/pins.ts";
import { changeTags } from "../../tags/change-tags.ts";
import { moveSectionPin, saveSection } from "../../tags/save-section.ts";
import type { AskedTagAct } from "../../tags/tag-act.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { BULK_PATH } from "../bulk-view.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { queryText } from "../input.ts";
import { withNotice } from "../notices.ts";
import { createRouter } from "../router.ts";
import type { SentTag, SentTags, TagListPlace } from "../tag-view.ts";
import { TAGS_PATH, tagEditView, tagListView, tagPath } from "../tag-view.ts";
import type { Render } from "../views.ts";
import { adminOrigin } from "./admin-notes.ts";

/** Longest search among the tags, in characters. */
const MAX_QUERY_LENGTH = 80;

type Tools = { readonly ctx: Context; readonly render: Render };

/** All tags, what can be done to them, and the section of each. Stands behind `requireAuthor`. */
export function adminTagsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const tools = { ctx, render };

  router.get(TAGS_PATH, (req, res) => sendList(tools, res, { place: readPlace((name) => queryText(req, name)) }));

  router.post(`${TAGS_PATH}/act`, async (req, res) => {
    const form = await readForm(req);
    const asked = readAct(form);
    try {
      await changeTags(ctx, asked, adminOrigin(req));
      res.redirect(303, `${BULK_PATH}/${asked.key}`);
    } catch (error) {
      const refused = refusal(error);
      const [name = ""] = asked.tags;
      if (form.text("from") === "tag")
        return await sendTag(tools, res, { name, newLabel: asked.label, error: refused });
      const sent = { ticked: asked.tags, label: asked.label, error: refused };
      await sendList(tools, res, { place: readPlace((field) => form.text(field)), sent });
    }
  });

  router.get(`${TAGS_PATH}/:tag`, (req, res) => sendTag(tools, res, { name: req.params.tag }));

  addSections(router, tools);
  return router;
}

function addSections(router: Router, tools: Tools): void {
  const { ctx } = tools;

  router.post(`${TAGS_PATH}/:tag/section`, async (req: Request<{ tag: string }>, res) => {
    const form = await readForm(req);
    const name = req.params.tag;
    const typed = { title: form.text("title"), description: form.text("description"), inMenu: form.has("in_menu") };
    try {
      await saveSection(ctx, name, typed);
      res.redirect(303, withNotice(tagPath(name), "section-saved"));
    } catch (error) {
      await sendTag(tools, res, { name, ...typed, error: refusal(error) });
    }
  });

  router.post(`${TAGS_PATH}/:tag/pins`, async (req: Request<{ tag: string }>, res) => {
    const form = await readForm(req);
    const name = req.params.tag;
    try {
      const move = readMove(form);
      await moveSectionPin(ctx, name, { noteId: readNoteId(form), move });
      res.redirect(303, withNotice(tagPath(name), move === "unpin" ? "section-unpinned" : "section-pinned"));
    } catch (error) {
      await sendTag(tools, res, { name, error: refusal(error) });
    }
  });
}

function readPlace(text: (name: string) => string | undefined): TagListPlace {
  const page = text("page") ?? "";
  return {
    query: [...(text("q") ?? "").trim()].slice(0, MAX_QUERY_LENGTH).join(""),
    order: text("order") === "count" ? "count" : "name",
    page: /^[1-9]\d{0,5}$/u.test(page) ? Number(page) : 1,
  };
}

function readAct(form: Form): AskedTagAct {
  const act = form.text("do");
  if (act !== "rename" && act !== "merge" && act !== "delete") {
    throw invalid("do", said`There is no such action. Open the list of tags again, and use one of its buttons.`);
  }
  return { key: form.text("act_key"), do: act, tags: form.texts("tag"), label: form.text("label") };
}

function readMove(form: Form): PinMove {
  const move = PIN_MOVES.find((known) => known === form.text("move"));
  if (move === undefined) throw invalid("note", said`“move” is one of ${PIN_MOVES.join(", ")}.`);
  return move;
}

function readNoteId(form: Form): number {
  const id = form.text("note");
  if (!/^[1-9]\d{0,14}$/u.test(id)) throw invalid("note", said`Choose a note first.`);
  return Number(id);
}

/** A form that is refused comes back with the reason; whatever else went wrong goes on. */
function refusal(error: unknown): AppError {
  if (error instanceof AppError && error.code === "invalid") return error;
  throw error;
}

async function sendList(
  { ctx, render }: Tools,
  res: Response,
  { place, sent }: { place: TagListPlace; sent?: SentTags },
): Promise<void> {
  const html = render("admin/tags.njk", {
    ...adminPage(ctx, res, { section: "notes", title: said`Tags` }),
    tags: await tagListView(ctx, place, sent),
  });
  sendAuthorPage(res, { html, status: sent === undefined ? 200 : toStatus(sent.error.code) });
}

async function sendTag(
  { ctx, render }: Tools,
  res: Response,
  { name, ...sent }: SentTag & { readonly name: string },
): Promise<void> {
  const tag = await tagEditView(ctx, name, sent);
  if (tag === undefined) throw notFound("tag");
  const html = render("admin/tag.njk", {
    ...adminPage(ctx, res, { section: "notes", title: said`Tag: ${tag.label}` }),
    tag,
  });
  sendAuthorPage(res, { html, status: sent.error === undefined ? 200 : toStatus(sent.error.code) });
}
