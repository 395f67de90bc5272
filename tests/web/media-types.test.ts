import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { query, queryAll } from "../support/dom.ts";
import { avif, mp3, mp4, ogg, pdf, webm } from "../support/films.ts";
import { picture } from "../support/images.ts";
import { upload } from "../support/uploads.ts";

const ADMIN = { madeBy: "admin" };

const FILES: readonly (readonly [string, string, () => Buffer | Promise<Buffer>])[] = [
  ["AVIF", "image/avif", avif],
  ["MP4", "video/mp4", mp4],
  ["WebM", "video/webm", webm],
  ["MP3", "audio/mpeg", mp3],
  ["Ogg", "audio/ogg", () => ogg()],
  ["PDF", "application/pdf", pdf],
];

test.each(FILES)(
  "%s is served with its type, for ever, whole and in every part that is asked for",
  async (_, type, make) => {
    const { ctx, http } = await testApp();
    const { name, sizeBytes: size } = await upload(ctx, await make());
    const path = `/media/${name}`;
    const part = async (range: string, ifRange = `"${name}"`) => {
      const { status, headers } = await http.get(path).set({ Range: range, "If-Range": ifRange });
      return [status, headers["content-range"], headers["content-length"]];
    };

    const whole = await http.get(path).buffer(true).expect(200);

    expect(whole.headers).toMatchObject({
      "content-type": type,
      "content-length": String(size),
      "accept-ranges": "bytes",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    });
    expect(whole.headers["content-disposition"]).toBe(type === "application/pdf" ? "attachment" : undefined);
    expect(await part("bytes=2-5")).toEqual([206, `bytes 2-5/${size}`, "4"]);
    expect(await part("bytes=-3")).toEqual([206, `bytes ${size - 3}-${size - 1}/${size}`, "3"]);
    expect(await part("bytes=10-")).toEqual([206, `bytes 10-${size - 1}/${size}`, String(size - 10)]);
    expect(await part("bytes=2-5", '"other"')).toEqual([200, undefined, String(size)]);
    expect((await part(`bytes=${size}-`)).slice(0, 2)).toEqual([416, `bytes */${size}`]);
  },
);

test("a note shows what it names in Markdown: a film, a recording, a document; the page may load them from here alone", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const [film, song, paper] = [
    await upload(ctx, mp4()),
    await upload(ctx, mp3()),
    await upload(ctx, pdf(), "Paper.pdf"),
  ];
  const content = `![The sea](/media/${film.name})\n\n![A song](/media/${song.name})\n\n![Paper](/media/${paper.name})`;

  const note = await publishNote(ctx, { content, title: "All of it" }, ADMIN);
  const page = await http.get(`/notes/${note.slug}`).expect(200);

  expect(query(page.text, ".e-content video.u-video")?.attributes).toMatchObject({
    src: `/media/${film.name}`,
    controls: "",
    preload: "metadata",
    width: "640",
    height: "360",
    "aria-label": "The sea",
  });
  expect(query(page.text, ".e-content audio.u-audio")?.attributes).toMatchObject({
    preload: "metadata",
    "aria-label": "A song",
  });
  expect(page.text).toContain(`<a href="/media/${paper.name}">Paper (PDF, ${paper.sizeBytes} bytes)</a>`);
  expect(page.headers["content-security-policy"]).toMatch(/media-src 'self'(?:;|$)/u);
  expect(ctx.db.all("SELECT media_name FROM note_media")).toHaveLength(3);
});

test("feeds name films, recordings and documents with their true length and type, in the order of the note", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const [song, film] = [await upload(ctx, mp3()), await upload(ctx, mp4())];
  const photo = await upload(ctx, await picture(30, 20).png().toBuffer());
  const content = [photo, song, film].map(({ name }) => `![x](/media/${name})`).join("\n\n");
  await publishNote(ctx, { content }, ADMIN);

  const rss = await http.get("/feed.xml").buffer(true).expect(200);
  const atom = await http.get("/feed.atom").buffer(true).expect(200);
  const json = await http.get("/feed.json").expect(200);

  const [songUrl, filmUrl] = [song, film].map(({ name }) => `${SITE_URL}/media/${name}`);
  expect(rss.text.match(/<enclosure [^>]*>/gu)).toEqual([
    `<enclosure url="${songUrl}" length="${song.sizeBytes}" type="audio/mpeg"/>`,
  ]);
  expect(atom.text.match(/<link rel="enclosure"[^>]*>/gu)).toEqual([
    `<link rel="enclosure" type="audio/mpeg" length="${song.sizeBytes}" href="${songUrl}"/>`,
    `<link rel="enclosure" type="video/mp4" length="${film.sizeBytes}" href="${filmUrl}"/>`,
  ]);
  expect(JSON.parse(json.text ?? "").items[0].attachments).toEqual([
    { url: songUrl, mime_type: "audio/mpeg", size_in_bytes: song.sizeBytes },
    { url: filmUrl, mime_type: "video/mp4", size_in_bytes: film.sizeBytes },
  ]);
});

test("a client sends photos, films and recordings along, or to the media endpoint, which says where they are", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);
  const { token } = await createToken(app.ctx, { scope: "create media", clientId: "https://app.example/" });
  const post = (path: string) => app.http.post(path).set("Authorization", `Bearer ${token}`);
  const config = await app.http.get("/micropub?q=config").set("Authorization", `Bearer ${token}`).expect(200);
  const endpoint = new URL(config.body["media-endpoint"]).pathname;

  const sent = await post(endpoint).attach("file", mp3(), "song.mp3").expect(201);
  const note = await post("/micropub")
    .field("content", "By the sea")
    .field("audio", sent.headers.location ?? "")
    .attach("video", mp4(), "sea.mov")
    .attach("photo[]", await picture(40, 30).png().toBuffer(), "1.png")
    .attach("photo[]", await picture(30, 40).png().toBuffer(), "2.png")
    .expect(201);

  const page = await app.http.get(new URL(note.headers.location ?? "").pathname).expect(200);
  expect(sent.headers.location).toMatch(new RegExp(`^${SITE_URL}/media/[\\w-]{22}\\.mp3$`, "u"));
  expect(queryAll(page.text, ".gallery img.u-photo")).toHaveLength(2);
  expect(queryAll(page.text, "video.u-video")).toHaveLength(1);
  expect(queryAll(page.text, "audio.u-audio")).toHaveLength(1);
});

test.each([
  ["no token", undefined, 401],
  ["a token for something else", "update", 401],
  ["a token that may only draft", "draft", 201],
])("with %s the media endpoint answers as it should, and a refused file leaves nothing", async (_, scope, status) => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const made = scope && (await createToken(ctx, { scope, clientId: "https://app.example/" }));

  const request = http.post("/micropub/media").attach("file", mp3(), "song.mp3");
  const answer = await (made ? request.set("Authorization", `Bearer ${made.token}`) : request);

  expect(answer.status).toBe(status);
  expect(ctx.db.all("SELECT name FROM media")).toHaveLength(status === 201 ? 1 : 0);
});

test("the media endpoint says what is wrong: no file, and a file that is not taken", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const { token } = await createToken(ctx, { scope: "media", clientId: "https://app.example/" });
  const post = () => http.post("/micropub/media").set("Authorization", `Bearer ${token}`);

  const none = await post().field("x", "y");
  const drawing = await post().attach("file", Buffer.from("<svg/>"), "a.png");

  expect([none.status, none.body.error]).toEqual([400, "invalid_request"]);
  expect([drawing.status, drawing.body.error_description]).toEqual([400, expect.stringContaining("an SVG drawing")]);
});

test("photos of a note with a title are no photos of the post, and a draft shows a gallery in its preview", async () => {
  const { ctx } = await testApp();
  await createAuthor(ctx);
  const files = [
    await upload(ctx, await picture(40, 30).png().toBuffer()),
    await upload(ctx, await picture(50, 30).png().toBuffer()),
  ];
  const content = files.map(({ name }) => `![x](/media/${name} "Caption")`).join("\n");

  const titled = await saveDraft(ctx, { content, title: "Essay" }, ADMIN);
  const untitled = await saveDraft(ctx, { content }, ADMIN);

  expect(queryAll(titled.contentHtml, ".gallery.wide figcaption")).toHaveLength(2);
  expect(queryAll(titled.contentHtml, ".u-photo")).toHaveLength(0);
  expect(queryAll(untitled.contentHtml, "img.u-photo")).toHaveLength(2);
});
