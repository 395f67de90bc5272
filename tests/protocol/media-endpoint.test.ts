import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { MAX_MEDIA_PER_PAGE } from "../../src/web/routes/media-endpoint.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { picture } from "../support/images.ts";

const ENDPOINT = "/micropub/media";

type Client = TestApp & { readonly token: string };

async function client(scope = "create"): Promise<Client> {
  const app = await testApp();
  await createAuthor(app.ctx);
  return { ...app, token: (await createToken(app.ctx, { scope, clientId: "https://app.example/" })).token };
}

function upload({ http, token }: Client, bytes: Buffer, name = "photo.png") {
  return http.post(ENDPOINT).set("Authorization", `Bearer ${token}`).attach("file", bytes, name);
}

function ask({ http, token }: Client, search: string) {
  return http.get(`${ENDPOINT}?${search}`).set("Authorization", `Bearer ${token}`);
}

function pathOf(location: string | undefined): string {
  return new URL(location ?? "").pathname;
}

test.each(["create", "draft", "media"])(
  "a token with %s uploads a file, which is served with its own type",
  async (scope) => {
    const app = await client(scope);

    const answer = await upload(app, await picture(20, 10).jpeg().toBuffer(), "../../etc/passwd.exe").expect(201);

    expect(answer.headers.location).toMatch(/^http:\/\/blog\.example\/media\/[\w-]{22}\.jpg$/);
    const file = await app.http.get(pathOf(answer.headers.location)).expect(200);
    expect(file.headers["content-type"]).toBe("image/jpeg");
    expect(file.headers["x-content-type-options"]).toBe("nosniff");
  },
);

test("the token may come in the body, and not in both places", async () => {
  const app = await client();
  const bytes = await picture(2, 2).png().toBuffer();

  await app.http.post(ENDPOINT).field("access_token", app.token).attach("file", bytes, "a.png").expect(201);
  const both = await upload(app, bytes).field("access_token", app.token);

  expect([both.status, both.text]).toEqual([400, ""]);
});

test.each(["update", "delete", "undelete", "profile"])("a token with %s alone uploads nothing", async (scope) => {
  const app = await client(scope);

  const answer = await upload(app, await picture(2, 2).png().toBuffer());

  expect([answer.status, answer.body.error]).toEqual([401, "insufficient_scope"]);
  expect(app.ctx.db.all("SELECT 1 FROM media")).toEqual([]);
});

test("without a token there is 401, and without a file 400, and nothing is left of either", async () => {
  const app = await client();
  const bytes = await picture(2, 2).png().toBuffer();

  const stranger = await app.http.post(ENDPOINT).attach("file", bytes, "a.png");
  const other = await app.http
    .post(ENDPOINT)
    .set("Authorization", `Bearer ${app.token}`)
    .attach("photo", bytes, "a.png");
  const two = await upload(app, bytes).attach("file", bytes, "b.png");

  expect([stranger.status, stranger.body.error]).toEqual([401, "unauthorized"]);
  expect([other.status, other.body.error]).toEqual([400, "invalid_request"]);
  expect([two.status, two.body.error]).toEqual([400, "invalid_request"]);
  expect(app.ctx.db.all("SELECT 1 FROM media")).toEqual([]);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["a page", Buffer.from("<!doctype html><script>alert(1)</script>")],
  ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ["the beginning of an image", Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
])("%s is refused with a sentence, and leaves nothing behind", async (_what, bytes) => {
  const app = await client();

  const answer = await upload(app, bytes, "photo.jpg");

  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body).toMatchObject({ error: "invalid_request", error_description: expect.stringMatching(/\w{3}/) });
  expect(app.ctx.db.all("SELECT 1 FROM media")).toEqual([]);
  expect(filesIn(join(app.dir, "media"))).toEqual([]);
});

test("what was uploaded is found again, the last first, with what it shows", async () => {
  const app = await client();
  const first = await upload(app, await picture(2, 2).png().toBuffer())
    .field("alt", "Two dots")
    .expect(201);
  app.clock.advance(1);
  const second = await upload(app, await picture(3, 3).webp().toBuffer(), "b.webp").expect(201);

  const last = await ask(app, "q=last").expect(200);
  const all = await ask(app, "q=source").expect(200);
  const one = await ask(app, `q=source&url=${encodeURIComponent(first.headers.location ?? "")}`).expect(200);

  expect(last.body).toEqual({
    url: second.headers.location,
    published: "2026-03-01T09:30:01.000Z",
    mime_type: "image/webp",
  });
  expect(all.body.items.map(({ url }: { url: string }) => url)).toEqual([
    second.headers.location,
    first.headers.location,
  ]);
  expect(one.body).toMatchObject({ url: first.headers.location, alt: "Two dots" });
});

test("with nothing uploaded there is no last file", async () => {
  const app = await client("media");

  expect((await ask(app, "q=last").expect(200)).body).toEqual({});
  expect((await ask(app, "q=source").expect(200)).body).toEqual({ items: [] });
});

test("what an app says of a file that the author has described changes nothing", async () => {
  const app = await client();
  const bytes = await picture(2, 2).png().toBuffer();
  await upload(app, bytes).field("alt", "Hers").expect(201);

  await upload(app, bytes).field("alt", "The app's").expect(201);

  expect((await ask(app, "q=last")).body.alt).toBe("Hers");
});

test("a file is deleted by its address, with the right to delete", async () => {
  const app = await client("create delete");
  const other = {
    ...app,
    token: (await createToken(app.ctx, { scope: "create", clientId: "https://b.example/" })).token,
  };
  const { headers } = await upload(app, await picture(2, 2).png().toBuffer()).expect(201);
  const remove = ({ http, token }: Client, url: string | undefined) =>
    http.post(ENDPOINT).set("Authorization", `Bearer ${token}`).type("form").send({ action: "delete", url });

  expect((await remove(other, headers.location)).body.error).toBe("insufficient_scope");
  await remove(app, headers.location).expect(204);

  await app.http.get(pathOf(headers.location)).expect(404);
  await remove(app, headers.location).expect(400);
  await remove(app, "https://elsewhere.example/media/x.png").expect(400);
});

test.each([
  [`q=source&limit=${MAX_MEDIA_PER_PAGE}`, 200],
  [`q=source&limit=${MAX_MEDIA_PER_PAGE + 1}`, 400],
  ["q=source&limit=0", 400],
  ["q=source&url=https://blog.example/nothing", 400],
  ["q=nothing", 400],
  ["", 400],
])("a query with %j is answered with %i", async (search, status) => {
  const app = await client();

  expect((await ask(app, search)).status).toBe(status);
});

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch {
    return []; // Nothing was ever stored, so the folder is not there.
  }
}
