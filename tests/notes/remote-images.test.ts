import { expect, test } from "vitest";
import { updateRemoteImage } from "../../src/media/remote-images-store.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { changeSite, rerenderImages } from "../../src/notes/change-site.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { MAX_REMOTE_IMAGES, requestRendering, rerenderNote } from "../../src/notes/render-note.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { eraseNote } from "../../src/notes/trash.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import { testContext } from "../support/context.ts";
import { picture } from "../support/images.ts";

const AUTHOR = { madeBy: "admin" };
const URL = "https://cats.example/cat.jpg";

function jobs(ctx: Awaited<ReturnType<typeof testContext>>["ctx"]) {
  return ctx.db.all<{ kind: string; payload: string }>(
    "SELECT kind, payload FROM jobs WHERE state = 'waiting' ORDER BY id",
  );
}

test("when the copy of an image is there, every note that shows it is rendered again, with its size", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: `![A cat](${URL})` }, AUTHOR);
  await publishNote(ctx, { content: "no image" }, AUTHOR);
  const { name } = await saveImage(ctx, { bytes: await picture(40, 30).png().toBuffer() });

  await ctx.db.write(() => {
    updateRemoteImage(ctx.db, URL, { mediaName: name, now: ctx.clock() });
    requestRendering(ctx.db, URL, ctx.clock());
  });
  const queued = jobs(ctx).filter((job) => job.kind === "notes.render");
  await rerenderNote(ctx, note.id);

  expect(queued).toEqual([{ kind: "notes.render", payload: `{"noteId":${note.id}}` }]);
  const after = findNote(ctx.db, note.id);
  expect(after?.contentHtml).toMatch(
    new RegExp(`<img class="u-photo" src="/media/${name}"[^>]* width="40" height="30"`, "u"),
  );
  expect(after).toMatchObject({ version: 1, updatedAt: undefined });
});

test("an image that could not be copied is tried again when the author saves the note, not when it is rendered again", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: `![A cat](${URL})` }, AUTHOR);
  await ctx.db.write(() => {
    ctx.db.run("DELETE FROM jobs");
    updateRemoteImage(ctx.db, URL, { reason: "The server answered 404.", now: ctx.clock() });
  });

  await rerenderNote(ctx, note.id);
  const afterRendering = jobs(ctx);
  await reviseNote(ctx, note.id, { content: `![A cat](${URL}) again`, origin: AUTHOR });

  expect(afterRendering).toEqual([]);
  expect(jobs(ctx)).toEqual([{ kind: "media.copy_remote_image", payload: `{"url":"${URL}"}` }]);
});

test("choosing otherwise how images elsewhere are shown renders all notes that show some, and no others", async () => {
  const { ctx } = await testContext();
  await changeSite(ctx, { remoteImages: "link" });
  const notes = [];
  for (let index = 0; index < 3; index += 1)
    notes.push(await publishNote(ctx, { content: `![${index}](${URL})` }, AUTHOR));
  const plain = await publishNote(ctx, { content: "no image" }, AUTHOR);

  await changeSite(ctx, { remoteImages: "load" });
  await rerenderImages(ctx, 0);

  for (const note of notes) expect(findNote(ctx.db, note.id)?.contentHtml).toContain(`<img src="${URL}"`);
  expect(findNote(ctx.db, plain.id)?.changedAt).toBe(plain.changedAt);
});

test("a setting that stays as it is queues no rendering", async () => {
  const { ctx } = await testContext();

  await changeSite(ctx, { remoteImages: "copy", siteTitle: "Other" });

  expect(jobs(ctx)).toEqual([]);
});

test("a job that renders images goes on where the last batch ended", async () => {
  const { ctx } = await testContext();
  await changeSite(ctx, { remoteImages: "link" });
  for (let index = 0; index < 51; index += 1) await publishNote(ctx, { content: `![${index}](${URL})` }, AUTHOR);
  await changeSite(ctx, { remoteImages: "load" });
  const handlers = createHandlers(ctx);
  const attempt = { jobId: 1, number: 1, isLast: false };

  await handlers["notes.render_images"]({ after: 0 }, attempt);
  const rest = jobs(ctx).filter((job) => job.payload !== '{"after":0}');
  await handlers["notes.render_images"]({ after: 50 }, attempt);

  expect(rest).toEqual([{ kind: "notes.render_images", payload: '{"after":50}' }]);
  expect(findNote(ctx.db, 51)?.contentHtml).toContain("<img");
});

test("a note shows as many images from elsewhere as the limit, and one more is refused by name", async () => {
  const { ctx } = await testContext();
  const images = (count: number) => Array.from({ length: count }, (_, index) => `![](${URL}?${index})`).join("\n");

  const note = await publishNote(ctx, { content: images(MAX_REMOTE_IMAGES) }, AUTHOR);
  const refused = publishNote(ctx, { content: images(MAX_REMOTE_IMAGES + 1) }, AUTHOR);

  expect(note.status).toBe("published");
  await expect(refused).rejects.toMatchObject({ code: "invalid", field: "content" });
  expect(jobs(ctx)).toHaveLength(MAX_REMOTE_IMAGES);
});

test("the photos beside a text are found by what they show", async () => {
  const { ctx } = await testContext();
  const photo = [
    { value: URL, alt: "A ginger cat" },
    "https://me:secret@cats.example/x.jpg",
    "javascript:alert(1)",
    7,
    null,
  ];

  const note = await publishNote(ctx, { content: "Look", properties: { photo } }, AUTHOR);

  expect(note.contentText).toBe("Look\nA ginger cat");
  expect(note.contentHtml).not.toMatch(/secret|javascript/u);
  expect(note.slug).toBe("look");
});

test("an erased note shows no image any more", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: `![A cat](${URL})` }, AUTHOR);

  await eraseNote(ctx, note.id);

  expect(ctx.db.all("SELECT * FROM note_remote_images")).toEqual([]);
});
