import { redirectForm } from "../../src/web/redirect-view.ts";
import type { AdminPage, Views } from "../../src/web/views.ts";

/** The views of redirects and of what was not found. */
export type RedirectSampleViews = Pick<Views, "admin/redirects.njk" | "admin/redirect.njk" | "admin/missing.njk">;

const LONG = `/2011/${"a-very-long-old-address-".repeat(8)}`;
const WRONG = { field: "to", message: "“/b”, to which it would lead, is redirected itself." } as never;
const TYPED = { from: LONG, to: "/b", status: "301" };

/** Those pages with everything in them. */
export function fullRedirectViews(page: AdminPage): RedirectSampleViews {
  const operations = { ...page, operationsPage: "redirects" } as const;
  const form = redirectForm(TYPED, { error: WRONG, suggestion: "A long note" });
  const row = { hits: "used 12 times", lastHit: "last February 22, 2026 at 10:00 AM", editPath: "/admin/redirects/1" };
  return {
    "admin/redirects.njk": {
      ...operations,
      form,
      redirects: [
        { ...row, source: LONG, target: `https://example.com${LONG}`, status: "301", deletePath: "/x" },
        { ...row, source: "/gone", target: "", status: "410", deletePath: "/y" },
      ],
      nextPath: "/admin/redirects?after=x",
      imported: {
        summary: "2 lines taken, 1 skipped.",
        skipped: [{ number: 3, text: LONG, reason: "It has a loop." }],
      },
      importError: "The list is too long.",
      list: "/a,/b",
    },
    "admin/redirect.njk": { ...operations, redirect: { ...form, path: "/admin/redirects/1" } },
    "admin/missing.njk": {
      ...page,
      operationsPage: "missing",
      rows: [
        {
          path: LONG,
          hits: "12 times",
          times: "last February 22, 2026 at 10:00 AM, first February 20, 2026 at 10:00 AM",
          referrer: "news.example",
          suggestion: { label: "A note of a rather long name that may be meant", path: "/notes/x" },
          redirectPath: "/admin/redirects?from=x",
        },
        {
          path: "/x",
          hits: "1 time",
          times: "today",
          referrer: "",
          suggestion: null,
          redirectPath: "/admin/redirects",
        },
      ],
      scans: [{ group: "WordPress", hits: "1,204 times", times: "last February 22, 2026 at 10:00 AM" }],
      nextPath: "/admin/missing?hits=1",
      max: 1000,
    },
  };
}

/** The same with nothing in them. */
export function bareRedirectViews(page: AdminPage): RedirectSampleViews {
  const operations = { ...page, operationsPage: "redirects" } as const;
  const form = redirectForm({ from: "", to: "", status: "301" }, { error: undefined, suggestion: "" });
  return {
    "admin/redirects.njk": {
      ...operations,
      form,
      redirects: [],
      nextPath: "",
      imported: null,
      importError: "",
      list: "",
    },
    "admin/redirect.njk": { ...operations, redirect: { ...form, path: "/admin/redirects/1" } },
    "admin/missing.njk": {
      ...page,
      operationsPage: "missing",
      rows: [],
      scans: [],
      nextPath: "",
      max: 1000,
    },
  };
}
