import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { openNotebook } from "../support/notebook.ts";

const AUTHOR = { madeBy: "admin" };

test("an old address is asked for again each time, so that a slug may come back without going round in circles", async () => {
  const { ctx, http } = await openNotebook();
  const note = await publishNote(ctx, { content: "x", slug: "one" }, AUTHOR);
  await reviseNote(ctx, note.id, { slug: "two", origin: AUTHOR });

  await http.get("/notes/one").expect(301).expect("Location", "/notes/two").expect("Cache-Control", "no-cache");
  await reviseNote(ctx, note.id, { slug: "one", origin: AUTHOR });

  await http.get("/notes/two").expect(301).expect("Location", "/notes/one");
  expect((await http.get("/notes/one")).status).toBe(200);
});

test("an old address tells strangers as little as the present one", async () => {
  const { ctx, http } = await openNotebook();
  const note = await publishNote(ctx, { content: "x", slug: "now", aliases: ["/2019/old.html"] }, AUTHOR);
  const status = async () => (await http.get("/2019/old.html")).status;
  const seen = [await status()];

  await reviseNote(ctx, note.id, { visibility: "private", origin: AUTHOR });
  seen.push(await status());
  await reviseNote(ctx, note.id, { visibility: "unlisted", origin: AUTHOR });
  seen.push(await status());
  await retractNote(ctx, note.id, { origin: AUTHOR });
  seen.push(await status());
  await trashNote(ctx, note.id, AUTHOR);
  seen.push(await status());

  expect(seen).toEqual([301, 404, 301, 404, 410]);
});

test("no alias takes the place of a page", async () => {
  const { ctx, http } = await openNotebook();
  const paths = ["/feed.xml", "/admin", "/archive", "/search", "/notes/other", "/health", "/micropub", "/login"];
  await publishNote(ctx, { content: "x", slug: "other" }, AUTHOR);
  await publishNote(ctx, { content: "y", slug: "thief", aliases: paths }, AUTHOR);

  for (const path of paths) {
    expect((await http.get(path)).headers.location ?? "", path).not.toContain("thief");
  }
});

test.each([
  ["a draft with a date", "draft", {}],
  ["a note that waited for its time", "scheduled", {}],
  ["a private note", "published", { visibility: "private" as const }],
] as const)("%s was never out: in the trash and erased it is not found, not gone", async (_what, status, input) => {
  const { ctx, http, clock } = await openNotebook();
  const publishedAt = (status === "scheduled" ? "2026-03-02T00:00:00.000Z" : "2020-01-01T00:00:00.000Z") as Timestamp;
  const make = status === "draft" ? saveDraft : publishNote;
  const note = await make(ctx, { content: "x", slug: "secret", publishedAt, ...input }, AUTHOR);

  await trashNote(ctx, note.id, AUTHOR);
  clock.advance(7 * 86_400);
  const trashed = await http.get("/notes/secret");
  await eraseNote(ctx, note.id);

  expect(trashed.status).toBe(404);
  await http.get("/notes/secret").expect(404);
});
