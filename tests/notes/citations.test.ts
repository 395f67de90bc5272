import { describe, expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import { findMedia } from "../../src/media/media-store.ts";
import { THUMBNAIL_PIXELS } from "../../src/media/save-thumbnail.ts";
import { findCitation } from "../../src/notes/citation-store.ts";
import { fetchCitation, MAX_PICTURE_BYTES } from "../../src/notes/fetch-citation.ts";
import { refetchCitations } from "../../src/notes/keep-citations.ts";
import { deleteMedia } from "../../src/notes/library.ts";
import { listLibrary } from "../../src/notes/library-store.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import { listChangesAfter, siteRevision } from "../../src/notes/public-changes-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { NOW, testContext } from "../support/context.ts";
import { elsewhere, POST_HTML, POST_URL } from "../support/elsewhere.ts";
import { picture } from "../support/images.ts";

const origin = { madeBy: "admin" };
const LIKE: NoteInput = { content: "", properties: { "like-of": [POST_URL] } };
const REPLY: NoteInput = { content: "Indeed", tags: ["Engines"], properties: { "in-reply-to": [POST_URL] } };

async function web() {
  return elsewhere({
    [POST_URL]: POST_HTML,
    "https://ada.example/ada.png": await picture(40, 30).png().toBuffer(),
    "https://ada.example/engine.png": await picture(900, 600).png().toBuffer(),
  });
}

const fetchNow = (ctx: Context, url = POST_URL, isLastAttempt = false) => fetchCitation(ctx, { url, isLastAttempt });

function queued({ db }: Context): string[] {
  const waiting = listJobs(db, "notes.fetch_citation", 100).filter(({ state }) => state === "waiting");
  return waiting.map(({ payload }) => (JSON.parse(payload) as { url: string }).url);
}

describe("what a page says of itself that a note is about", () => {
  test("is fetched by a job and stored, its pictures as small copies of our own", async () => {
    const { fetch, asked } = await web();
    const { ctx } = await testContext({ fetch });
    await publishNote(ctx, LIKE, origin);

    expect(queued(ctx)).toEqual([POST_URL]);
    expect(await fetchNow(ctx)).toEqual({ result: "done" });

    const citation = findCitation(ctx.db, POST_URL);
    expect(citation).toEqual({
      url: POST_URL,
      title: "On analytical engines",
      authorName: "Ada Lovelace",
      authorUrl: "https://ada.example/",
      authorPhoto: expect.stringMatching(/\.webp$/u),
      excerpt: "The engine weaves <patterns>.",
      image: expect.stringMatching(/\.webp$/u),
      language: "en-GB",
      fetchedAt: NOW,
      reason: undefined,
    });
    expect(findMedia(ctx.db, citation?.image ?? "")).toMatchObject({ width: THUMBNAIL_PIXELS });
    expect(findMedia(ctx.db, citation?.authorPhoto ?? "")).toMatchObject({ width: 40, height: 30 });
    expect(asked.map(([, options]) => options?.maxBytes)).toEqual([undefined, MAX_PICTURE_BYTES, MAX_PICTURE_BYTES]);
  });

  test.each(["link", "load"] as const)(
    "has no pictures where the author lets images of others be: %s",
    async (remoteImages) => {
      const { fetch, urls } = await web();
      const { ctx } = await testContext({ fetch });
      await changeSettings(ctx, { remoteImages });
      await publishNote(ctx, LIKE, origin);

      await fetchNow(ctx);

      expect(urls()).toEqual([POST_URL]);
      expect(findCitation(ctx.db, POST_URL)).toMatchObject({ title: "On analytical engines", image: undefined });
    },
  );

  test("is fetched once for all notes, and again when the author asks for it", async () => {
    const { ctx } = await testContext(await web());
    await publishNote(ctx, LIKE, origin);
    await saveDraft(ctx, REPLY, origin);
    expect(queued(ctx)).toEqual([POST_URL]);
    await ctx.db.write(() => ctx.db.run("DELETE FROM jobs"));
    await fetchNow(ctx);

    const note = await publishNote(ctx, { ...REPLY, slug: "second" }, origin);
    expect(queued(ctx)).toEqual([]);

    await refetchCitations(ctx, note);
    expect(queued(ctx)).toEqual([POST_URL]);
  });

  test("is not fetched for what is no address on the web, nor for a page that no note is about", async () => {
    const { fetch, urls } = await web();
    const { ctx } = await testContext({ fetch });
    await publishNote(ctx, { content: "x", properties: { "like-of": ["javascript:alert(1)", "/notes/x"] } }, origin);

    expect(queued(ctx)).toEqual([]);
    expect(await fetchNow(ctx)).toEqual({ result: "done" });
    expect(urls()).toEqual([]);
  });
});

describe("a page that cannot be had", () => {
  test.each([
    ["404", { status: 404 }, "The server answered 404."],
    ["a picture", Buffer.from("x"), "The address leads to a file, not to a web page."],
    ["PDF", { type: "application/pdf", body: "x" }, "The address leads to a file, not to a web page."],
  ])("leaves the reason: %s", async (_, answer, reason) => {
    const { ctx } = await testContext(elsewhere({ [POST_URL]: answer }));
    await publishNote(ctx, LIKE, origin);

    expect(await fetchNow(ctx)).toEqual({ result: "give_up", reason });

    expect(findCitation(ctx.db, POST_URL)).toMatchObject({ reason, fetchedAt: undefined, title: undefined });
  });

  test("that may come back is tried again, and given up after the last attempt", async () => {
    const { ctx } = await testContext(elsewhere({ [POST_URL]: { reason: "Too slow." } }));
    const { id } = await publishNote(ctx, LIKE, origin);

    await fetchNow(ctx);
    expect(findCitation(ctx.db, POST_URL)?.reason).toBeUndefined();
    await fetchNow(ctx, POST_URL, true);
    expect(findCitation(ctx.db, POST_URL)?.reason).toBe("Too slow.");

    await ctx.db.write(() => ctx.db.run("DELETE FROM jobs"));
    await reviseNote(ctx, id, { content: "x", origin });
    expect(queued(ctx)).toEqual([POST_URL]);
    expect(findCitation(ctx.db, POST_URL)?.reason).toBeUndefined();
  });

  test("keeps what was known of it, and pictures that cannot be had are left out", async () => {
    const pages: Record<string, string | { status: number }> = { [POST_URL]: POST_HTML };
    const { ctx } = await testContext(elsewhere(pages));
    await publishNote(ctx, LIKE, origin);
    await fetchNow(ctx);
    pages[POST_URL] = { status: 410 };

    await fetchNow(ctx);

    expect(findCitation(ctx.db, POST_URL)).toMatchObject({
      title: "On analytical engines",
      image: undefined,
      reason: "The server answered 410.",
    });
  });
});

describe("readers", () => {
  function changesAfter({ db }: Context, revision: number): string[] {
    return listChangesAfter(db, revision, 100).map(({ key }) => key);
  }

  test("get new pages when it arrives, and none when it is the same again", async () => {
    const { ctx } = await testContext(elsewhere({ [POST_URL]: POST_HTML }));
    const { id } = await publishNote(ctx, REPLY, origin);
    const before = siteRevision(ctx.db);

    await fetchNow(ctx);
    expect(changesAfter(ctx, before).sort()).toEqual([`link:${id}`, "list", `note:${id}`, "tag:engines"]);

    const arrived = siteRevision(ctx.db);
    await fetchNow(ctx);
    expect(changesAfter(ctx, arrived)).toEqual([]);
  });

  test.each([
    ["draft", saveDraft, {}, []],
    ["private note", publishNote, { visibility: "private" }, []],
    ["unlisted note", publishNote, { visibility: "unlisted" }, ["note:1"]],
    ["page", publishNote, { kind: "page", title: "About" }, ["note:1"]],
  ] as const)("learn no more of a %s than they may", async (_, save, input, keys) => {
    const { ctx } = await testContext(elsewhere({ [POST_URL]: POST_HTML }));
    await save(ctx, { ...REPLY, ...input }, origin);
    const before = siteRevision(ctx.db);

    await fetchNow(ctx);

    expect(changesAfter(ctx, before)).toEqual(keys);
  });
});

describe("it is erased with the last note that is about the page", () => {
  test("with its pictures, while one that another note has stays", async () => {
    const { ctx } = await testContext(await web());
    const like = await publishNote(ctx, LIKE, origin);
    const reply = await publishNote(ctx, REPLY, origin);
    await fetchNow(ctx);
    const unused = () => listLibrary(ctx.db, { filter: "unused", before: 1e9, limit: 10 });
    expect(unused()).toEqual([]);

    await eraseNote(ctx, like.id);
    expect(findCitation(ctx.db, POST_URL)?.image).toBeDefined();
    await trashNote(ctx, reply.id, origin);
    expect(findCitation(ctx.db, POST_URL)).toBeDefined();

    await eraseNote(ctx, reply.id);
    expect(findCitation(ctx.db, POST_URL)).toBeUndefined();
    expect(listLibrary(ctx.db, { filter: "all", before: 1e9, limit: 10 })).toEqual([]);
  });

  test("also when the note is about another page from then on", async () => {
    const { ctx } = await testContext(await web());
    const { id } = await publishNote(ctx, LIKE, origin);
    await fetchNow(ctx);

    await reviseNote(ctx, id, { properties: { "like-of": ["https://ada.example/other"] }, origin });

    expect(findCitation(ctx.db, POST_URL)).toBeUndefined();
    expect(findCitation(ctx.db, "https://ada.example/other")).toBeDefined();
  });

  test("a picture that the author deletes is shown no more", async () => {
    const { ctx } = await testContext(await web());
    await publishNote(ctx, LIKE, origin);
    await fetchNow(ctx);

    await deleteMedia(ctx, findCitation(ctx.db, POST_URL)?.image ?? "");

    expect(findCitation(ctx.db, POST_URL)).toMatchObject({ image: undefined, authorPhoto: expect.any(String) });
  });
});
