import { expect, test } from "vitest";
import { describeMedia } from "../../src/notes/library.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { MAX_NOTES_REPLACED, replaceMedia } from "../../src/notes/replace-media.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { findRevision } from "../../src/notes/revision-store.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { testContext } from "../support/context.ts";
import { mp4 } from "../support/films.ts";
import { picture } from "../support/images.ts";
import { upload } from "../support/uploads.ts";

const ADMIN = { madeBy: "admin" };

async function openShelf() {
  const { ctx, clock } = await testContext();
  const image = async (side: number) => await upload(ctx, await picture(side, 20).png().toBuffer());
  const [old, other] = [await image(30), await image(40)];
  const replace = () => replaceMedia(ctx, { name: old.name, by: other, origin: ADMIN });
  return { ctx, clock, old, other, replace };
}

test("a file that is replaced is another one in every note that names it, text, HTML and properties, each as a revision", async () => {
  const { ctx, clock, old, other, replace } = await openShelf();
  const path = `/media/${old.name}`;
  const text = await publishNote(
    ctx,
    { content: `![A](${path}) and https://blog.example${path}`, tags: ["a, b"] },
    ADMIN,
  );
  const html = await saveDraft(ctx, { content: `<p><img src="${path}"></p>`, contentFormat: "html" }, ADMIN);
  const photo = await publishNote(ctx, { content: "x", properties: { photo: [{ value: path, alt: "B" }] } }, ADMIN);
  const free = await publishNote(ctx, { content: "y" }, ADMIN);
  clock.advance(60);

  const count = await replace();

  const after = [text, html, photo, free].map(({ id }) => findNote(ctx.db, id));
  expect(count).toBe(3);
  for (const note of after) expect(JSON.stringify(note)).not.toContain(old.name);
  expect(after.map((note) => note?.version)).toEqual([2, 2, 2, 1]);
  expect(after[0]).toMatchObject({ updatedAt: ctx.clock(), tags: text.tags, slug: text.slug, status: "published" });
  expect(after[0]?.contentHtml).toContain(`src="/media/${other.name}"`);
  expect(after[1]?.updatedAt).toBeUndefined();
  expect(after[2]?.properties).toEqual({ photo: [{ value: `/media/${other.name}`, alt: "B" }] });
  expect(findRevision(ctx.db, text.id, 2)).toMatchObject({ action: "replace_file", madeBy: "admin" });
  expect(findRevision(ctx.db, text.id, 1)?.content).toContain(path);
});

test("the old file stays, what was said of it goes along, and what lies in the trash stays as it was", async () => {
  const { ctx, old, other, replace } = await openShelf();
  const trashed = await saveDraft(ctx, { content: `![](/media/${old.name})` }, ADMIN);
  await trashNote(ctx, trashed.id, ADMIN);
  await describeMedia(ctx, old.name, "A cat");

  expect(await replace()).toBe(0);

  expect(findNote(ctx.db, trashed.id)?.content).toContain(old.name);
  expect(ctx.db.all("SELECT name, alt FROM media ORDER BY id")).toEqual([
    { name: old.name, alt: "A cat" },
    { name: other.name, alt: "A cat" },
  ]);
});

test("the icon and the author's photo follow, and are replaced by images alone, or nothing is", async () => {
  const { ctx, old, other, replace } = await openShelf();
  const note = await publishNote(ctx, { content: `![A](/media/${old.name})` }, ADMIN);
  await changeSettings(ctx, { siteIcon: old.name });
  const film = await upload(ctx, mp4());

  await expect(replaceMedia(ctx, { name: old.name, by: film, origin: ADMIN })).rejects.toMatchObject({
    code: "invalid",
  });
  const untouched = findNote(ctx.db, note.id)?.version;
  await replace();

  expect(untouched).toBe(1);
  expect(readSettings(ctx.db).siteIcon).toBe(other.name);
});

test("a file replaced by itself changes nothing, and one that is not there is not found", async () => {
  const { ctx, old } = await openShelf();
  await publishNote(ctx, { content: `![A](/media/${old.name})` }, ADMIN);

  expect(await replaceMedia(ctx, { name: old.name, by: old, origin: ADMIN })).toBe(0);
  await expect(replaceMedia(ctx, { name: "x.png", by: old, origin: ADMIN })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a note that is saved while its file is replaced loses neither: it is rewritten as it then is", async () => {
  const { ctx, old, other, replace } = await openShelf();
  const note = await publishNote(ctx, { content: `![A](/media/${old.name}) one` }, ADMIN);

  const replaced = replace();
  await reviseNote(ctx, note.id, { title: "Two", origin: ADMIN });
  await replaced;

  expect(findNote(ctx.db, note.id)).toMatchObject({ title: "Two", content: `![A](/media/${other.name}) one` });
});

test("as many notes as the limit are rewritten at once, and for one more nothing is", async () => {
  const { ctx, old, other, replace } = await openShelf();
  const content = `![A](/media/${old.name})`;
  for (let number = 0; number <= MAX_NOTES_REPLACED; number += 1) await saveDraft(ctx, { content }, ADMIN);

  await expect(replace()).rejects.toMatchObject({ code: "too_large" });
  const none = ctx.db.get("SELECT count(*) AS count FROM notes WHERE version > 1");
  await trashNote(ctx, 1, ADMIN);

  expect(none).toEqual({ count: 0 });
  expect(await replace()).toBe(MAX_NOTES_REPLACED);
  expect(findNote(ctx.db, 2)?.content).toContain(other.name);
});
