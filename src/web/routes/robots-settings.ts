import type { Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { said } from "../../lib/words.ts";
import { changeSite } from "../../notes/change-site.ts";
import type { SettingsProblems } from "../../site/settings-input.ts";
import { checkSettings } from "../../site/settings-input.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

const SETTINGS = "/admin/settings/robots";

/** The settings of what robots may do, and of what readers are told where nothing is. Stands behind `requireAuthor`. */
export function robotsSettingsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(SETTINGS, (_req, res) => {
    const { robots, llmsTxt, markdownCopies, notFound } = readSettings(ctx.db);
    sendSettings(ctx, render, { res, typed: { robots, llmsTxt, markdownCopies, notFound: notFound.markdown } });
  });

  router.post(SETTINGS, async (req, res) => {
    const typed = typedIn(await readForm(req));
    const { settings, problems } = checkSettings(typed);
    if (Object.keys(problems).length > 0) return sendSettings(ctx, render, { res, typed, problems });
    await changeSite(acting(ctx, req), settings);
    res.redirect(303, withNotice(SETTINGS, "settings"));
  });

  return router;
}

type Typed = {
  readonly robots: string;
  readonly llmsTxt: string;
  readonly markdownCopies: string;
  readonly notFound: string;
};

/** A box that is not ticked is not sent. */
function typedIn(form: Form): Typed {
  const offer = (name: string) => (form.has(name) ? "on" : "off");
  return {
    robots: form.text("robots"),
    llmsTxt: offer("llms_txt"),
    markdownCopies: offer("markdown_copies"),
    notFound: form.text("not_found").replace(/\r\n?/gu, "\n"),
  };
}

type Shown = { readonly res: Response; readonly typed: Typed; readonly problems?: SettingsProblems };

function sendSettings(ctx: Context, render: Render, { res, typed, problems = {} }: Shown): void {
  const isWrong = Object.keys(problems).length > 0;
  const html = render("admin/robots.njk", {
    ...adminPage(ctx, res, { section: "settings", title: said`Robots and missing pages` }),
    robots: { value: typed.robots, error: problems.robots ?? "" },
    offers: { llmsTxt: typed.llmsTxt === "on", markdownCopies: typed.markdownCopies === "on" },
    notFound: { value: typed.notFound, error: problems.notFound ?? "" },
    error: isWrong ? said`Nothing was saved yet. See the fields that are marked.` : "",
  });
  sendAuthorPage(res, { html, status: isWrong ? 422 : 200 });
}
