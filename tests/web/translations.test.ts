import { expect, test } from "vitest";
import type { Note } from "../../src/notes/note.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { MAX_TRANSLATION_KEY_LENGTH, MAX_TRANSLATIONS, translationKeyOf } from "../../src/notes/translations.ts";
import { keepTranslationKey, listTranslatedNotes } from "../../src/notes/translations-store.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { fillIn, formTo } from "../support/forms.ts";
import { storeNotes } from "../support/stored-note.ts";

const origin = { madeBy: "admin" };

/** English, the language of the site, then German, then Arabic: each made a translation of the one before. */
async function siteInThree(): Promise<TestApp> {
  const app = await testApp();
  await createAuthor(app.ctx);
  await publishNote(app.ctx, { title: "The sea", slug: "sea", content: "x" }, origin);
  await publishNote(
    app.ctx,
    { title: "Das Meer", slug: "meer", content: "x", language: "de", translationOf: "sea" },
    origin,
  );
  await publishNote(
    app.ctx,
    { title: "البحر", slug: "bahr", content: "x", language: "ar", translationOf: `${SITE_URL}/notes/meer` },
    origin,
  );
  return app;
}

const alternates = (html: string) =>
  queryAll(html, "link[hreflang]").map(({ attributes }) => [attributes.hreflang, attributes.href]);
const alsoIn = (html: string) =>
  queryAll(html, ".also a").map((link) => [link.attributes.href, link.attributes.dir, textOf(link)]);
const GROUP = [
  ["ar", `${SITE_URL}/notes/bahr`],
  ["de", `${SITE_URL}/notes/meer`],
  ["en", `${SITE_URL}/notes/sea`],
];
const keyOf = (app: TestApp, id: number) => translationKeyOf((findNote(app.ctx.db, id) as Note).properties);

test("each of the translations leads to all others by the names that their languages have for themselves", async () => {
  const { http } = await siteInThree();

  const english = await http.get("/notes/sea").expect(200);
  const arabic = await http.get("/notes/bahr").expect(200);

  expect(alternates(english.text)).toEqual(GROUP);
  expect(alternates(arabic.text)).toEqual(GROUP);
  expect(alsoIn(english.text)).toEqual([
    ["/notes/bahr", "rtl", "العربية"],
    ["/notes/meer", "ltr", "Deutsch"],
  ]);
  expect(textOf(queryAll(english.text, ".also")[0])).toBe("Also in: العربية, Deutsch");
});

test("a note says its language and direction wherever it stands, and a note without one leaves the direction open", async () => {
  const { http } = await siteInThree();
  const said = (html: string, selector: string) =>
    queryAll(html, selector).map(({ attributes }) => [attributes.lang, attributes.dir]);

  const home = await http.get("/").expect(200);
  const arabic = await http.get("/notes/bahr").expect(200);
  const json = await http.get("/feed.json").expect(200);
  const atom = await http.get("/feed.atom").buffer(true).expect(200);

  expect(said(home.text, "h2.p-name")).toEqual([
    ["ar", "rtl"],
    ["de", "ltr"],
    ["en", "auto"],
  ]);
  expect(said(arabic.text, ".e-content")).toEqual([["ar", "rtl"]]);
  expect(json.body.items.map(({ language }: { language?: string }) => language)).toEqual(["ar", "de", undefined]);
  expect(atom.text).toContain('<entry xml:lang="ar">');
});

test("the sitemap names all translations beside each of them, and pages are translated as notes are", async () => {
  const { ctx, http } = await siteInThree();
  await publishNote(ctx, { title: "About", slug: "about", content: "x", kind: "page" }, origin);
  await publishNote(
    ctx,
    { title: "Über mich", slug: "ueber", content: "x", kind: "page", language: "de", translationOf: "/about" },
    origin,
  );

  const { text } = await http.get("/sitemap.xml").buffer(true).expect(200);
  const about = await http.get("/about").expect(200);
  const urls = text.split("<url>");

  const links = (path: string) =>
    [
      ...(urls.find((url) => url.includes(`<loc>${SITE_URL}${path}</loc>`)) ?? "").matchAll(
        /hreflang="(\w+)" href="([^"]+)"/gu,
      ),
    ].map(([, language, href]) => [language, href]);
  expect(links("/notes/sea")).toEqual(GROUP);
  expect(links("/notes/bahr")).toEqual(GROUP);
  expect(links("/about")).toEqual([
    ["de", `${SITE_URL}/ueber`],
    ["en", `${SITE_URL}/about`],
  ]);
  expect(alsoIn(about.text)).toEqual([["/ueber", "ltr", "Deutsch"]]);
});

test("only what everyone may find is led to: no draft, private, unlisted, trashed or erased translation", async () => {
  const { ctx, http } = await siteInThree();
  await saveDraft(ctx, { content: "x", language: "fr", translationOf: "sea" }, origin);
  await publishNote(ctx, { content: "x", language: "it", translationOf: "sea", visibility: "private" }, origin);
  const hidden = { content: "x", slug: "oculta", language: "es", translationOf: "sea" };
  await publishNote(ctx, { ...hidden, visibility: "unlisted" }, origin);
  const before = await http.get("/notes/sea");
  await trashNote(ctx, 2, origin);
  await eraseNote(ctx, 3);

  const after = await http.get("/notes/sea").expect(200);
  const unlisted = await http.get("/notes/oculta").expect(200);

  expect(alternates(before.text)).toEqual(GROUP);
  expect([alternates(after.text), alsoIn(after.text)]).toEqual([[], []]);
  // It leads its readers on, but robots are told of no page that is in no list.
  expect([alternates(unlisted.text), alsoIn(unlisted.text)]).toEqual([[], [["/notes/sea", "ltr", "English"]]]);
});

test("the permalinks of a group are made anew exactly when something changes that they show of each other", async () => {
  const { ctx, http } = await siteInThree();
  const etag = async () => (await http.get("/notes/sea").expect(200)).headers.etag;
  const revision = () =>
    ctx.db.get<{ revision: number }>(
      "SELECT max(revision) AS revision FROM public_changes WHERE key LIKE 'translations:%'",
    )?.revision;
  const seen = [];
  for (const change of [
    () => reviseNote(ctx, 2, { content: "other words", origin }),
    () => reviseNote(ctx, 2, { slug: "see", origin }),
    () => reviseNote(ctx, 2, { language: "nds", origin }),
    () => retractNote(ctx, 2, { origin }),
    () => reviseNote(ctx, 3, { translationOf: "", origin }),
  ]) {
    const [was, revised] = [await etag(), revision()];
    await change();
    seen.push([(await etag()) !== was, revision() !== revised]);
  }

  expect(seen).toEqual([
    [false, false],
    [true, true],
    [true, true],
    [true, true],
    [true, true],
  ]);
  expect(alsoIn((await http.get("/notes/sea")).text)).toEqual([]);
});

test("a note that joins is told of by the other one at once, whose own words stay and whose save is a revision", async () => {
  const app = await siteInThree();
  await publishNote(app.ctx, { title: "One", slug: "one", content: "x" }, origin);
  const before = await app.http.get("/notes/one");
  await publishNote(
    app.ctx,
    { title: "Eins", slug: "eins", content: "x", language: "de", translationOf: "one" },
    origin,
  );

  const after = await app.http.get("/notes/one").expect(200);

  expect([alsoIn(before.text), alsoIn(after.text)]).toEqual([[], [["/notes/eins", "ltr", "Deutsch"]]]);
  expect(keyOf(app, 4)).toBe(keyOf(app, 5));
  expect(findNote(app.ctx.db, 4)).toMatchObject({ title: "One", version: 2, updatedAt: undefined });
  expect(listRevisions(app.ctx.db, 4)).toHaveLength(2);
});

test("a note belongs to one group: it moves to another, or leaves, and the others stay together", async () => {
  const app = await siteInThree();
  await publishNote(app.ctx, { title: "One", slug: "one", content: "x" }, origin);

  await reviseNote(app.ctx, 2, { translationOf: "/notes/one", origin });
  const moved = [keyOf(app, 1), keyOf(app, 2), keyOf(app, 3), keyOf(app, 4)];
  await reviseNote(app.ctx, 2, { translationOf: "", origin });

  expect(moved[0]).toBe(moved[2]);
  expect(moved[1]).toBe(moved[3]);
  expect(moved[0]).not.toBe(moved[1]);
  expect(keyOf(app, 2)).toBeUndefined();
});

test.each([
  [{ language: "de", translationOf: "sea" }, "language", "“Das Meer” is this in Deutsch already"],
  [{ language: "", translationOf: "meer" }, "language", "“The sea” is this in English already"],
  [{ language: "fr", translationOf: "nowhere" }, "translation_of", "There is no note at “nowhere”"],
  [{ language: "fr", translationOf: "https://elsewhere.example/notes/sea" }, "translation_of", "There is no note at"],
])("what cannot be is refused, the field named (%#)", async (input, field, message) => {
  const { ctx } = await siteInThree();

  const refused = publishNote(ctx, { content: "x", ...input }, origin);

  await expect(refused).rejects.toMatchObject({ code: "invalid", field, message: expect.stringContaining(message) });
});

test("no note is a translation of itself, nor of one in the trash or erased, and none takes the language of another", async () => {
  const { ctx } = await siteInThree();
  await storeNotes(ctx, [
    { slug: "trashed", status: "trashed", restoreStatus: "draft" },
    { slug: "erased", status: "erased" },
  ]);
  const refusal = (changes: object) =>
    reviseNote(ctx, 1, { ...changes, origin }).catch(({ field, message }) => `${field}: ${message}`);

  expect(await refusal({ translationOf: "sea" })).toContain("translation_of: This note itself is at “sea”");
  expect(await refusal({ translationOf: "trashed" })).toContain(
    "translation_of: The note at “trashed” is in the trash",
  );
  expect(await refusal({ translationOf: "erased" })).toContain("translation_of: There is no note at");
  expect(await refusal({ language: "de" })).toContain("language: “Das Meer” is this in Deutsch");
});

test("of two that came to the same language, out of the trash, the first is shown, and both can be saved", async () => {
  const { ctx, http } = await siteInThree();
  await trashNote(ctx, 2, origin);
  await publishNote(
    ctx,
    { title: "Anders", slug: "anders", content: "x", language: "de", translationOf: "sea" },
    origin,
  );
  await restoreNote(ctx, 2, origin);

  const { text } = await http.get("/notes/sea");
  await reviseNote(ctx, 2, { content: "y", origin });

  expect(alsoIn(text)[1]).toEqual(["/notes/meer", "ltr", "Deutsch"]);
});

test("the editor has a field for it, shows what is wrong, and Translate begins a note that is linked already", async () => {
  const app = await testApp();
  await logInAgent(app);
  const { http, ctx } = app;
  const page = { path: "/admin/notes/new", action: "/admin/notes" };
  await fillIn(http, page, { title: "The sea", content: "x", tags: "Water", slug: "sea" });

  const link = queryAll((await http.get("/admin/notes/1")).text, ".aside-actions a").find(
    (each) => textOf(each) === "Translate",
  );
  const translate = { path: link?.attributes.href ?? "", action: "/admin/notes" };
  const begun = formTo((await http.get(translate.path)).text, "/admin/notes").fields;
  const refused = await fillIn(http, translate, { title: "Das Meer" });
  await fillIn(http, translate, { title: "Das Meer", language: "de", action: "save_draft" });
  const first = await http.get("/admin/notes/1");
  const fields = formTo(first.text, "/admin/notes/1").fields;
  await fillIn(http, { path: "/admin/notes/1", action: "/admin/notes/1" }, { translation_of: "" });

  expect(begun).toMatchObject({
    title: "The sea",
    tags: "Water",
    slug: "",
    language: "",
    translation_of: "sea",
    version: "0",
  });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("“The sea” is this in English already");
  expect(formTo(refused.text, "/admin/notes").fields).toMatchObject({ title: "Das Meer", translation_of: "sea" });
  expect(findNote(ctx.db, 2)).toMatchObject({ status: "draft", language: "de" });
  expect(fields.translation_of).toBe("das-meer");
  expect(first.text).toContain("Deutsch<span");
  expect([keyOf(app, 1), typeof keyOf(app, 2)]).toEqual([undefined, "string"]);
});

test("a note that was given a translation while it was open in an editor keeps it, and what was typed", async () => {
  const app = await testApp();
  await logInAgent(app);
  const { http, ctx } = app;
  await publishNote(ctx, { title: "The sea", slug: "sea", content: "x" }, origin);
  const open = formTo((await http.get("/admin/notes/1")).text, "/admin/notes/1");
  await publishNote(
    ctx,
    { title: "Das Meer", slug: "meer", content: "x", language: "de", translationOf: "sea" },
    origin,
  );

  await http
    .post("/admin/notes/1")
    .type("form")
    .send({ ...open.fields, content: "typed" })
    .expect(303);

  expect(findNote(ctx.db, 1)?.content).toBe("typed");
  expect(alsoIn((await http.get("/notes/sea")).text)).toEqual([["/notes/meer", "ltr", "Deutsch"]]);
});

test.each([
  [{ "translation-key": ["a".repeat(MAX_TRANSLATION_KEY_LENGTH)] }, "a".repeat(MAX_TRANSLATION_KEY_LENGTH)],
  [{ "translation-key": ["a".repeat(MAX_TRANSLATION_KEY_LENGTH + 1)] }, undefined],
  [{ translationKey: [" about "] }, "about"],
  [{ "translation-key": [7] }, undefined],
  [{}, undefined],
])("whatever an app says of a group, it names one or none (%#)", (properties, key) => {
  expect(translationKeyOf(properties)).toBe(key);
});

test("a group has as many notes as its limit", async () => {
  const { ctx } = await testApp();
  const languages = Array.from({ length: MAX_TRANSLATIONS + 1 }, (_, index) => `x-l${index}`);
  const notes = await storeNotes(
    ctx,
    languages.map((language, index) => ({
      language: index < MAX_TRANSLATIONS ? language : undefined,
      properties: { "translation-key": ["k"] },
      slug: `n${index}`,
    })),
  );
  await ctx.db.write(() => {
    for (const { id } of notes) keepTranslationKey(ctx.db, id, "k");
  });

  expect(listTranslatedNotes(ctx.db, "k")).toHaveLength(MAX_TRANSLATIONS);
  await expect(publishNote(ctx, { content: "x", language: "fr", translationOf: "n0" }, origin)).rejects.toMatchObject({
    field: "translation_of",
    message: expect.stringContaining(`at most ${MAX_TRANSLATIONS}`),
  });
});
