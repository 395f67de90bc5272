import { expect, test } from "vitest";
import { listJobs } from "../../src/jobs/job-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { CHOSEN_KINDS } from "../../src/web/kind-form.ts";
import { testContext } from "../support/context.ts";
import { POST_URL } from "../support/elsewhere.ts";
import { exportSite, importSite, readSite, readTree } from "../support/export.ts";

test("kinds and what they are about come along, and the pages are fetched anew", async () => {
  const { ctx } = await testContext();
  const properties = {
    ...{ "in-reply-to": [POST_URL], "like-of": [POST_URL], "repost-of": [POST_URL], "bookmark-of": [POST_URL] },
    ...{ rsvp: ["maybe"], start: ["2026-07-01T19:00:30-05:00"], location: [{ type: ["h-card"], properties: {} }] },
    photo: [{ value: "https://a.example/x.jpg", alt: "X" }],
  };
  for (const kind of CHOSEN_KINDS)
    await publishNote(ctx, { content: "x y", title: kind, kind, properties }, { madeBy: "cli" });
  const root = await exportSite(ctx);
  const other = await testContext();

  const problems = await importSite(other.ctx, root);

  expect(problems).toEqual([]);
  expect(readSite(other.ctx)).toEqual(readSite(ctx));
  expect(readTree(await exportSite(other.ctx))).toEqual(readTree(root));
  expect(listJobs(other.ctx.db, "notes.fetch_citation", 99)).toHaveLength(1);
});
