import type { JobRowView } from "../../src/web/operations-views.ts";
import type { AdminPage, Views } from "../../src/web/views.ts";

/** The views of the pages of who runs the site that lists stand on. */
export type OperationsViews = Pick<Views, "admin/jobs.njk" | "admin/problems.njk" | "admin/problem.njk">;

const LONG = "a-long-word-without-any-place-to-break-".repeat(6);
const TIMES = "first February 20, 2026 at 10:00 AM, last February 22, 2026 at 10:00 AM";
const PROBLEM = {
  path: "/admin/problems/k3yK3yK3yK3yK3yK",
  title: "A request failed",
  level: "error",
  reason: `DatabaseError: ${LONG}`,
  count: "12 times",
  times: TIMES,
  requestIds: ["9mQk3v2J9sT4uWlZr8a", "0mQk3v2J9sT4uWlZr8b", LONG],
  more: 9,
} as const;

/** Those pages with everything in them. */
export function fullOperationsViews(page: AdminPage): OperationsViews {
  return {
    "admin/jobs.njk": {
      ...page,
      operationsPage: "jobs",
      filters: ["All", "Waiting", "Running", "Failed", "Done"].map((label, at) => ({
        label,
        path: "/admin/jobs",
        count: at * 1000,
        isCurrent: at === 0,
      })),
      jobs: [job(1, "failed"), job(2, "waiting"), job(3, "running"), job(4, "done")],
      nextPath: "/admin/jobs?before=7",
    },
    "admin/problems.njk": {
      ...page,
      operationsPage: "problems",
      source: "Warnings and errors of every process in the log since February 20, 2026 at 10:00 AM.",
      problems: [
        { ...PROBLEM, requestIds: [...PROBLEM.requestIds] },
        { ...PROBLEM, level: "warning", reason: "", count: "once", requestIds: [], more: 0 },
      ],
      failedJobs: [
        {
          title: "Copy an image from elsewhere",
          reason: LONG,
          count: "8 times",
          times: TIMES,
          ids: [8, 7, 6, 5, 4],
          more: 3,
          path: "/admin/jobs?state=failed",
        },
      ],
    },
    "admin/problem.njk": {
      ...page,
      operationsPage: "problems",
      problem: {
        ...PROBLEM,
        requestIds: [...PROBLEM.requestIds],
        more: 0,
        message: "request failed",
        facts: [
          { name: "Kind of address", value: "/notes/:slug" },
          { name: "Address", value: `https://blog.example/${LONG}` },
        ],
        errors: [
          { name: "Error", message: LONG, stack: `Error: ${LONG}\n    at ${LONG} (src/notes/note-store.ts:1:1)` },
          { name: "SqliteError", message: "disk I/O error", stack: "" },
        ],
      },
    },
  };
}

/** Those pages with hardly anything in them. */
export function bareOperationsViews(page: AdminPage): OperationsViews {
  const problem = { ...PROBLEM, reason: "", requestIds: [], more: 0, message: "x", facts: [], errors: [] };
  return {
    "admin/jobs.njk": { ...page, operationsPage: "jobs", filters: [], jobs: [], nextPath: "" },
    "admin/problems.njk": { ...page, operationsPage: "problems", source: "", problems: [], failedJobs: [] },
    "admin/problem.njk": { ...page, operationsPage: "problems", problem },
  };
}

function job(id: number, state: JobRowView["state"]): JobRowView {
  const hasButtons = state === "failed" || state === "waiting";
  return {
    id,
    title: "Copy an image from elsewhere",
    state,
    subject: id % 2 === 0 ? "A note about the harbour" : `images.example/${LONG}`,
    notePath: id % 2 === 0 ? "/admin/notes/1" : "",
    attempts: "attempt 6 of 6",
    when: "failed on February 22, 2026 at 10:00 AM",
    reason: state === "done" ? "" : `The other server did not answer. ${LONG}`,
    retryPath: hasButtons ? `/admin/jobs/${id}/retry` : "",
    giveUpPath: hasButtons ? `/admin/jobs/${id}/give-up` : "",
    giveUpLabel: state === "failed" ? "Remove" : "Give up",
  };
}
