// Omnibear, a browser extension: omnibear/omnibear (src/util/micropub.js, src/constants.js, src/background/authentication.js)
// and the library that it sends with, grantcodes/micropub (src/main.ts).
import { expect, test } from "vitest";
import { findNoteBySlug } from "../../../src/notes/note-store.ts";
import { allow, inHeader, json, madePath, send, siteFor } from "../../support/real-client.ts";

const CLIENT = "https://omnibear.com";
const CALLBACK = "https://omnibear.com/auth/success";
const STATE = "very-secret-omnibear-state-k3j5x9q2p1";
const FROM = [
  "Origin: chrome-extension://gkhlnfgbdfgdmnpimkpjcchcbepmoafp",
  "User-Agent: Mozilla/5.0 (X11) Chrome/126.0.0.0",
];
const FORM = "Content-Type: application/x-www-form-urlencoded;charset=UTF-8";
const TAKES = "Accept: application/json, application/x-www-form-urlencoded";

/** The author has allowed apps without PKCE: the extension sends none. */
async function signIn() {
  const app = await siteFor(`${CLIENT}/`, "<!doctype html>", "optional");
  const { headers } = await send(app, ["GET / HTTP/1.1", ...FROM, "Accept: text/html,application/xhtml+xml"]);
  const query = new URLSearchParams({
    me: "http://blog.example",
    client_id: CLIENT,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "create delete update",
    state: STATE,
  });
  const back = await allow(app, `${inHeader(headers.link, "authorization_endpoint")}?${query}`);
  const code = back.searchParams.get("code") ?? "";
  const redeemed = await send(
    app,
    ["POST /token HTTP/1.1", ...FROM, FORM, "Accept: application/json"],
    `grant_type=authorization_code&me=${encodeURIComponent("http://blog.example")}&code=${code}&client_id=${encodeURIComponent(CLIENT)}&redirect_uri=${encodeURIComponent(CALLBACK)}`,
  );
  return { app, back, redeemed, bearer: `Authorization: Bearer ${json(redeemed).access_token}` };
}

test("Omnibear signs in from an extension, whose origin may read the answers", async () => {
  const { app, back, redeemed, bearer } = await signIn();

  const asked = await send(app, [
    "OPTIONS /micropub HTTP/1.1",
    ...FROM,
    "Access-Control-Request-Method: POST",
    "Access-Control-Request-Headers: authorization,content-type",
  ]);
  const targets = await send(app, [
    "GET /micropub?q=syndicate-to HTTP/1.1",
    ...FROM,
    FORM,
    "Accept: application/json",
    bearer,
  ]);

  expect(back.href.startsWith(`${CALLBACK}?`)).toBe(true);
  expect(back.searchParams.get("state")).toBe(STATE);
  expect(json(redeemed)).toMatchObject({ me: "http://blog.example/", scope: "create delete update" });
  expect(asked.headers["access-control-allow-headers"]).toContain("Authorization");
  expect(json(targets)).toEqual({ "syndicate-to": [] });
  expect(targets.headers["access-control-allow-origin"]).toBe("*");
});

test.each([
  ["a note", "content=Hello&category%5B%5D=one&category%5B%5D=two&mp-slug=a-slug", "note"],
  ["a reply", `in-reply-to=${encodeURIComponent("https://a.example/1")}&content=Yes&category%5B%5D=`, "reply"],
  ["a bookmark", `bookmark-of=${encodeURIComponent("https://a.example/1")}&name=Page&content=Good`, "bookmark"],
  ["a like", `like-of=${encodeURIComponent("https://a.example/1")}`, "like"],
  ["a repost", `repost-of=${encodeURIComponent("https://a.example/1")}`, "repost"],
])("Omnibear posts %s by form and reads where it is from an answer of another site", async (_, body, kind) => {
  const { app, bearer } = await signIn();

  const answer = await send(app, ["POST /micropub HTTP/1.1", ...FROM, FORM, TAKES, bearer], `h=entry&${body}`);

  expect(answer.headers["access-control-expose-headers"]).toContain("Location");
  expect(findNoteBySlug(app.ctx.db, madePath(answer).split("/").at(-1) ?? "")?.kind).toBe(kind);
});
