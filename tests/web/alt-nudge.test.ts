import { expect, test } from "vitest";
import { findNote } from "../../src/notes/note-store.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { mp4, pdf } from "../support/films.ts";
import { formTo, submit } from "../support/forms.ts";
import { picture } from "../support/images.ts";
import { upload } from "../support/uploads.ts";

async function openDesk() {
  const app = await testApp();
  await logInAgent(app);
  const image = await upload(app.ctx, await picture(40, 30).png().toBuffer(), "cat.png");
  const page = await app.http.get("/admin/notes/new").expect(200);
  const form = formTo(page.text, "/admin/notes");
  const notes = () => app.ctx.db.all<{ id: number; status: string }>("SELECT id, status FROM notes");
  return { ...app, image, form, notes };
}

test("publishing asks once for what images show, keeps everything typed, and publishes with the second press", async () => {
  const { http, form, image, notes } = await openDesk();
  const typed = { title: "Cats", content: `Look:\n\n![](/media/${image.name})`, tags: "cats", slug: "my-cats" };

  const asked = await submit(http, form, { ...typed, action: "publish" });
  const before = notes();
  const again = formTo(asked.text, "/admin/notes");
  const published = await submit(http, again, { action: "publish" });

  expect(asked.status).toBe(200);
  expect(textOf(query(asked.text, "[role=alert]"))).toContain("1 image has no description.");
  expect(textOf(query(asked.text, "button[value=publish]"))).toBe("Publish anyway");
  expect(again.fields).toMatchObject({ ...typed, alt_asked: "1" });
  expect(before).toEqual([]);
  expect(published.status).toBe(303);
  expect(notes()).toMatchObject([{ status: "published" }]);
});

test("what is said of an image there is what the note says, and every other note that shows it", async () => {
  const { ctx, http, form, image, notes } = await openDesk();
  const asked = await submit(http, form, { content: `![](/media/${image.name})`, action: "publish" });

  const again = formTo(asked.text, "/admin/notes");
  const answer = await submit(http, again, { [`alt.${image.name}`]: " A  cat ", action: "publish" });

  expect(answer.status).toBe(303);
  expect(findNote(ctx.db, notes()[0]?.id ?? 0)?.contentHtml).toContain('alt="A cat"');
  expect(ctx.db.get("SELECT alt FROM media")).toEqual({ alt: "A cat" });
});

test.each([
  ["no button", {}],
  ["a draft", { action: "save_draft" }],
])("saving with %s asks nothing", async (_, action) => {
  const { http, form, image, notes } = await openDesk();

  const answer = await submit(http, form, { content: `![](/media/${image.name})`, ...action });

  expect(answer.status).toBe(303);
  expect(notes()).toHaveLength(1);
});

test("the author can turn the question off, and a note whose images are described is not asked about", async () => {
  const { ctx, http, form, image, notes } = await openDesk();
  const described = await submit(http, form, { content: `![A cat](/media/${image.name})`, action: "publish" });
  await changeSettings(ctx, { altNudge: "off" });
  const page = await http.get("/admin/notes/new").expect(200);
  const next = formTo(page.text, "/admin/notes");

  const silent = await submit(http, next, { content: `![](/media/${image.name})`, action: "publish" });

  expect([described.status, silent.status]).toEqual([303, 303]);
  expect(notes()).toHaveLength(2);
});

test("several files at once go below the text, each with what was said of it: photos as a gallery, the rest by itself", async () => {
  const { http, form } = await openDesk();
  const sent = submit(http, form, { content: "A day", action: "add_images", image_alt: ["One", "The sea", "", ""] });
  const photos = [picture(40, 30), picture(50, 30)].map((each) => each.png().toBuffer());

  const page = await sent
    .attach("image", (await photos[0]) ?? "", "1.png")
    .attach("image", mp4(), "sea.mp4")
    .attach("image", (await photos[1]) ?? "", "2.png")
    .attach("image", pdf(), "Plan [1].pdf");

  const content = String(formTo(page.text, "/admin/notes").fields.content);
  expect(content.replace(/\/media\/[\w-]{22}/gu, "M")).toBe(
    "A day\n\n![One](M.png)\n![](M.png)\n\n![The sea](M.mp4)\n\n![Plan \\[1\\].pdf](M.pdf)\n",
  );
  expect(queryAll(page.text, "#preview .gallery figure")).toHaveLength(2);
  expect(queryAll(page.text, ".alt-field")).toHaveLength(1);
});

test("a file that is refused leaves the text and names the file and the limit", async () => {
  const { ctx, http, form, notes } = await openDesk();
  await changeSettings(ctx, { maxMediaMegabytes: 1 });

  const large = await submit(http, form, { content: "Kept", action: "publish" }).attach(
    "image",
    mp4({ dataBytes: 1_000_000 }),
    "sea.mp4",
  );
  const empty = await submit(http, form, { content: "Kept", action: "publish" }).attach(
    "image",
    Buffer.alloc(0),
    "a.png",
  );

  expect([large.status, empty.status]).toEqual([413, 422]);
  expect(large.text).toContain("sea.mp4: The file is too large: a film, a recording or a document may have 1 MB.");
  expect(empty.text).toContain("The file is empty.");
  expect(formTo(large.text, "/admin/notes").fields.content).toBe("Kept");
  expect(notes()).toEqual([]);
});
