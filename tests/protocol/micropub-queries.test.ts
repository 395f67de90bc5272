import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { MAX_FILTER_LENGTH, MAX_SOURCE_OFFSET, MAX_SOURCES_PER_PAGE } from "../../src/micropub/query-source.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { trashNote } from "../../src/notes/trash.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";

const CLIENT = "https://app.example/";
const ADMIN = { madeBy: "admin" };

type Client = TestApp & { readonly token: string };

async function client(scope: string): Promise<Client> {
  const app = await testApp();
  await createAuthor(app.ctx);
  return { ...app, token: (await createToken(app.ctx, { scope, clientId: CLIENT })).token };
}

function ask({ http, token }: Client, search: string) {
  return http.get(`/micropub?${search}`).set("Authorization", `Bearer ${token}`);
}

/** A site with a public note of each kind of visibility and status, and one that the app made. */
async function filled(scope: string): Promise<Client> {
  const app = await client(scope);
  const { ctx, clock } = app;
  const made: [string, () => Promise<unknown>][] = [
    ["public", () => publishNote(ctx, { content: "An open word", tags: ["web"] }, ADMIN)],
    ["article", () => publishNote(ctx, { title: "A Title", content: "Something else entirely" }, ADMIN)],
    ["private", () => publishNote(ctx, { content: "Quiet", visibility: "private" }, ADMIN)],
    ["unlisted", () => publishNote(ctx, { content: "Half quiet", visibility: "unlisted" }, ADMIN)],
    ["draft", () => saveDraft(ctx, { content: "Unfinished" }, ADMIN)],
    ["own", () => saveDraft(ctx, { content: "By the app", slug: "own" }, { madeBy: CLIENT })],
  ];
  for (const [, make] of made) {
    await make();
    clock.advance(60);
  }
  const gone = await publishNote(ctx, { content: "Gone" }, ADMIN);
  await trashNote(ctx, gone.id, ADMIN);
  return app;
}

function contentsOf(body: { items: { properties: { content: unknown[] } }[] }): unknown[] {
  return body.items.map(({ properties }) => properties.content[0]);
}

test("config names the media endpoint, what may be posted, and every query", async () => {
  const app = await client("create");

  const { body } = await ask(app, "q=config").expect(200);

  expect(body["media-endpoint"]).toBe("http://blog.example/micropub/media");
  expect(body["syndicate-to"]).toEqual([]);
  expect(body["post-types"]).toContainEqual({ type: "rsvp", name: "RSVP" });
  for (const q of body.q) if (q !== "source") await ask(app, `q=${q}`).expect(200);
});

test("a list of sources has the posts that were changed last, without trashed ones, in pages", async () => {
  const app = await filled("update");

  const all = await ask(app, "q=source").expect(200);
  const second = await ask(app, "q=source&limit=2&offset=2").expect(200);

  const contents = ["By the app", "Unfinished", "Half quiet", "Quiet", "Something else entirely", "An open word"];
  expect(contentsOf(all.body)).toEqual(contents);
  expect(contentsOf(second.body)).toEqual(contents.slice(2, 4));
  expect(all.body.items[5]).toMatchObject({ type: ["h-entry"], properties: { category: ["web"] } });
});

test("it is narrowed by kind, by text without regard to case, and to some properties", async () => {
  const app = await filled("update");

  const articles = await ask(app, "q=source&post-type=article").expect(200);
  const found = await ask(app, "q=source&filter=OPEN").expect(200);
  const titled = await ask(app, "q=source&filter=a+title&properties[]=name").expect(200);

  expect(contentsOf(articles.body)).toEqual(["Something else entirely"]);
  expect(contentsOf(found.body)).toEqual(["An open word"]);
  expect(titled.body).toEqual({ items: [{ properties: { name: ["A Title"] } }] });
});

test("an app that may only create sees what is public and what it made itself, in lists and one by one", async () => {
  const app = await filled("create");
  const urlOf = (content: string) =>
    `http://blog.example/notes/${app.ctx.db.get<{ slug: string }>("SELECT slug FROM notes WHERE content = :content", { content })?.slug}`;
  const source = (content: string) => ask(app, `q=source&url=${encodeURIComponent(urlOf(content))}`);

  const list = await ask(app, "q=source").expect(200);

  expect(contentsOf(list.body)).toEqual(["By the app", "Something else entirely", "An open word"]);
  await source("An open word").expect(200);
  await source("By the app").expect(200);
  for (const hidden of ["Quiet", "Half quiet", "Unfinished"]) {
    const answer = await source(hidden).expect(400);
    expect(answer.body.error_description).toBe("There is no post of this site at that address.");
  }
});

test.each(["media", "profile"])("a token with %s alone reads no post", async (scope) => {
  const app = await filled(scope);

  const answer = await ask(app, "q=source");

  expect([answer.status, answer.body.error]).toEqual([401, "insufficient_scope"]);
});

test.each([
  [`limit=${MAX_SOURCES_PER_PAGE}`, 200],
  [`limit=${MAX_SOURCES_PER_PAGE + 1}`, 400],
  ["limit=-1", 400],
  [`offset=${MAX_SOURCE_OFFSET}`, 200],
  [`offset=${MAX_SOURCE_OFFSET + 1}`, 400],
  [`filter=${"x".repeat(MAX_FILTER_LENGTH)}`, 200],
  [`filter=${"x".repeat(MAX_FILTER_LENGTH + 1)}`, 400],
  ["post-type=note", 200],
  ["post-type=nothing", 400],
])("a list with %.40s is answered with %i", async (search, status) => {
  const app = await client("update");

  expect((await ask(app, `q=source&${search}`)).status).toBe(status);
});

test("categories and contacts are what the author used before, narrowed by letters", async () => {
  const app = await client("create");
  const content = "With [Bo](https://bo.example/) and [Cy](https://cy.example/)";
  await publishNote(app.ctx, { content, tags: ["Web", "Garden"] }, ADMIN);

  const categories = await ask(app, "q=category").expect(200);
  const some = await ask(app, "q=category&filter=gar").expect(200);
  const contacts = await ask(app, "q=contact&filter=BO").expect(200);

  expect(categories.body.categories.sort()).toEqual(["Garden", "Web"]);
  expect(some.body).toEqual({ categories: ["Garden"] });
  expect(contacts.body).toEqual({ contacts: [{ nickname: "Bo", name: "Bo", url: "https://bo.example/" }] });
});

test.each(["", "q=", "q=toString", "q=__proto__", "q=nothing"])(
  "a query such as %j is answered with what there is",
  async (search) => {
    const app = await client("create");

    const answer = await ask(app, search).expect(400);

    expect(answer.body.error).toBe("invalid_request");
    expect(answer.body.error_description).toContain("config, source");
  },
);
