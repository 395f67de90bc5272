// Quill, https://quill.p3k.io/: aaronpk/Quill (controllers/auth.php, lib/helpers.php, controllers/controllers.php,
// controllers/micropub.php), indieweb/indieauth-client-php (src/IndieAuth/Client.php), aaronpk/php-multipart-encoder.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { findNoteBySlug } from "../../../src/notes/note-store.ts";
import { query } from "../../support/dom.ts";
import { picture } from "../../support/images.ts";
import { allow, inHeader, json, madePath, send, siteFor } from "../../support/real-client.ts";

const CLIENT = "https://quill.p3k.io/";
const CALLBACK = "https://quill.p3k.io/auth/callback";
const VERIFIER = "9f".repeat(32);
const BOUNDARY = "0cc175b9c0f1b6a831c399e269772661";

async function signIn() {
  const app = await siteFor(CLIENT, '<div class="h-app"><a class="u-url p-name" href="/">Quill</a></div>');
  const agent = "User-Agent: Mozilla/5.0 (Macintosh) Chrome/86.0.4240.198 Safari/537.36 indieauth-client/1.1.0";
  const { headers } = await send(app, ["HEAD / HTTP/1.1", agent, "Accept: */*"]);
  const [auth = "", token = "", micropub = ""] = ["authorization_endpoint", "token_endpoint", "micropub"].map((rel) =>
    inHeader(headers.link, rel),
  );
  const challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const back = await allow(
    app,
    `${auth}?response_type=code&me=http%3A%2F%2Fblog.example%2F&redirect_uri=${encodeURIComponent(CALLBACK)}&client_id=${encodeURIComponent(CLIENT)}&state=5b1f8e0c3a7d9264&scope=create+update+media+profile&code_challenge=${challenge}&code_challenge_method=S256`,
  );
  const code = back.searchParams.get("code") ?? "";
  const redeemed = await send(
    app,
    [
      `POST ${new URL(token).pathname} HTTP/1.1`,
      agent,
      "Accept: application/json, application/x-www-form-urlencoded;q=0.8",
      "Content-Type: application/x-www-form-urlencoded",
    ],
    `grant_type=authorization_code&code=${code}&redirect_uri=${encodeURIComponent(CALLBACK)}&client_id=${encodeURIComponent(CLIENT)}&code_verifier=${VERIFIER}`,
  );
  return { app, back, micropub: new URL(micropub).pathname, redeemed: json(redeemed) };
}

test("Quill finds the endpoints by HEAD, signs in with PKCE, and reads profile and configuration", async () => {
  const { app, back, micropub, redeemed } = await signIn();

  const config = await send(app, [
    `GET ${micropub}?q=config HTTP/1.1`,
    `Authorization: Bearer ${redeemed.access_token}`,
    "Accept: application/json",
  ]);

  expect([back.origin + back.pathname, back.searchParams.get("state")]).toEqual([CALLBACK, "5b1f8e0c3a7d9264"]);
  expect(redeemed).toMatchObject({ me: "http://blog.example/", scope: "create update media profile" });
  expect(redeemed.profile.name).toBe("Ada");
  expect(json(config)).toMatchObject({
    "media-endpoint": "http://blog.example/micropub/media",
    "syndicate-to": [],
    visibility: expect.arrayContaining(["public"]),
    "post-types": expect.arrayContaining([{ type: "note", name: "Note" }]),
  });
});

test("Quill posts a note with its token in the header and, the same again, in the form", async () => {
  const { app, micropub, redeemed } = await signIn();
  const token: string = redeemed.access_token;

  const answer = await send(
    app,
    [
      `POST ${micropub} HTTP/1.1`,
      `Authorization: Bearer ${token}`,
      "Accept: application/json",
      "Content-Type: application/x-www-form-urlencoded",
    ],
    `h=entry&access_token=${token}&content=Hello+from+Quill&category%5B%5D=web&category%5B%5D=personal&mp-slug=from-quill&null=null`,
  );
  const two = await send(
    app,
    [`POST ${micropub} HTTP/1.1`, `Authorization: Bearer ${token}`, "Content-Type: application/x-www-form-urlencoded"],
    `h=entry&access_token=${"x".repeat(43)}&content=Another+token`,
  );

  expect(madePath(answer)).toBe("/notes/from-quill");
  const note = findNoteBySlug(app.ctx.db, "from-quill");
  expect(note).toMatchObject({ content: "Hello from Quill", madeBy: CLIENT });
  expect(note?.tags.map(({ label }) => label)).toEqual(["web", "personal"]);
  expect(two.status).toBe(400);
});

test("Quill uploads to the media endpoint, posts the address, finds it as the last file, and posts a photo in a form", async () => {
  const { app, micropub, redeemed } = await signIn();
  const bearer = `Authorization: Bearer ${redeemed.access_token}`;
  const type = `Content-Type: multipart/form-data; boundary=${BOUNDARY}`;
  const jpeg = await picture(40, 30).jpeg().toBuffer();
  const part = (name: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  const field = (name: string, value: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const end = `\r\n--${BOUNDARY}--\r\n\r\n`;

  const uploaded = await send(
    app,
    ["POST /micropub/media HTTP/1.1", bearer, type],
    Buffer.concat([Buffer.from(part("file")), jpeg, Buffer.from(end)]),
  );
  const last = await send(app, ["GET /micropub/media?q=source&limit=1 HTTP/1.1", bearer, "Accept: application/json"]);
  const byAddress = await send(
    app,
    [
      `POST ${micropub} HTTP/1.1`,
      bearer,
      "Accept: application/json",
      "Content-Type: application/x-www-form-urlencoded",
    ],
    `h=entry&access_token=${redeemed.access_token}&content=By+address&photo%5B%5D=${encodeURIComponent(uploaded.headers.location ?? "")}`,
  );
  const fields = field("h", "entry") + field("access_token", redeemed.access_token) + field("content", "In the form");
  const inForm = await send(
    app,
    [`POST ${micropub} HTTP/1.1`, bearer, type],
    Buffer.concat([Buffer.from(fields + field("category[]", "pets") + part("photo")), jpeg, Buffer.from(end)]),
  );

  expect(json(last).items).toEqual([expect.objectContaining({ url: uploaded.headers.location })]);
  for (const answer of [byAddress, inForm]) {
    const page = await app.http.get(madePath(answer)).expect(200);
    expect(query(page.text, "img.u-photo")?.attributes.src).toBe(new URL(uploaded.headers.location ?? "").pathname);
  }
});

test("Quill edits what it reads, with a list that PHP has numbered, and revokes its token at the token endpoint", async () => {
  const { app, micropub, redeemed } = await signIn();
  const bearer = `Authorization: Bearer ${redeemed.access_token}`;
  const form = "Content-Type: application/x-www-form-urlencoded";
  const made = await send(
    app,
    [`POST ${micropub} HTTP/1.1`, bearer, form],
    `h=entry&access_token=${redeemed.access_token}&content=code&name=Title&p3k-content-type=code%2Fphp`,
  );
  const url = made.headers.location ?? "";

  const source = await send(app, [
    `GET ${micropub}?q=source&url=${encodeURIComponent(url)}&properties%5B0%5D=content&properties%5B1%5D=name HTTP/1.1`,
    bearer,
    "Accept: application/json",
  ]);
  const updated = await send(
    app,
    [`POST ${micropub} HTTP/1.1`, bearer, "Accept: application/json", "Content-type: application/json"],
    JSON.stringify({ action: "update", url, replace: { content: ["better code"], name: ["Better"] } }).replaceAll(
      "/",
      "\\/",
    ),
  );
  await send(app, ["POST /token HTTP/1.1", form], `action=revoke&token=${redeemed.access_token}`);
  const after = await send(app, [`GET ${micropub}?q=config HTTP/1.1`, bearer]);

  expect(json(source)).toEqual({ properties: { content: ["code"], name: ["Title"] } });
  expect([200, 201, 204]).toContain(updated.status);
  expect(findNoteBySlug(app.ctx.db, madePath(made).split("/").at(-1) ?? "")?.content).toBe("better code");
  expect(after.status).toBe(401);
});
