// Indigenous for Android, now IndiePass: IndiePass/indiepass-android (users/AuthActivity.java, post/Base.java,
// util/VolleyMultipartRequest.java, util/NetworkResponseRequest.java, indieweb/micropub/MicropubAction.java,
// indieweb/indieauth/IndieAuthAction.java).
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { findNoteBySlug } from "../../../src/notes/note-store.ts";
import { queryAll } from "../../support/dom.ts";
import { picture } from "../../support/images.ts";
import { allow, inHeader, json, madePath, send, siteFor } from "../../support/real-client.ts";

const CLIENT = "https://indiepass.marksuth.dev/";
const CALLBACK = "https://indiepass.marksuth.dev/android-callback";
const VERIFIER = "0123456789abcdef".repeat(4);
const BOUNDARY = "7e8f2a44-9a1c-4e0d-8a55-0d1f0e6c1b2a";
const AGENT = "User-Agent: Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/UP1A.231005.007)";
const FORM = "Content-Type: application/x-www-form-urlencoded; charset=UTF-8";

async function signIn() {
  const app = await siteFor(CLIENT);
  const home = await send(app, ["GET / HTTP/1.1", AGENT]);
  const auth = inHeader(home.headers.link, "authorization_endpoint");
  const challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const back = await allow(
    app,
    `${auth}?code_challenge_method=S256&code_challenge=${challenge}&response_type=code&redirect_uri=${CALLBACK}&client_id=${CLIENT}&me=https://blog.example&scope=create+update+delete+media+read+follow+channels+mute+block&state=0a1b2c3d-4`,
  );
  const code = back.searchParams.get("code") ?? "";
  const redeemed = await send(
    app,
    [
      `POST ${new URL(inHeader(home.headers.link, "token_endpoint") ?? "").pathname} HTTP/1.1`,
      AGENT,
      "Accept: application/json",
      FORM,
    ],
    `code=${code}&me=https%3A%2F%2Fblog.example&redirect_uri=${encodeURIComponent(CALLBACK)}&client_id=${encodeURIComponent(CLIENT)}&grant_type=authorization_code&code_verifier=${VERIFIER}&`,
  );
  expect(back.searchParams.get("state")).toBe("0a1b2c3d-4");
  const bearer = `Authorization: Bearer ${json(redeemed).access_token}`;
  return { app, bearer, scope: json(redeemed).scope, token: json(redeemed).access_token };
}

function textPart(name: string, value: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function filePart(name: string, bytes: Buffer): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="1700000000000.jpg"\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from("\r\n")]);
}

test("Indigenous signs in with PKCE and asks for rights of its reader, which are shown and kept", async () => {
  const { app, bearer, scope } = await signIn();

  const config = await send(app, ["GET /micropub?q=config HTTP/1.1", AGENT, "Accept: application/json", bearer]);
  const tags = await send(app, ["GET /micropub?q=category HTTP/1.1", AGENT, "Accept: application/json", bearer]);
  const contacts = await send(app, ["GET /micropub?q=contact HTTP/1.1", AGENT, "Accept: application/json", bearer]);

  expect(scope).toBe("create update delete media read follow channels mute block");
  expect(json(config)).toMatchObject({ "media-endpoint": "http://blog.example/micropub/media" });
  expect([json(tags), json(contacts)]).toEqual([{ categories: [] }, { contacts: [] }]);
});

test("Indigenous posts photos with their descriptions in one form: “photo[]”, “mp-photo-alt[]”, and no space before “boundary”", async () => {
  const { app, bearer } = await signIn();
  const photos = [await picture(40, 30).jpeg().toBuffer(), await picture(30, 40).jpeg().toBuffer()];
  const fields = [
    textPart("h", "entry"),
    textPart("content", "Two photos ☀"),
    textPart("category[]", "sun"),
    textPart("published", "2026-03-01T10:15:00+0100"),
    textPart("post-status", "published"),
    textPart("mp-photo-alt[]", "The sun"),
    textPart("mp-photo-alt[]", ""),
  ];

  const answer = await send(
    app,
    [
      "POST /micropub HTTP/1.1",
      AGENT,
      "Accept: application/json",
      bearer,
      `Content-Type: multipart/form-data;boundary=${BOUNDARY}`,
    ],
    Buffer.concat([
      Buffer.from(fields.join("")),
      ...photos.map((bytes) => filePart("photo[]", bytes)),
      Buffer.from(`--${BOUNDARY}--\r\n`),
    ]),
  );

  const page = await app.http.get(madePath(answer)).expect(200);
  expect(queryAll(page.text, "img.u-photo").map(({ attributes }) => attributes.alt)).toEqual(["The sun", ""]);
  const note = findNoteBySlug(app.ctx.db, madePath(answer).split("/").at(-1) ?? "");
  expect(note).toMatchObject({ content: "Two photos ☀", publishedAt: "2026-03-01T09:15:00.000Z", publishedOffset: 60 });
});

test("Indigenous uploads to the media endpoint, posts the address, deletes the post, and revokes its token", async () => {
  const { app, bearer, token } = await signIn();
  const jpeg = await picture(40, 30).jpeg().toBuffer();

  const uploaded = await send(
    app,
    [
      "POST /micropub/media HTTP/1.1",
      AGENT,
      "Accept: application/json",
      bearer,
      `Content-Type: multipart/form-data;boundary=${BOUNDARY}`,
    ],
    Buffer.concat([filePart("file", jpeg), Buffer.from(`--${BOUNDARY}--\r\n`)]),
  );
  const made = await send(
    app,
    ["POST /micropub HTTP/1.1", AGENT, "Accept: application/json", bearer, FORM],
    `h=entry&content=A+photo&category%5B%5D=sun&post-status=published&photo%5B%5D=${encodeURIComponent(uploaded.headers.location ?? "")}&`,
  );
  const url = made.headers.location ?? "";
  const deleted = await send(
    app,
    ["POST /micropub HTTP/1.1", AGENT, "Accept: application/json", bearer, FORM],
    `action=delete&url=${encodeURIComponent(url)}&`,
  );
  const revoked = await send(
    app,
    ["POST /token HTTP/1.1", AGENT, "Accept: application/json", bearer, FORM],
    `action=revoke&token=${token}&`,
  );

  expect([madePath(made), deleted.status, revoked.status]).toEqual(["/notes/a-photo", 204, 200]);
  await app.http.get(madePath(made)).expect(410);
});
