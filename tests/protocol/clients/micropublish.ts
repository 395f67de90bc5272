// Micropublish, https://micropublish.net: barryf/micropublish (lib/micropublish/server.rb, auth.rb, endpoints_finder.rb,
// micropub.rb, request.rb, post.rb), which sends through HTTParty.
import { expect, test } from "vitest";
import { findNoteBySlug } from "../../../src/notes/note-store.ts";
import { listRevisions } from "../../../src/notes/revision-store.ts";
import { allow, inHeader, json, madePath, send, siteFor } from "../../support/real-client.ts";

const CLIENT = "https://micropublish.net";
const CALLBACK = "https://micropublish.net/auth/callback";
const AGENT = ["Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3", "User-Agent: Ruby", "Accept: */*"];
const FORM = "Content-Type: application/x-www-form-urlencoded";
const SCOPE = "create update delete undelete";

/** The author has allowed apps without PKCE: the app sends none. Its client_id has no path. */
async function signIn() {
  const app = await siteFor(`${CLIENT}/`, "<!doctype html>", "optional");
  const { headers } = await send(app, ["GET / HTTP/1.1", ...AGENT]);
  const query = new URLSearchParams({
    me: "https://blog.example",
    client_id: CLIENT,
    state: "243799411985126063349157464462466412833",
    scope: SCOPE,
    redirect_uri: CALLBACK,
    response_type: "code",
  });
  const back = await allow(app, `${inHeader(headers.link, "authorization_endpoint")}?${query}`);
  const body = new URLSearchParams({
    me: "https://blog.example",
    code: back.searchParams.get("code") ?? "",
    redirect_uri: CALLBACK,
    client_id: CLIENT,
    state: query.get("state") ?? "",
    scope: SCOPE,
    grant_type: "authorization_code",
  });
  const path = new URL(inHeader(headers.link, "token_endpoint") ?? "").pathname;
  const redeemed = json(await send(app, [`POST ${path} HTTP/1.1`, ...AGENT, FORM], body.toString()));
  return { app, redeemed, bearer: `Authorization: Bearer ${redeemed.access_token}` };
}

test("Micropublish signs in without PKCE where that is allowed, says JSON with every question, and asks for targets by kind", async () => {
  const { app, redeemed, bearer } = await signIn();
  const asking = [
    ...AGENT.slice(0, 2),
    bearer,
    "Content-Type: application/json; charset=utf-8",
    "Accept: application/json",
  ];

  const config = await send(app, ["GET /micropub?q=config HTTP/1.1", ...asking]);
  const channels = await send(app, ["GET /micropub?q=channel HTTP/1.1", ...asking]);
  const targets = await send(app, ["GET /micropub?q=syndicate-to&post-type=note HTTP/1.1", ...asking]);

  expect(redeemed).toMatchObject({ me: "http://blog.example/", scope: SCOPE });
  expect(json(config)["post-types"]).toContainEqual({ type: "rsvp", name: "RSVP" });
  expect([json(channels), json(targets)]).toEqual([{ channels: [] }, { "syndicate-to": [] }]);
});

test("Micropublish creates by form and by JSON, edits what it reads with commands beside the changes, deletes and undeletes", async () => {
  const { app, bearer } = await signIn();
  const post = (type: string, body: string) =>
    send(app, ["POST /micropub HTTP/1.1", ...AGENT, bearer, `Content-Type: ${type}`], body);
  const note = await post(
    "application/x-www-form-urlencoded",
    "h=entry&content=From%20Micropublish&category[]=ruby&category[]=web&published=2026-03-01T09%3A00%3A00%2B00%3A00",
  );
  const properties = {
    name: ["Title"],
    content: [{ html: "<div>Text with <strong>weight</strong></div>" }],
    photo: [],
    "mp-slug": ["an-article"],
  };
  const article = await post("application/json", JSON.stringify({ type: ["h-entry"], properties }));
  const url = note.headers.location ?? "";

  const source = await send(app, [
    `GET /micropub?q=source&url=${encodeURIComponent(url)}&properties%5B%5D=content&properties%5B%5D=category&properties%5B%5D=published HTTP/1.1`,
    ...AGENT,
    bearer,
  ]);
  const changes = {
    replace: { content: ["Better"] },
    add: { "in-reply-to": ["https://a.example/1"] },
    delete: ["category"],
  };
  const updated = await post(
    "application/json",
    JSON.stringify({ action: "update", url, ...changes, "mp-syndicate-to": [""] }),
  );
  const found = findNoteBySlug(app.ctx.db, madePath(note).split("/").at(-1) ?? "");
  const deleted = await post("application/x-www-form-urlencoded", `action=delete&url=${encodeURIComponent(url)}`);
  const gone = (await app.http.get(madePath(note))).status;
  const undeleted = await post("application/x-www-form-urlencoded", `action=undelete&url=${encodeURIComponent(url)}`);

  expect(madePath(article)).toBe("/notes/an-article");
  expect((await app.http.get("/notes/an-article")).text).toContain("<strong>weight</strong>");
  expect(json(source)).toEqual({
    properties: { content: ["From Micropublish"], category: ["ruby", "web"], published: ["2026-03-01T09:00:00+00:00"] },
  });
  expect(found).toMatchObject({
    kind: "reply",
    content: "Better",
    tags: [],
    properties: { "in-reply-to": ["https://a.example/1"] },
  });
  expect(listRevisions(app.ctx.db, found?.id ?? 0).map(({ madeBy }) => madeBy)).toContain(`${CLIENT}/`);
  expect([updated.status, deleted.status, gone, undeleted.status]).toEqual([204, 204, 410, 204]);
  await app.http.get(madePath(note)).expect(200);
});
