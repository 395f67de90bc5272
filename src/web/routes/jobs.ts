import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { Intervention } from "../../jobs/intervene.ts";
import { giveUpJob, retryJob } from "../../jobs/intervene.ts";
import { invalid } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import type { JobState } from "../../monitoring/job-list-store.ts";
import { JOB_STATES, listQueue } from "../../monitoring/job-list-store.ts";
import { operationsPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { queryText } from "../input.ts";
import { JOBS_PATH, jobFilters, jobViewer } from "../job-view.ts";
import type { NoticeName } from "../notices.ts";
import { withNotice } from "../notices.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** Jobs on one page of the queue. */
export const JOBS_PER_PAGE = 50;

/** What the page says of each end of an intervention. */
const NOTICE_NAMES: Readonly<Record<Intervention, NoticeName>> = {
  due: "job-due",
  failed: "job-given-up",
  removed: "job-removed",
  replaced: "job-replaced",
  moved_on: "job-moved-on",
};

/** The queue, and what can be done to a job by hand. Stands behind `requireAuthor`. */
export function jobsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(JOBS_PATH, (req, res) => {
    const state = parseState(req);
    const found = listQueue(ctx.db, { state, before: parseBefore(req), limit: JOBS_PER_PAGE + 1 });
    const jobs = found.slice(0, JOBS_PER_PAGE);
    const html = render("admin/jobs.njk", {
      ...operationsPage(ctx, res, { page: "jobs", title: said`Jobs` }),
      filters: jobFilters(ctx, state),
      jobs: jobs.map(jobViewer(ctx, state)),
      nextPath: found.length > JOBS_PER_PAGE ? pathOf(state, jobs.at(-1)?.id) : "",
    });
    sendAuthorPage(res, { html });
  });

  router.post(`${JOBS_PATH}/:id/retry`, async (req, res) => {
    goBack(req, res, await retryJob(ctx, { id: routeId(req, "job"), requestId: res.locals.requestId }));
  });

  router.post(`${JOBS_PATH}/:id/give-up`, async (req, res) => {
    goBack(req, res, await giveUpJob(ctx, { id: routeId(req, "job"), requestId: res.locals.requestId }));
  });

  return router;
}

function goBack(req: Request, res: Response, result: Intervention): void {
  res.redirect(303, withNotice(pathOf(parseState(req), undefined), NOTICE_NAMES[result]));
}

function parseState(req: Request): JobState | undefined {
  const text = queryText(req, "state");
  return JOB_STATES.find((state) => state === text);
}

function parseBefore(req: Request): number | undefined {
  const text = queryText(req, "before");
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw invalid("before", said`“before” is no place in this list. Begin again at its top.`);
  return Number(text);
}

function pathOf(state: JobState | undefined, before: number | undefined): string {
  const query = new URLSearchParams();
  if (state !== undefined) query.set("state", state);
  if (before !== undefined) query.set("before", String(before));
  return query.size === 0 ? JOBS_PATH : `${JOBS_PATH}?${query}`;
}
