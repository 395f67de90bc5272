import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mediaFolder } from "../../src/media/media-files.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { EXIF, picture } from "../support/images.ts";

const ADMIN = { madeBy: "admin" };

async function openSite() {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  const upload = (bytes: Buffer, name: string, fields: Record<string, string> = {}) => {
    const request = app.http.post("/admin/uploads").set({ Accept: "application/json", "X-CSRF-Token": csrfToken });
    for (const [field, value] of Object.entries(fields)) request.field(field, value);
    return request.attach("image", bytes, name);
  };
  const countMedia = () => app.ctx.db.get<{ count: number }>("SELECT count(*) AS count FROM media")?.count;
  return { ...app, csrfToken, upload, countMedia };
}

test("an image that the editor sends is stored without its metadata, and the answer says how it is written", async () => {
  const { ctx, upload, countMedia } = await openSite();
  const photo = await picture(40, 30).withExif(EXIF).jpeg().toBuffer();

  const answer = await upload(photo, "beach.jpg").expect(201);

  const { path, written } = answer.body as { path: string; written: string };
  expect(path).toMatch(/^\/media\/[\w-]{22}\.jpg$/u);
  expect(written).toBe(`![](${path})`);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(existsSync(join(mediaFolder(ctx.config), path.slice("/media/".length)))).toBe(true);
  expect(countMedia()).toBe(1);
});

const head = await picture(20, 20).png().toBuffer();
const large = Buffer.concat([head, Buffer.alloc(DEFAULT_SETTINGS.maxImageMegabytes * 1_000_000)]);

test.each([
  ["a drawing", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "drawing.svg", 422],
  ["a text in disguise", Buffer.from("just words"), "photo.jpg", 422],
  ["a file that is too large", large, "large.png", 413],
])("%s is refused with the reason, and nothing of it is left", async (_name, bytes, name, status) => {
  const { upload, countMedia } = await openSite();

  const answer = await upload(bytes, name).expect(status);

  expect(answer.type).toBe("application/problem+json");
  expect((answer.body as { detail: string }).detail).toMatch(/\.$/u);
  expect(countMedia()).toBe(0);
});

test("without an image and without the login's token nothing is taken", async () => {
  const { http, csrfToken, countMedia } = await openSite();
  const photo = await picture(20, 20).png().toBuffer();
  const post = () => http.post("/admin/uploads").set("Accept", "application/json");

  await post().set("X-CSRF-Token", csrfToken).field("note_id", "").expect(422);
  await post().attach("image", photo, "x.png").expect(403);

  expect(countMedia()).toBe(0);
});

test("in a note of HTML an image is written as HTML, and one of plain text takes none", async () => {
  const { ctx, upload } = await openSite();
  const photo = await picture(20, 20).png().toBuffer();
  const html = await publishNote(ctx, { content: "<p>Hello</p>", contentFormat: "html" }, ADMIN);
  const text = await publishNote(ctx, { content: "Hello", contentFormat: "text" }, ADMIN);

  const written = await upload(photo, "x.png", { note_id: String(html.id) }).expect(201);
  const refused = await upload(photo, "x.png", { note_id: String(text.id) }).expect(422);

  expect(written.body).toMatchObject({
    written: expect.stringMatching(/^<p><img src="\/media\/[^"]+" alt=""><\/p>$/u),
  });
  expect(refused.body).toMatchObject({ detail: expect.stringContaining("plain text") });
});

test("suggestions are the tags that notes have, as hashtags, the most used first, and people", async () => {
  const { ctx, http } = await openSite();
  await publishNote(ctx, { content: "One #sea", tags: ["Web Dev", "🎉"] }, ADMIN);
  await publishNote(ctx, { content: "Two #Sea with [@ada](https://ada.example/)" }, ADMIN);

  const answer = await http.get("/admin/completions").expect(200);

  expect(answer.body).toEqual({
    tags: [{ name: "Sea" }, { name: "web-dev" }],
    people: [{ name: "ada", url: "https://ada.example/" }],
  });
});

test("images and suggestions are the author's alone", async () => {
  const { http } = await testApp();
  const photo = await picture(20, 20).png().toBuffer();

  const answer = await http.get("/admin/completions").set("Accept", "application/json");

  const upload = await http.post("/admin/uploads").set("Accept", "application/json").attach("image", photo, "x.png");

  expect([answer.status, upload.status]).toEqual([401, 401]);
});
