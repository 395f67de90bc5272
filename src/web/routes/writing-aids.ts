import type { Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { invalid } from "../../lib/errors.ts";
import { hashtagAt } from "../../lib/hashtags.ts";
import { tagName } from "../../lib/tag-name.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { findNote } from "../../notes/note-store.ts";
import { listPeople } from "../../notes/people.ts";
import { listTagLabels } from "../../notes/written-notes-store.ts";
import { finish } from "../answer.ts";
import { MAX_TAG_SUGGESTIONS } from "../editor-view.ts";
import { readForm, takesFiles } from "../form.ts";
import { addImage } from "../note-images.ts";
import { createRouter } from "../router.ts";

/** What the editor's scripts ask for while the author writes. Stands behind `requireAuthor`. */
export function writingAidsRoutes(ctx: Context): Router {
  const router = createRouter();

  router.get("/admin/completions", (_req, res) => {
    sendJson(res, 200, { tags: suggestedTags(ctx).map((name) => ({ name })), people: listPeople(ctx) });
  });

  router.post("/admin/uploads", takesFiles(ctx, { max: 1 }), async (req, res) => {
    const form = await readForm(req);
    const file = form.file("image");
    if (file === undefined) throw invalid("image", said`Choose an image first.`);
    const id = form.text("note_id");
    const note = /^[1-9]\d{0,14}$/u.test(id) ? findNote(ctx.db, Number(id)) : undefined;
    sendJson(res, 201, await addImage(ctx, file, note?.contentFormat ?? "markdown"));
  });

  return router;
}

/** Tags as hashtags are written: one that is no hashtag as its author wrote it stands as it does in its address. */
function suggestedTags({ db }: Pick<Context, "db">): string[] {
  const names = listTagLabels(db, MAX_TAG_SUGGESTIONS)
    .map((label) => (isHashtag(label) ? label : tagName(label)))
    .filter(isHashtag);
  return [...new Set(names)];
}

function isHashtag(label: Words): boolean {
  return hashtagAt(`#${label}`, "") === label;
}

function sendJson(res: Response, status: number, body: unknown): void {
  res.status(status).set({ "Content-Type": "application/json", "Cache-Control": "no-store" });
  finish(res, Buffer.from(JSON.stringify(body)));
}
