import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { listAliases } from "../../src/notes/alias-store.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";

const ALL = "create update delete undelete";
const CLIENT = "https://app.example/";

type Client = TestApp & { readonly token: string };

async function client(scope = ALL): Promise<Client> {
  const app = await testApp();
  await createAuthor(app.ctx);
  return { ...app, token: (await createToken(app.ctx, { scope, clientId: CLIENT })).token };
}

function post({ http, token }: Client) {
  return http.post("/micropub").set("Authorization", `Bearer ${token}`);
}

function ask({ http, token }: Client, search: string) {
  return http.get(`/micropub?${search}`).set("Authorization", `Bearer ${token}`);
}

function noteAt({ ctx }: Client, location: string | undefined): StoredNote {
  expect(location).toMatch(new RegExp(`^${SITE_URL}/notes/`, "u"));
  const slug = decodeURIComponent(new URL(location ?? "").pathname.split("/").at(-1) ?? "");
  const note = findNoteBySlug(ctx.db, slug);
  if (note === undefined) throw new Error(`no note ${slug}`);
  return note;
}

test("§3.3.1: a form creates a note with its categories, and says where it is", async () => {
  const app = await client();

  const answer = await post(app)
    .type("form")
    .send("h=entry&content=Hello+World&category[]=foo&category[]=Bar+Baz")
    .expect(201);

  const note = noteAt(app, answer.headers.location);
  expect(note).toMatchObject({ content: "Hello World", contentFormat: "text", kind: "note", madeBy: CLIENT });
  expect(note.tags.map((tag) => tag.label)).toEqual(["foo", "Bar Baz"]);
  await app.http.get(new URL(answer.headers.location ?? "").pathname).expect(200);
});

test("§3.3: plain text is shown as typed, with its line breaks and nothing of it as markup", async () => {
  const app = await client();

  const answer = await post(app).type("form").send({ content: "1 < 2 *stars*\n<b>second</b> line" }).expect(201);

  const page = await app.http.get(new URL(answer.headers.location ?? "").pathname).expect(200);
  const content = query(page.text, ".e-content");
  expect(textOf(content)).toContain("1 < 2 *stars*");
  expect(textOf(content)).toContain("<b>second</b> line");
  expect(queryAll(content ?? "", "br").length).toBe(1);
});

test("§3.3.2: JSON creates a note; content with html is HTML, filtered", async () => {
  const app = await client();
  const html = '<p>Some <b onclick="x()">bold</b> <script>alert(1)</script> text</p>';

  const answer = await post(app)
    .send({
      type: ["h-entry"],
      properties: { name: ["Title"], content: [{ html }], published: ["2025-05-06T07:08:09-07:00"] },
    })
    .expect(201);

  const note = noteAt(app, answer.headers.location);
  expect(note).toMatchObject({
    title: "Title",
    kind: "article",
    publishedAt: "2025-05-06T14:08:09.000Z",
    publishedOffset: -420,
  });
  expect(note.contentHtml).toContain("<b>bold</b>");
  expect(note.contentHtml).not.toMatch(/script|onclick/u);
});

test("§3.3.3, §3.3.5: nested and unknown properties are kept whole and come back", async () => {
  const app = await client();
  const checkin = { type: ["h-card"], properties: { name: ["Los Gorditos"], geo: [{ lat: 45.5, nested: [1, [2]] }] } };

  const answer = await post(app)
    .type("application/json; charset=utf-8")
    .send(
      JSON.stringify({
        type: ["h-entry"],
        properties: { content: ["Lunch"], checkin: [checkin], "x-mood": ["fine", 3] },
      }),
    )
    .expect(201);

  const source = await ask(app, `q=source&url=${encodeURIComponent(answer.headers.location ?? "")}`).expect(200);
  expect(source.body).toMatchObject({
    type: ["h-entry"],
    properties: { content: ["Lunch"], checkin: [checkin], "x-mood": ["fine", 3] },
  });
});

test("§3.2: the token and commands are never stored or returned", async () => {
  const app = await client();

  const answer = await app.http
    .post("/micropub")
    .type("form")
    .send({
      access_token: app.token,
      h: "entry",
      content: "x",
      "mp-slug": "my-slug",
      "mp-syndicate-to": "https://x.example/",
    })
    .expect(201);

  const source = await ask(app, `q=source&url=${encodeURIComponent(answer.headers.location ?? "")}`).expect(200);
  expect(answer.headers.location).toBe(`${SITE_URL}/notes/my-slug`);
  expect(JSON.stringify(source.body)).not.toMatch(/mp-|access_token/u);
  expect(JSON.stringify(app.ctx.db.all("SELECT * FROM notes"))).not.toContain(app.token);
});

test("post-status=draft makes a draft that nobody sees; updating it to published publishes it", async () => {
  const app = await client();

  const answer = await post(app).type("form").send({ content: "Not yet", "post-status": "draft" }).expect(201);
  await app.http.get("/notes/not-yet").expect(404);
  await post(app)
    .send({ action: "update", url: answer.headers.location, replace: { "post-status": ["published"] } })
    .expect(204);

  expect((await app.http.get("/notes/not-yet")).status).toBe(200);
});

test("a token with only the scope draft makes only drafts", async () => {
  const app = await client("draft");

  const answer = await post(app).type("form").send({ content: "Mine", "post-status": "published" }).expect(201);

  expect(noteAt(app, answer.headers.location).status).toBe("draft");
});

test("visibility is kept, and one that there is not is refused", async () => {
  const app = await client();

  const answer = await post(app).type("form").send({ content: "x", visibility: "unlisted" }).expect(201);
  const refused = await post(app).type("form").send({ content: "x", visibility: "friends" }).expect(400);

  expect(noteAt(app, answer.headers.location).visibility).toBe("unlisted");
  expect(refused.body.error).toBe("invalid_request");
});

test("§3.4: replace, add and delete in one request leave all else alone, as one revision with the client's name", async () => {
  const app = await client();
  const note = await publishNote(
    app.ctx,
    { content: "*Markdown* stays", title: "Title", tags: ["a", "b"] },
    { madeBy: "admin" },
  );

  await post(app)
    .send({
      action: "update",
      url: `${SITE_URL}/notes/${note.slug}`,
      replace: { name: ["New title"] },
      add: { category: ["c"] },
      delete: { category: ["a"] },
    })
    .expect(204);

  const after = findNoteBySlug(app.ctx.db, note.slug);
  expect(after).toMatchObject({
    title: "New title",
    content: "*Markdown* stays",
    contentFormat: "markdown",
    version: 2,
  });
  expect(after?.tags.map((tag) => tag.name)).toEqual(["b", "c"]);
  expect(listRevisions(app.ctx.db, note.id)[0]).toMatchObject({ madeBy: CLIENT, action: "revise" });
});

test("§3.4: deleting a property by name takes all of it", async () => {
  const app = await client();
  const note = await publishNote(app.ctx, { content: "x", title: "Title", tags: ["a"] }, { madeBy: "admin" });

  await post(app)
    .send({ action: "update", url: `${SITE_URL}/notes/${note.slug}`, delete: ["category", "name"] })
    .expect(204);

  expect(findNoteBySlug(app.ctx.db, note.slug)).toMatchObject({ title: undefined, tags: [], content: "x" });
});

test("§3.4: an update that changes the address answers 201 with the new one, and the old one leads there", async () => {
  const app = await client();
  const note = await publishNote(app.ctx, { content: "x", slug: "old" }, { madeBy: "admin" });

  const answer = await post(app)
    .send({ action: "update", url: `${SITE_URL}/notes/old`, replace: { "mp-slug": ["fresh"] } })
    .expect(201);

  expect(answer.headers.location).toBe(`${SITE_URL}/notes/fresh`);
  expect(listAliases(app.ctx.db, note.id)).toEqual(["/notes/old"]);
  expect(findNoteBySlug(app.ctx.db, "fresh")?.properties).toEqual({});
});

test("§3.5: delete and undelete work as form and as JSON", async () => {
  const app = await client();
  await publishNote(app.ctx, { content: "x", slug: "gone" }, { madeBy: "admin" });
  const url = `${SITE_URL}/notes/gone`;
  const seen = [];

  for (const action of ["delete", "undelete"]) {
    await post(app).type("form").send({ action, url }).expect(204);
    seen.push((await app.http.get("/notes/gone")).status);
    await post(app).send({ action, url }).expect(204);
  }

  expect(seen).toEqual([410, 200]);
});

test("§3.7: config and syndicate-to answer JSON", async () => {
  const app = await client();

  const config = await ask(app, "q=config").expect(200).expect("Content-Type", /json/u);
  const targets = await ask(app, "q=syndicate-to").expect(200);

  expect(config.body["syndicate-to"]).toEqual([]);
  expect(targets.body).toEqual({ "syndicate-to": [] });
});

test("§3.7.2: source gives only the properties that were asked for", async () => {
  const app = await client();
  const note = await publishNote(app.ctx, { content: "x", title: "Title", tags: ["a"] }, { madeBy: "admin" });
  const url = encodeURIComponent(`${SITE_URL}/notes/${note.slug}`);

  const several = await ask(
    app,
    `q=source&properties[]=name&properties[]=category&properties[]=none&url=${url}`,
  ).expect(200);
  const one = await ask(app, `q=source&properties=content&url=${url}`).expect(200);

  expect(several.body).toEqual({ properties: { name: ["Title"], category: ["a"] } });
  expect(one.body).toEqual({ properties: { content: ["x"] } });
});

test("§3.8: without a token 401 unauthorized, with a wrong one too, and a challenge", async () => {
  const app = await client();

  for (const header of [undefined, "Bearer wrong", "Basic abc"]) {
    const request = app.http.post("/micropub").type("form").send({ content: "x" });
    const answer = await (header === undefined ? request : request.set("Authorization", header)).expect(401);
    expect(answer.body.error).toBe("unauthorized");
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/u);
  }
});

test("the session of the author's browser does not open Micropub", async () => {
  const app = await client();

  const answer = await app.http
    .post("/micropub")
    .set("Cookie", "starpunk_session=x")
    .type("form")
    .send({ content: "x" });

  expect(answer.status).toBe(401);
});

test.each([
  ["create", "update delete undelete", { type: ["h-entry"], properties: { content: ["x"] } }],
  ["update", "create delete", { action: "update", url: "URL", replace: { content: ["y"] } }],
  ["delete", "create update", { action: "delete", url: "URL" }],
  ["undelete", "create delete", { action: "undelete", url: "URL" }],
])("§5.4: %s needs its own scope, else 401 insufficient_scope", async (_verb, scope, body) => {
  const app = await client(scope);
  await publishNote(app.ctx, { content: "x", slug: "mine" }, { madeBy: "admin" });
  const sent = JSON.parse(JSON.stringify(body).replace("URL", `${SITE_URL}/notes/mine`));

  const answer = await post(app).send(sent).expect(401);

  expect(answer.body.error).toBe("insufficient_scope");
  expect(findNoteBySlug(app.ctx.db, "mine")).toMatchObject({ content: "x", version: 1 });
});

test("a token in the header and in the body is one too many", async () => {
  const app = await client();

  const answer = await post(app).type("form").send({ content: "x", access_token: app.token });

  expect(answer.status).toBe(400);
  expect(answer.text).toBe("");
  expect(app.ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 0 });
});

test("a token in the URL does not count", async () => {
  const app = await client();

  const answer = await app.http.post(`/micropub?access_token=${app.token}`).type("form").send({ content: "x" });

  expect(answer.status).toBe(401);
});

test.each([
  ["malformed JSON", "{"],
  ["an array", "[]"],
  ["a text", '"x"'],
  ["no properties", '{"type":["h-entry"],"properties":{}}'],
  ["a property that is no list", '{"type":["h-entry"],"properties":{"content":"x"}}'],
  ["a type that is no list", '{"type":"h-entry","properties":{"content":["x"]}}'],
  ["an unknown action", '{"action":"explode","url":"x"}'],
  ["no url", '{"action":"delete"}'],
  ["an update of nothing", '{"action":"update","url":"http://blog.example/notes/mine"}'],
  ["a replace that is a list", '{"action":"update","url":"http://blog.example/notes/mine","replace":["x"]}'],
  ["a replace of no list", '{"action":"update","url":"http://blog.example/notes/mine","replace":{"content":"x"}}'],
  ["a delete of numbers", '{"action":"update","url":"http://blog.example/notes/mine","delete":[1]}'],
  ["content that is a number", '{"type":["h-entry"],"properties":{"content":[7]}}'],
  ["a date that is none", '{"type":["h-entry"],"properties":{"content":["x"],"published":["soon"]}}'],
  ["a category that is an object", '{"type":["h-entry"],"properties":{"content":["x"],"category":[{}]}}'],
  ["another site's post", '{"action":"delete","url":"https://other.example/notes/mine"}'],
  ["a post that there is not", '{"action":"delete","url":"http://blog.example/notes/none"}'],
  ["a page that is no post", '{"action":"delete","url":"http://blog.example/"}'],
  ["no address", '{"action":"delete","url":"%%%"}'],
])("§3.8: %s is 400 invalid_request with a JSON body, and changes nothing", async (_what, body) => {
  const app = await client();
  await publishNote(app.ctx, { content: "x", slug: "mine" }, { madeBy: "admin" });

  const answer = await post(app).type("json").send(body).expect(400).expect("Content-Type", /json/u);

  expect(answer.body.error).toBe("invalid_request");
  expect(app.ctx.db.get("SELECT count(*) AS count, sum(version) AS saves FROM notes")).toEqual({ count: 1, saves: 1 });
});

test.each(["", "h=entry", "action=update&url=x", "action=boom", "content="])("the form %j is 400", async (body) => {
  const app = await client();

  const answer = await post(app).type("form").send(body);

  expect(answer.status).toBe(400);
});

test("names of prototypes are properties like others and do no harm", async () => {
  const app = await client();

  await post(app)
    .type("json")
    .send('{"type":["h-entry"],"properties":{"content":["x"],"__proto__":["p"],"constructor":["c"]}}')
    .expect(201);

  expect(({} as { p?: unknown }).p).toBeUndefined();
});

test("a wrong method is 405 with what is allowed", async () => {
  const { http } = await client();

  const answer = await http.put("/micropub").expect(405);

  expect(answer.headers.allow).toMatch(/GET.*POST/u);
});
