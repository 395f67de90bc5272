// The Micro.blog app for phones with a blog of one's own: microdotblog/microblog-react (src/api/MicroPubApi.js). Its
// forms are those of React Native, which on Android OkHttp writes.
import { expect, test } from "vitest";
import { findNoteBySlug } from "../../../src/notes/note-store.ts";
import { queryAll } from "../../support/dom.ts";
import { picture } from "../../support/images.ts";
import { allow, json, madePath, rawHref, send, siteFor } from "../../support/real-client.ts";

const CLIENT = "https://micro.blog/";
const CALLBACK = "https://micro.blog/indieauth/redirect";
const AGENT = "User-Agent: okhttp/4.12.0";
const BOUNDARY = "a9c7a9b5-5a3c-4d0e-8b7e-2f1f8f0a7c11";
const MULTIPART = `Content-Type: multipart/form-data; boundary=${BOUNDARY}`;

function part(name: string, value: string): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\nContent-Length: ${Buffer.byteLength(value)}\r\n\r\n${value}\r\n`;
}

/** The author has allowed apps without PKCE: the app sends none. */
async function signIn() {
  const app = await siteFor(CLIENT, "<!doctype html>", "optional");
  const home = await send(app, ["GET / HTTP/1.1", AGENT, "Accept: text/html", "Cache-Control: no-cache"]);
  const [auth, token, micropub] = ["authorization_endpoint", "token_endpoint", "micropub"].map((rel) =>
    rawHref(home.body, rel),
  );
  const back = await allow(
    app,
    `${auth}?me=${encodeURIComponent("https://blog.example")}&redirect_uri=${encodeURIComponent(CALLBACK)}&client_id=${encodeURIComponent(CLIENT)}&state=4711&scope=create&response_type=code`,
  );
  const code = /[?&]code=([^&]+)/u.exec(back.href)?.[1] ?? "";
  const redeemed = await send(
    app,
    [
      `POST ${new URL(token ?? "").pathname} HTTP/1.1`,
      AGENT,
      "Accept: application/json",
      "Content-type: application/x-www-form-urlencoded",
    ],
    `client_id=${encodeURIComponent(CLIENT)}&code=${encodeURIComponent(code)}&redirect_uri=${encodeURIComponent(CALLBACK)}&grant_type=authorization_code`,
  );
  return { app, micropub, bearer: `Authorization: Bearer ${json(redeemed).access_token}` };
}

test("Micro.blog takes addresses from links as they stand, signs in without PKCE where that is allowed, and is known for Markdown", async () => {
  const { app, micropub, bearer } = await signIn();

  const config = await send(app, [
    "GET /micropub?q=config HTTP/1.1",
    AGENT,
    "Accept: application/json, text/plain, */*",
    bearer,
  ]);
  const tags = await send(app, ["GET /micropub?q=category HTTP/1.1", AGENT, bearer]);
  const targets = await send(app, ["GET /micropub?q=syndicate-to HTTP/1.1", AGENT, bearer]);

  expect(micropub).toBe("http://blog.example/micropub");
  expect(json(config)["media-endpoint"]).toBe("http://blog.example/micropub/media");
  expect([json(tags), json(targets)]).toEqual([{ categories: [] }, { "syndicate-to": [] }]);
});

test("Micro.blog uploads photos, then posts their addresses and descriptions with its own commands, in Markdown", async () => {
  const { app, bearer } = await signIn();
  const upload = async (width: number) => {
    const bytes = await picture(width, 30).jpeg().toBuffer();
    const file = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="image.jpg"\r\ncontent-type: image/jpeg\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    return await send(
      app,
      ["POST /micropub/media HTTP/1.1", AGENT, "Accept: application/json, text/plain, */*", bearer, MULTIPART],
      Buffer.concat([
        Buffer.from(file),
        bytes,
        Buffer.from(`\r\n${part("mp-destination", "null")}--${BOUNDARY}--\r\n`),
      ]),
    );
  };
  const [one, two] = [await upload(40), await upload(50)];

  const fields = [
    ["h", "entry"],
    ["content", "*Two* photos"],
    ["post-status", "published"],
    ["photo[]", one?.headers.location ?? ""],
    ["mp-photo-alt[]", "A cat"],
    ["photo[]", two?.headers.location ?? ""],
    ["mp-photo-alt[]", "A dog"],
    ["category[]", "pets"],
    ["mp-destination", "null"],
    ["mp-syndicate-to[]", ""],
  ];
  const answer = await send(
    app,
    ["POST /micropub HTTP/1.1", AGENT, "Accept: application/json, text/plain, */*", bearer, MULTIPART],
    `${fields.map(([name = "", value = ""]) => part(name, value)).join("")}--${BOUNDARY}--\r\n`,
  );

  const page = await app.http.get(madePath(answer)).expect(200);
  expect(page.text).toContain("<em>Two</em> photos");
  expect(queryAll(page.text, "img.u-photo").map(({ attributes }) => attributes.alt)).toEqual(["A cat", "A dog"]);
  const note = findNoteBySlug(app.ctx.db, madePath(answer).split("/").at(-1) ?? "");
  expect(note?.contentFormat).toBe("markdown");
  expect(Object.keys(note?.properties ?? {})).toEqual(["photo"]);
});
