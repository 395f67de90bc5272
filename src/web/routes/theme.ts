import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { said } from "../../lib/words.ts";
import { themeFolder } from "../../theme/theme-files.ts";
import { formatThemeProblem } from "../../theme/theme-problem.ts";
import { isThemeable } from "../../theme/theme-templates.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { createRouter } from "../router.ts";
import type { Sources } from "../sources.ts";
import type { Render } from "../views.ts";

/** What lies in DATA_DIR/theme, and what is wrong with it. Stands behind `requireAuthor`. */
export function themeRoutes(ctx: Context, render: Render, { theme }: Pick<Sources, "theme">): Router {
  const router = createRouter();

  router.get("/admin/appearance/templates", (_req, res) => {
    theme.look();
    const problems = theme.problems();
    const html = render("admin/theme.njk", {
      ...adminPage(ctx, res, { section: "appearance", title: said`Templates` }),
      appearancePage: "templates",
      theme: {
        folder: themeFolder(ctx.config),
        problems: problems.map(formatThemeProblem),
        files: theme.files().map((path) => ({
          path,
          state: problems.some(({ file }) => file === path)
            ? "failed"
            : path.endsWith(".njk") && isThemeable(path)
              ? "ok"
              : "",
        })),
      },
    });
    sendAuthorPage(res, { html });
  });

  return router;
}
