import { expect, test } from "vitest";
import { updateCitation } from "../../src/notes/citation-store.ts";
import { findPeople, listPeople, MAX_NAME_WORDS, MAX_NOTES_FOR_PEOPLE, MAX_PEOPLE } from "../../src/notes/people.ts";
import { MAX_LOOKED_AT_LENGTH } from "../../src/notes/people-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { testContext } from "../support/context.ts";
import { storeNotes } from "../support/stored-note.ts";

const ADMIN = { madeBy: "admin" };
const WORDS = Array.from({ length: MAX_NAME_WORDS }, () => "Ada").join(" ");

test.each([
  ["[@ada](https://social.example/people/7)", [{ name: "ada", url: "https://social.example/people/7" }]],
  ["[Ada L.](https://ada.example/)", [{ name: "Ada L.", url: "https://ada.example/" }]],
  ["[Ada](https://ada.example)", [{ name: "Ada", url: "https://ada.example" }]],
  ["[Ada](https://social.example/@ada)", [{ name: "Ada", url: "https://social.example/@ada" }]],
  [`[${WORDS}](https://ada.example/)`, [{ name: WORDS, url: "https://ada.example/" }]],
  [`[${WORDS} Ada](https://ada.example/)`, []],
  ["[a page](https://ada.example/page)", []],
  ["![Ada](https://ada.example/)", []],
  ["[`code`](https://ada.example/)", []],
  ["[@](https://ada.example/)", []],
])("the people of %j", (text, people) => {
  expect(findPeople(text)).toEqual(people);
});

test("people come by how often they are linked to, each once, under the newest name, from drafts too, not from the trash", async () => {
  const { ctx, clock } = await testContext();
  const write = async (content: string) => {
    clock.advance(60);
    return await saveDraft(ctx, { content }, ADMIN);
  };
  await write("[Bo](https://bo.example/)");
  await write("[Ada](https://www.ada.example/)");
  await write("[Ada L.](http://ada.example) and [@cy](https://cy.example/x)");
  const gone = await write("[Di](https://di.example/)");
  await trashNote(ctx, gone.id, ADMIN);

  expect(listPeople(ctx).map(({ name }) => name)).toEqual(["Ada L.", "cy", "Bo"]);
});

test("authors of pages that notes answer or like are people too, unless their names would break a link", async () => {
  const { ctx, clock } = await testContext();
  const answer = async (name: string, url: string) => {
    clock.advance(60);
    const page = `${url}post-${name.length}`;
    await publishNote(ctx, { content: "Indeed", properties: { "in-reply-to": [page] } }, ADMIN);
    const facts = { title: undefined, authorName: name, authorUrl: url, excerpt: undefined, language: undefined };
    await ctx.db.write(() => updateCitation(ctx.db, { url: page, ...facts }, ctx.clock()));
  };
  await answer("Bo", "https://bo.example/");
  await answer("Eve](https://evil.example/", "https://eve.example/");
  await answer("Dan", "https://dan.example/)(");
  await answer("Ada Lovelace", "https://ada.example/");
  await saveDraft(ctx, { content: "[Ada](https://ada.example)" }, ADMIN);

  expect(listPeople(ctx)).toEqual([
    { name: "Ada", url: "https://ada.example" },
    { name: "Bo", url: "https://bo.example/" },
  ]);
});

test("only so many notes, and so much of each, are looked through", async () => {
  const { ctx, clock } = await testContext();
  const far = `${"x".repeat(MAX_LOOKED_AT_LENGTH)}[Far](https://far.example/)`;
  const near = `${"x ".repeat(100)}[Near](https://near.example/)`;
  await publishNote(ctx, { content: "[Old](https://old.example/)" }, ADMIN);
  clock.advance(60);
  await publishNote(ctx, { content: near }, ADMIN);
  await publishNote(ctx, { content: far }, ADMIN);
  const before = listPeople(ctx).map(({ name }) => name);
  clock.advance(60);
  const fill = (count: number) =>
    storeNotes(
      ctx,
      Array.from({ length: count }, () => ({})),
    );
  await fill(MAX_NOTES_FOR_PEOPLE - 3);
  const full = listPeople(ctx).map(({ name }) => name);
  await fill(1);

  expect(before).toEqual(["Near", "Old"]);
  expect(full).toEqual(["Near", "Old"]);
  expect(listPeople(ctx).map(({ name }) => name)).toEqual(["Near"]);
});

test("no more people are found than can be suggested", async () => {
  const { ctx } = await testContext();
  const links = (count: number) =>
    Array.from({ length: count }, (_, each) => `[P${each}](https://p${each}.example/)`).join(" ");
  await saveDraft(ctx, { content: links(MAX_PEOPLE) }, ADMIN);
  const all = listPeople(ctx).length;
  await saveDraft(ctx, { content: links(MAX_PEOPLE + 1) }, ADMIN);

  expect([all, listPeople(ctx).length]).toEqual([MAX_PEOPLE, MAX_PEOPLE]);
});
