import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import type { JobPayloads } from "../../src/jobs/job.ts";
import { FETCH_TIMEOUTS } from "../../src/lib/fetch-limits.ts";
import type { FetchOptions } from "../../src/lib/safe-fetch.ts";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import {
  ANSWER_WITHIN_MS,
  MAX_FILES_BEFORE_ANSWER,
  MAX_SHOWN_URL_LENGTH,
} from "../../src/media/fetch-before-answer.ts";
import { findRemoteImage } from "../../src/media/remote-images-store.ts";
import { changeSite } from "../../src/notes/change-site.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { query } from "../support/dom.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { mp3, mp4 } from "../support/films.ts";
import { EXIF, picture } from "../support/images.ts";
import { startHttp } from "../support/loopback.ts";

const CAT = "https://pets.example/cat.jpg?size=1&x=2";
const SLOW = { reason: "The server took too long for its whole answer." };

type Client = TestApp & { readonly token: string };

async function client(fetch: TestApp["ctx"]["fetch"]): Promise<Client> {
  const app = await testApp({ fetch });
  await createAuthor(app.ctx);
  const { token } = await createToken(app.ctx, { scope: "create update", clientId: "https://app.example/" });
  return { ...app, token };
}

function send({ http, token }: Client, body: object) {
  return http.post("/micropub").set("Authorization", `Bearer ${token}`).send(body);
}

/** Posts a note with these properties and returns its path. */
async function create(app: Client, properties: object): Promise<string> {
  const answer = await send(app, { type: ["h-entry"], properties }).expect(201);
  return new URL(answer.headers.location ?? "").pathname;
}

/** A page with what its policy says of one directive. */
async function visit({ http }: Client, path: string) {
  const { text, headers } = await http.get(path).expect(200);
  const policy = String(headers["content-security-policy"]);
  const directive = (name: string) => new RegExp(`(?:^|; )${name} ([^;]*)`, "u").exec(policy)?.[1];
  return { text, images: directive("img-src"), media: directive("media-src") };
}

/** Does the waiting jobs of one kind; the last attempt where said. */
async function work(
  { ctx }: Client,
  kind: "media.copy_remote_image" | "notes.render",
  isLast = false,
): Promise<number> {
  const jobs = ctx.db.all<{ id: number; payload: string }>(
    "SELECT id, payload FROM jobs WHERE kind = :kind AND state = 'waiting'",
    { kind },
  );
  const handlers = createHandlers(ctx);
  for (const { id, payload } of jobs) {
    const attempt = { jobId: id, number: 1, isLast };
    const parsed: unknown = JSON.parse(payload);
    if (kind === "notes.render") await handlers[kind](parsed as JobPayloads[typeof kind], attempt);
    else await handlers[kind](parsed as JobPayloads[typeof kind], attempt);
    await ctx.db.write(() => ctx.db.run("DELETE FROM jobs WHERE id = :id", { id }));
  }
  return jobs.length;
}

test("a photo by address is ours before the answer, cleaned like an upload, with its alt text; the address stays the app's", async () => {
  const body = await picture(40, 30).jpeg().withExif(EXIF).toBuffer();
  const { fetch, asked } = elsewhere({ [CAT]: body });
  const app = await client(fetch);

  const path = await create(app, { content: ["Look"], photo: [{ value: CAT, alt: "A cat" }] });

  const page = await visit(app, path);
  const image = query(page.text, "img.u-photo")?.attributes;
  expect(image).toMatchObject({ alt: "A cat", width: "40", height: "30" });
  expect(image?.src).toMatch(/^\/media\/[\w-]{22}\.jpg$/u);
  expect((await app.http.get(image?.src ?? "")).body.includes("SecretPhone")).toBe(false);
  expect([page.images, page.media]).toEqual(["'self'", "'self'"]);
  expect(asked).toEqual([[CAT, expect.objectContaining({ withinMs: ANSWER_WITHIN_MS })]]);
  const source = await app.http
    .get(`/micropub?q=source&properties=photo&url=http://blog.example${path}`)
    .set("Authorization", `Bearer ${app.token}`);
  expect(source.body).toEqual({ properties: { photo: [{ value: CAT, alt: "A cat" }] } });
});

test("a film and a recording by address become players of our own; in a form, too", async () => {
  const { fetch } = elsewhere({ "https://a.example/sea.mp4": mp4(), "https://a.example/song.mp3": mp3() });
  const app = await client(fetch);

  const answer = await app.http
    .post("/micropub")
    .set("Authorization", `Bearer ${app.token}`)
    .type("form")
    .send({ h: "entry", content: "Both", video: "https://a.example/sea.mp4", "audio[]": "https://a.example/song.mp3" })
    .expect(201);

  const page = await visit(app, new URL(answer.headers.location ?? "").pathname);
  expect(query(page.text, "video.u-video")?.attributes.src).toMatch(/^\/media\/[\w-]{22}\.mp4$/u);
  expect(query(page.text, "audio.u-audio")?.attributes.src).toMatch(/^\/media\/[\w-]{22}\.mp3$/u);
});

test("what is late is shown from its own address, allowed on the pages that show it alone, until its job has copied it", async () => {
  const pages: Record<string, Parameters<typeof elsewhere>[0][string]> = { [CAT]: SLOW };
  const app = await client(elsewhere(pages).fetch);
  const other = await create(app, { content: ["Another note"] });

  const path = await create(app, { content: ["Look"], photo: [{ value: CAT, alt: "A cat" }] });
  const waiting = [await visit(app, path), await visit(app, "/"), await visit(app, other)];
  pages[CAT] = await picture(40, 30).jpeg().toBuffer();
  const copied = await work(app, "media.copy_remote_image");
  await work(app, "notes.render");
  const after = [await visit(app, path), await visit(app, "/")];

  expect(waiting.map(({ images }) => images)).toEqual([
    "'self' https://pets.example/cat.jpg",
    "'self' https://pets.example/cat.jpg",
    "'self'",
  ]);
  expect(query(waiting[0]?.text ?? "", "img.u-photo")?.attributes).toMatchObject({ src: CAT, alt: "A cat" });
  expect(copied).toBe(1);
  expect(after.map(({ images }) => images)).toEqual(["'self'", "'self'"]);
  for (const { text } of after) expect(query(text, "img.u-photo")?.attributes.src).toMatch(/^\/media\//u);
});

test("a late film is allowed as a film, and is a link once its job has given up", async () => {
  const sea = "https://a.example/sea;1.mp4";
  const pages: Record<string, Parameters<typeof elsewhere>[0][string]> = { [sea]: SLOW };
  const app = await client(elsewhere(pages).fetch);

  const path = await create(app, { content: ["Look"], video: [sea] });
  const waiting = await visit(app, path);
  await work(app, "media.copy_remote_image", true);
  await work(app, "notes.render");
  const after = await visit(app, path);

  expect([waiting.images, waiting.media]).toEqual(["'self'", "'self' https://a.example/sea%3B1.mp4"]);
  expect(query(waiting.text, "video.u-video")?.attributes.src).toBe(sea);
  expect(after.media).toBe("'self'");
  expect(query(after.text, "a.u-video")?.attributes.href).toBe(sea);
  expect(findRemoteImage(app.ctx.db, sea)).toMatchObject({ reason: SLOW.reason, isShown: false });
});

test("the feeds show a late photo from its own address, as its page does", async () => {
  const app = await client(elsewhere({ [CAT]: SLOW }).fetch);

  await create(app, { content: ["Look"], photo: [CAT] });

  const feed = await app.http.get("/feed.json").expect(200);
  expect(JSON.stringify(feed.body)).toContain("https://pets.example/cat.jpg");
});

test.each([
  ["is not there", "/missing", "The server answered 404."],
  ["is no image", "/page", /^The file is a web page/u],
  ["says that it is huge", "/huge", /larger than/u],
  ["leads to a private address", "/inside", "The address is not on the public internet."],
])("a photo that %s is a link, and the author is told why", async (_, path, reason) => {
  await using server = await startHttp((req, res) => {
    if (req.url === "/page") return void res.setHeader("content-type", "image/jpeg").end("<!doctype html><p>x");
    if (req.url === "/huge") return void res.writeHead(200, { "content-length": 2_000_000_000 }).end();
    if (req.url === "/inside") return void res.writeHead(302, { location: "http://127.0.0.2:1/x.jpg" }).end();
    res.writeHead(404).end();
  });
  const settings = { allowPrivateNetwork: false, userAgent: "test" };
  const app = await client(createSafeFetch(settings, { isAllowed: (address) => address === "127.0.0.1" }));
  const url = server.origin + path;

  const note = await create(app, { content: ["Look"], photo: [{ value: url, alt: "A cat" }] });

  const page = await visit(app, note);
  expect(page.images).toBe("'self'");
  expect(query(page.text, ".e-content img")).toBeUndefined();
  expect(query(page.text, `.e-content a[href="${url}"]`)).toBeDefined();
  await work(app, "media.copy_remote_image");
  expect(findRemoteImage(app.ctx.db, url)?.reason).toMatch(reason);
});

test("a server that hangs keeps nobody waiting longer than the time for all files, and one that is broken is tried again", async () => {
  await using server = await startHttp((req, res) => {
    if (req.url === "/broken") res.writeHead(503).end();
  });
  const timeouts = { ...FETCH_TIMEOUTS, wholeMs: 100 };
  const app = await client(createSafeFetch({ allowPrivateNetwork: true, userAgent: "test" }, { timeouts }));

  const path = await create(app, { content: ["Look"], photo: [`${server.origin}/hangs`, `${server.origin}/broken`] });

  const page = await visit(app, path);
  expect(page.images).toBe(`'self' ${server.origin}/broken ${server.origin}/hangs`);
  expect(await work(app, "media.copy_remote_image")).toBe(2);
});

test("an update brings photos in the same way, and fetches nothing for one that is refused", async () => {
  const body = await picture(40, 30).png().toBuffer();
  const { fetch, urls } = elsewhere({ "https://a.example/1.png": body, "https://a.example/2.png": SLOW });
  const app = await client(fetch);
  const path = await create(app, { content: ["Look"] });
  const url = `http://blog.example${path}`;

  const photo = ["https://a.example/1.png"];
  await send(app, { action: "update", url, replace: { photo, published: ["soon"] } }).expect(400);
  await send(app, { action: "update", url: `${url}-not`, replace: { photo } }).expect(400);
  const refused = urls().length;
  await send(app, { action: "update", url, replace: { photo } }).expect(204);
  await send(app, { action: "update", url, add: { photo: ["https://a.example/2.png"] } }).expect(204);

  const page = await visit(app, path);
  expect(refused).toBe(0);
  expect(page.text).toMatch(/<img class="u-photo" src="\/media\/[\w-]{22}\.png"/u);
  expect(page.images).toBe("'self' https://a.example/2.png");
});

test("as many files as the limit are asked for before the answer, and one more waits for its job", async () => {
  const { fetch, asked } = elsewhere({});
  const app = await client(fetch);
  const photo = Array.from({ length: MAX_FILES_BEFORE_ANSWER + 1 }, (_, index) => `https://a.example/${index}.png`);

  const path = await create(app, { content: ["Look"], photo });

  expect(asked).toHaveLength(MAX_FILES_BEFORE_ANSWER);
  expect((await visit(app, path)).images).toBe(`'self' ${photo.at(-1)}`);
});

test("a late photo is shown from an address as long as the limit, and is a link past it", async () => {
  const start = "https://a.example/";
  const longest = start + "a".repeat(MAX_SHOWN_URL_LENGTH - start.length);
  const app = await client(elsewhere({ [longest]: SLOW, [`${longest}b`]: SLOW }).fetch);

  const path = await create(app, { content: ["Look"], photo: [longest, `${longest}b`] });

  expect((await visit(app, path)).images).toBe(`'self' ${longest}`);
});

test("an author who wants no copies gets none, and pages that load only what the setting allows", async () => {
  const asked: [string, FetchOptions | undefined][] = [];
  const app = await client((...request) => {
    asked.push(request as (typeof asked)[number]);
    return Promise.resolve({ ok: false, outcome: { result: "retry", ...SLOW } });
  });
  await changeSite(app.ctx, { remoteImages: "link" });

  const path = await create(app, { content: ["Look"], photo: [CAT] });

  expect(asked).toEqual([]);
  expect((await visit(app, path)).images).toBe("'self'");
});
