import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { said } from "../../lib/words.ts";
import { MAX_AUTOSAVE_FIELD_LENGTH, parseTypedFields } from "../../notes/autosave.ts";
import { takeShare } from "../../notes/take-share.ts";
import { adminPage } from "../admin-view.ts";
import { finish, sendAuthorPage } from "../answer.ts";
import { assetPath, modulePaths } from "../assets.ts";
import { deviceName } from "../device-name.ts";
import { prefersJson } from "../error-answer.ts";
import { readForm, takesFiles } from "../form.ts";
import { toFields } from "../note-form.ts";
import type { Resume } from "../resume.ts";
import { createRouter } from "../router.ts";
import { SHARE_PATH } from "../session.ts";
import { sharedForm, withSharedPhotos } from "../shared-form.ts";
import type { Render, Views } from "../views.ts";
import { sendEditor } from "./editor.ts";

/**
 * What other apps share with the site installed on a phone. It becomes a draft in the editor and never a note. Stands
 * behind `requireAuthor`, which lets it through without a token where the browser itself sends it.
 */
export function shareRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(SHARE_PATH, (_req, res) => {
    const page = adminPage(ctx, res, { section: "none", title: said`Shared` });
    sendAuthorPage(res, { html: render("admin/share.njk", { ...page, ...shareScripts(), isOffline: false }) });
  });

  router.post(SHARE_PATH, takesFiles(ctx), async (req, res) => {
    const path = `/admin/notes/new?autosave=${await take(ctx, req)}`;
    if (prefersJson(req)) sendJson(res, { path });
    else res.redirect(303, path);
  });

  return router;
}

/** Shows a share in the editor after a login that came in between. Photos stay with the app that shared them. */
export function resumeShare(ctx: Context, render: Render): Resume {
  return ({ res, kept, status, message }) => {
    if (kept.action !== SHARE_PATH) return false;
    const form = sharedForm({ title: kept.text("title"), text: kept.text("text"), url: kept.text("url") });
    sendEditor({ ctx, render }, res, { form, notice: message, status, isUnsaved: true });
    return true;
  };
}

/** The scripts of the page that delivers what was shared. */
export function shareScripts(): Pick<Views["admin/share.njk"], "sharePath" | "modulePaths"> {
  return { sharePath: assetPath("share.js"), modulePaths: modulePaths("share.js").slice(1) };
}

async function take(ctx: Context, req: Request): Promise<string> {
  const sent = await readForm(req);
  const shared = sharedForm({ title: sent.text("title"), text: sent.text("text"), url: sent.text("url") });
  const { form, refused } = await withSharedPhotos(ctx, shared, sent.files("photos"));
  const notice = refused.join("\n").slice(0, MAX_AUTOSAVE_FIELD_LENGTH);
  const fields = parseTypedFields([...toFields(form), { name: "refused", value: notice }]);
  return takeShare(ctx, { key: sent.text("share_key"), fields, device: `${deviceName(req.get("User-Agent") ?? "")}` });
}

function sendJson(res: Response, body: Record<string, string>): void {
  res.set({ "Content-Type": "application/json", "Cache-Control": "no-store" });
  finish(res, Buffer.from(JSON.stringify(body)));
}
