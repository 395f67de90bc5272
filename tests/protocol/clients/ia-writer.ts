// iA Writer, which is no open source: what servers that are made for it take, and what their authors write down:
// samwarnick/samwarnick.com (src/content/blog/2025/01/…-works-with-i-a-writer.md), samwarnick/perfect-cms
// (src/schemas.ts), d6y/pagecord-micropub-proxy (src/micropub.ts).
import request from "supertest";
import { expect, test } from "vitest";
import { setWritesMarkdown } from "../../../src/auth/grants.ts";
import { createToken } from "../../../src/auth/tokens.ts";
import { findNoteBySlug } from "../../../src/notes/note-store.ts";
import { picture } from "../../support/images.ts";
import { json, madePath, rawHref, send, siteFor } from "../../support/real-client.ts";

const CLIENT = "https://ia.net/writer";
const AGENT = "User-Agent: iA%20Writer/24026 CFNetwork/1496.0.7 Darwin/23.5.0";
const BOUNDARY = "Boundary-1B0E4F3A-6F0C-4B57-9F6E-2D6B7A1C9E55";

/** “Enter token manually”: a token that the author made for it, and marked as one for Markdown. */
async function connect() {
  const app = await siteFor(CLIENT);
  const { token } = await createToken(app.ctx, { scope: "create media", clientId: CLIENT });
  const [grant] = app.ctx.db.all<{ id: number }>("SELECT id FROM grants");
  await setWritesMarkdown(app.ctx, grant?.id ?? 0, true);
  return { app, bearer: `Authorization: Bearer ${token}` };
}

test("iA Writer finds the endpoint by its link, and reads where files go", async () => {
  const { app, bearer } = await connect();

  const home = await send(app, ["GET / HTTP/1.1", AGENT, "Accept: */*", "Accept-Language: en-GB,en;q=0.9"]);
  const endpoint = new URL(rawHref(home.body, "micropub") ?? "");
  const config = await send(app, [`GET ${endpoint.pathname}?q=config HTTP/1.1`, AGENT, "Accept: */*", bearer]);

  expect(rawHref(home.body, "authorization_endpoint")).toBe("http://blog.example/auth");
  expect(json(config)["media-endpoint"]).toBe("http://blog.example/micropub/media");
});

test("iA Writer uploads a picture with a purpose, posts a draft in Markdown, and opens it in the author's browser", async () => {
  const { app, bearer } = await connect();
  const png = await picture(40, 30).png().toBuffer();
  const purpose = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nimage\r\n`;
  const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="cat.png"\r\nContent-Type: image/png\r\n\r\n`;

  const uploaded = await send(
    app,
    ["POST /micropub/media HTTP/1.1", AGENT, bearer, `Content-Type: multipart/form-data; boundary=${BOUNDARY}`],
    Buffer.concat([Buffer.from(purpose + file), png, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
  );
  const content = `A *draft* with a picture.\n\n![A cat](${uploaded.headers.location})`;
  const answer = await send(
    app,
    ["POST /micropub HTTP/1.1", AGENT, bearer, "Content-Type: application/json"],
    JSON.stringify({
      type: ["h-entry"],
      properties: { name: ["Blog post title"], content: [content], "post-status": ["draft"] },
    }),
  );

  const opened = await app.http.get(madePath(answer)).redirects(1).expect(200);
  const note = findNoteBySlug(app.ctx.db, "blog-post-title");
  expect(opened.text).toContain("A *draft* with a picture.");
  expect(note).toMatchObject({ status: "draft", contentFormat: "markdown" });
  expect(note?.contentHtml).toContain(`src="${new URL(uploaded.headers.location ?? "").pathname}"`);
  expect((await request(`http://127.0.0.1:${app.port}`).get(madePath(answer))).status).toBe(404);
});

test("iA Writer may send its text as HTML instead", async () => {
  const { app, bearer } = await connect();
  const html = '<h1>Title</h1>\n<p>Text with <em>stress</em>.</p>\n<p><span class="hashtag">#Writing</span></p>';

  const answer = await send(
    app,
    ["POST /micropub HTTP/1.1", AGENT, bearer, "Content-Type: application/json"],
    JSON.stringify({
      type: ["h-entry"],
      properties: { name: ["Title"], content: [{ html }], "post-status": ["draft"] },
    }),
  );

  expect(madePath(answer)).toBe("/notes/title");
  expect(findNoteBySlug(app.ctx.db, "title")?.contentHtml).toContain("<em>stress</em>");
});
