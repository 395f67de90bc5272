import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";

async function client() {
  const app = await testApp();
  await createAuthor(app.ctx);
  const { token } = await createToken(app.ctx, { scope: "create update", clientId: "https://app.example/" });
  const authorization = `Bearer ${token}`;
  return {
    ...app,
    post: () => app.http.post("/micropub").set("Authorization", authorization),
    async source(url: string | undefined): Promise<Record<string, unknown[]>> {
      const asked = app.http.get("/micropub").query({ q: "source", url }).set("Authorization", authorization);
      return (await asked.expect(200)).body.properties;
    },
  };
}

test("an app says the language of a post and what it translates, and both come back", async () => {
  const { ctx, http, post, source } = await client();
  await publishNote(ctx, { title: "The sea", slug: "sea", content: "x" }, { madeBy: "admin" });
  const sea = `${SITE_URL}/notes/sea`;

  const german = await post()
    .type("form")
    .send({ content: "Das Meer", language: "DE", "translation-of": sea })
    .expect(201);
  const french = await post().type("form").send({ content: "La mer", "mp-lang": "fr" }).expect(201);
  const replace = { "translation-of": [german.headers.location] };
  await post().send({ action: "update", url: french.headers.location, replace }).expect(204);
  const sources = [await source(sea), await source(german.headers.location), await source(french.headers.location)];

  expect(sources.map(({ language }) => language)).toEqual([undefined, ["de"], ["fr"]]);
  expect(new Set(sources.map((properties) => String(properties["translation-key"]))).size).toBe(1);
  expect(sources[0]?.["translation-key"]).toHaveLength(1);
  expect((await http.get("/notes/sea")).text).toContain('hreflang="fr"');
});

test("a second post of a language, and a post at an address that is none, are refused by name", async () => {
  const { ctx, post } = await client();
  await publishNote(ctx, { title: "The sea", slug: "sea", content: "x" }, { madeBy: "admin" });
  const refused = (fields: object) =>
    post()
      .type("form")
      .send({ content: "x", ...fields })
      .expect(400);

  const second = await refused({ "translation-of": `${SITE_URL}/notes/sea` });
  const nowhere = await refused({ "translation-of": "https://elsewhere.example/notes/sea" });
  const wrong = await refused({ "mp-lang": "no language" });

  expect(second.body.error_description).toContain("is this in English already");
  expect(nowhere.body.error_description).toContain("There is no note at");
  expect(wrong.body.error_description).toContain("is no language tag");
});

test("an app that may change no posts makes none a translation of another, and learns nothing of what it may not read", async () => {
  const { ctx, http, post } = await client();
  await saveDraft(ctx, { title: "Secret", slug: "sea", content: "x" }, { madeBy: "admin" });
  const { token } = await createToken(ctx, { scope: "create", clientId: "https://app.example/" });
  const fields = { content: "x", "translation-of": `${SITE_URL}/notes/sea` };

  const refused = await http.post("/micropub").set("Authorization", `Bearer ${token}`).type("form").send(fields);
  const taken = await post().type("form").send(fields).expect(400);

  expect([refused.status, refused.body.error]).toEqual([401, "insufficient_scope"]);
  expect(taken.body.error_description).toContain("Another note that not everyone may find is this in English");
});

test("an app that takes the key away takes the post out of its group", async () => {
  const { ctx, http, post } = await client();
  await publishNote(ctx, { title: "The sea", slug: "sea", content: "x" }, { madeBy: "admin" });
  await publishNote(ctx, { content: "x", slug: "meer", language: "de", translationOf: "sea" }, { madeBy: "admin" });

  await post()
    .send({ action: "update", url: `${SITE_URL}/notes/meer`, delete: ["translation-key"] })
    .expect(204);

  expect((await http.get("/notes/sea")).text).not.toContain("hreflang");
});
