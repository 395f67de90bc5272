import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { saveImage } from "../../src/media/save-image.ts";
import { replaceVariants } from "../../src/media/variants-store.ts";
import { MAX_ALT_LENGTH } from "../../src/notes/library.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { rerenderNote } from "../../src/notes/render-note.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { FILES_PER_PAGE } from "../../src/web/routes/library.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { mp4, pdf } from "../support/films.ts";
import { formTo, submit } from "../support/forms.ts";
import { picture } from "../support/images.ts";
import { upload as uploadFile } from "../support/uploads.ts";

const ADMIN = { madeBy: "admin" };

async function openSite() {
  const app = await testApp();
  await logInAgent(app);
  const upload = async (side: number) =>
    await saveImage(app.ctx, { bytes: await picture(side, side).png().toBuffer(), originalName: `${side}.png` });
  const names = async (path: string) =>
    queryAll((await app.http.get(path).expect(200)).text, ".media-name").map((name) => textOf(name).trim());
  return { ...app, upload, names };
}

test("the library shows each file with its facts and the notes that show it, newest first", async () => {
  const { ctx, http, upload } = await openSite();
  const [one] = [await upload(20), await upload(30)];
  const note = await publishNote(ctx, { title: "Cats & dogs", content: `![](/media/${one?.name})` }, ADMIN);

  const page = await http.get("/admin/media").expect(200);

  const cards = queryAll(page.text, ".media-card").map((card) => textOf(card).replace(/\s+/gu, " "));
  expect(cards).toHaveLength(2);
  expect(cards[0]).toMatch(/30\.png.*PNG.*30 × 30.*Not used/u);
  expect(cards[1]).toMatch(/20\.png.*PNG.*20 × 20.*Used in: Cats & dogs/u);
  expect(page.text).toContain(`href="/admin/notes/${note.id}"`);
});

test("the library can be narrowed to what is unused, and to what nobody has described", async () => {
  const { ctx, http, upload, names } = await openSite();
  const [used, icon, free] = [await upload(20), await upload(30), await upload(40)];
  await saveDraft(ctx, { content: `![A](/media/${used.name})` }, ADMIN);
  await changeSettings(ctx, { authorPhoto: icon.name });
  const page = await http.get("/admin/media");
  await submit(http, formTo(page.text, `/admin/media/${free.name}/describe`), { alt: "Free" });

  expect(await names("/admin/media?show=unused")).toEqual(["40.png"]);
  expect(await names("/admin/media?show=undescribed")).toEqual(["30.png", "20.png"]);
});

test("the library goes on where a page ends", async () => {
  const { ctx, http, upload, names } = await openSite();
  for (let side = 1; side <= FILES_PER_PAGE + 1; side += 1) await upload(side);

  const first = await names("/admin/media");
  const { text } = await http.get("/admin/media");
  const next = /rel="next" href="([^"]+)"/u.exec(text)?.[1] ?? "";

  expect(first).toHaveLength(FILES_PER_PAGE);
  expect(await names(next)).toEqual(["1.png"]);
  expect((await http.get("/admin/media?before=x")).status).toBe(400);
  expect(ctx.db.get("SELECT count(*) AS count FROM media")).toEqual({ count: FILES_PER_PAGE + 1 });
});

test("a description is said by every note that has none of its own", async () => {
  const { ctx, http, upload } = await openSite();
  const file = await upload(20);
  const silent = await publishNote(ctx, { content: `![](/media/${file.name})` }, ADMIN);
  const own = await publishNote(ctx, { content: `![Mine](/media/${file.name})` }, ADMIN);
  const page = await http.get("/admin/media");

  const answer = await submit(http, formTo(page.text, `/admin/media/${file.name}/describe`), {
    alt: ' A "cat"\n on a wall ',
  });
  for (const { id } of [silent, own]) await rerenderNote(ctx, id);

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/media?done=described"]);
  expect(ctx.db.all("SELECT payload FROM jobs WHERE kind = 'notes.render'")).toHaveLength(2);
  expect(findNote(ctx.db, silent.id)?.contentHtml).toContain('alt="A &quot;cat&quot; on a wall"');
  expect(findNote(ctx.db, own.id)?.contentHtml).toContain('alt="Mine"');
});

test("a description has its length, and not one character more", async () => {
  const { http, upload } = await openSite();
  const file = await upload(20);
  const form = formTo((await http.get("/admin/media")).text, `/admin/media/${file.name}/describe`);

  const longest = await submit(http, form, { alt: "é".repeat(MAX_ALT_LENGTH) });
  const tooLong = await submit(http, form, { alt: "é".repeat(MAX_ALT_LENGTH + 1) });

  expect([longest.status, tooLong.status]).toEqual([303, 422]);
});

test("deleting asks once more and names the notes; then file, smaller versions and rows are gone", async () => {
  const { ctx, dir, http, upload } = await openSite();
  const [file, other] = [await upload(20), await upload(30)];
  const variant = {
    name: `${file.name.slice(0, 22)}-9.webp`,
    mediaType: "image/webp",
    width: 9,
    height: 9,
    sizeBytes: 1,
  };
  await ctx.db.write(() => replaceVariants(ctx.db, file.name, { recipe: 1, variants: [variant] }));
  const note = await publishNote(ctx, { title: "Shows it", content: `![A](/media/${file.name})` }, ADMIN);
  const path = `/admin/media/${file.name}/delete`;

  const question = await http.get(path).expect(200);
  const answer = await submit(http, formTo(question.text, path));
  await rerenderNote(ctx, note.id);

  expect(question.text).toContain("Shows it");
  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/media?done=media-deleted"]);
  expect(readdirSync(join(dir, "media"))).toEqual([other.name]);
  expect(existsSync(join(dir, "variants", variant.name))).toBe(false);
  expect(ctx.db.all("SELECT name FROM media_variants")).toEqual([]);
  expect(findNote(ctx.db, note.id)?.contentHtml).not.toContain("<img");
  expect((await http.get(`/media/${file.name}`)).status).toBe(404);
  expect((await http.get(path)).status).toBe(404);
});

test("an image of the settings stays until they have another", async () => {
  const { ctx, http, upload } = await openSite();
  const file = await upload(20);
  await changeSettings(ctx, { siteIcon: file.name });
  const question = await http.get(`/admin/media/${file.name}/delete`);

  const answer = await submit(http, formTo(question.text, `/admin/media/${file.name}/delete`));

  expect(answer.status).toBe(409);
  expect((await http.get(`/media/${file.name}`)).status).toBe(200);
});

test("images are uploaded there too; what is none is refused with its reason", async () => {
  const { http, names } = await openSite();
  const form = formTo((await http.get("/admin/media")).text, "/admin/media");
  const token = String(form.fields.csrf_token);
  const send = (bytes: Buffer, name: string) =>
    http.post("/admin/media").field("csrf_token", token).attach("image", bytes, name);

  const answer = await send(await picture(9, 9).gif().toBuffer(), "cat.html");
  const refused = await send(Buffer.from("<svg xmlns='x'/>"), "cat.png");
  const empty = await submit(http, form);

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/media?done=uploaded"]);
  expect(await names("/admin/media")).toEqual(["cat.html"]);
  expect([refused.status, empty.status]).toEqual([422, 422]);
  expect(refused.text).toContain("SVG drawing");
});

test("published notes with images that nobody has described are listed, with how many", async () => {
  const { ctx, http, upload } = await openSite();
  const image = `/media/${(await upload(20)).name}`;
  await publishNote(ctx, { title: "Silent", content: `![](${image}) ![ ](${image}) ![A](${image})` }, ADMIN);
  await publishNote(ctx, { title: "Told", content: `![A](${image})` }, ADMIN);
  await saveDraft(ctx, { title: "Not out", content: `![](${image})` }, ADMIN);

  const page = await http.get("/admin/media/undescribed").expect(200);

  const rows = queryAll(page.text, ".row").map((row) => textOf(row).replace(/\s+/gu, " ").trim());
  expect(rows).toEqual(["Silent 2 images without description"]);
});

test("the editor hints at images without a description, and publishes all the same", async () => {
  const { ctx, http, upload } = await openSite();
  const image = `/media/${(await upload(20)).name}`;
  const note = await publishNote(ctx, { content: `![](${image})` }, ADMIN);
  const told = await publishNote(ctx, { content: `![A cat](${image})` }, ADMIN);

  const [hinted, silent] = [await http.get(`/admin/notes/${note.id}`), await http.get(`/admin/notes/${told.id}`)];

  expect(hinted.text).toContain("1 image has no description");
  expect(silent.text).not.toContain("no description");
});

test("the library is narrowed by type, plays what can be played, and lets a file be replaced and deleted whatever it is", async () => {
  const { ctx, http, upload: image, names } = await openSite();
  const photo = await image(20);
  const film = await uploadFile(ctx, mp4(), "sea.mp4");
  await uploadFile(ctx, pdf(), "plan.pdf");
  const note = await publishNote(ctx, { content: `![A](/media/${photo.name})` }, ADMIN);
  const page = await http.get("/admin/media");

  const form = formTo(page.text, `/admin/media/${photo.name}/replace`);
  const nothing = await submit(http, form);
  const answer = await submit(http, form).attach("image", mp4(), "sea.mp4");

  expect(await names("/admin/media?show=image")).toEqual(["20.png"]);
  expect(await names("/admin/media?show=video")).toEqual(["sea.mp4"]);
  expect(await names("/admin/media?show=application")).toEqual(["plan.pdf"]);
  expect(queryAll(page.text, ".media-thumb video")).toHaveLength(1);
  expect(nothing.status).toBe(422);
  expect(answer.headers.location).toBe("/admin/media?done=media-replaced");
  expect(findNote(ctx.db, note.id)?.contentHtml).toContain(`<video class="u-video" src="/media/${film.name}"`);
  expect((await http.get(`/admin/media/${film.name}/delete`)).status).toBe(200);
  expect((await http.get(`/media/${photo.name}`)).status).toBe(200);
});
