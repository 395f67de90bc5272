import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { listFailedJobs } from "../../monitoring/job-list-store.ts";
import { readProblems } from "../../monitoring/problems.ts";
import { operationsPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { failedJobsRow, PROBLEMS_PATH, problemDetail, problemRow, sourceWords } from "../problem-view.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** Groups of failed jobs on the page, and jobs of each that are named. */
const FAILED_JOBS_SHOWN = { groups: 20, ids: 5 };

/** Groups of problems on the page. */
export const PROBLEMS_SHOWN = 100;

/** What went wrong lately, from the log and the queue. Stands behind `requireAuthor`. */
export function problemsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(PROBLEMS_PATH, async (_req, res) => {
    const report = await readProblems(ctx);
    const html = render("admin/problems.njk", {
      ...operationsPage(ctx, res, { page: "problems", title: said`Problems` }),
      source: sourceWords(ctx, report),
      problems: report.problems.slice(0, PROBLEMS_SHOWN).map((problem) => problemRow(ctx, problem)),
      failedJobs: listFailedJobs(ctx.db, FAILED_JOBS_SHOWN).map((jobs) => failedJobsRow(ctx, jobs)),
    });
    sendAuthorPage(res, { html });
  });

  router.get(`${PROBLEMS_PATH}/:key`, async (req, res) => {
    const { problems } = await readProblems(ctx);
    const problem = problems.find(({ key }) => key === req.params.key);
    if (problem === undefined) throw notFound("problem in the log any more");
    const page = operationsPage(ctx, res, { page: "problems", title: said`Problem` });
    sendAuthorPage(res, { html: render("admin/problem.njk", { ...page, problem: problemDetail(ctx, problem) }) });
  });

  return router;
}
