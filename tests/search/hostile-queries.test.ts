import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { findListedNotes, findWrittenNotes } from "../../src/search/search-aside.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { testApp } from "../support/app.ts";
import { testContext } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";

const AUTHOR = { madeBy: "admin" };

/** What FTS5's own grammar is made of, what ours is made of, and words that notes have. */
const TOKENS = [
  ...[
    "AND",
    "OR",
    "NOT",
    "NEAR(",
    "NEAR/3",
    "(",
    ")",
    "{",
    "}",
    "{title text}",
    "title :",
    "tags:",
    "^",
    "*",
    "+",
    "-",
    '"',
  ],
  ...[
    '""',
    '"""',
    "'",
    "\\",
    "\0",
    ":",
    "::",
    ",",
    ";",
    "--",
    "/*",
    "rank",
    "rowid",
    "bm25(1)",
    "note_search",
    "?1",
    ":match",
  ],
  ...[
    "tag:",
    "kind:",
    "year:",
    "-tag:x",
    "kind:photo",
    "year:2026",
    'tag:"a b"',
    "year:0000",
    "harbour",
    "har*",
    '"quiet sea"*',
  ],
  ...[
    "東",
    "ก",
    "京都",
    "é",
    "e\u0301",
    "\u0301",
    "\ud800",
    "\udc00",
    "🎉",
    "\u202e",
    "ﬁ",
    "ß",
    "İ",
    "\ufeff",
    "\u00ad",
  ],
];

const sentence = fc
  .array(fc.tuple(fc.constantFrom(...TOKENS), fc.constantFrom("", " ")), { maxLength: 25 })
  .map((parts) => parts.flat().join(""));
const place = fc.constantFrom(
  undefined,
  "",
  "x",
  "20260301T093000000-1",
  "0000000000000000-1",
  "99999999999999999999-1",
);
const asked = fc.record({
  text: fc.oneof(
    sentence,
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme", maxLength: 300 }),
  ),
  order: fc.constantFrom("newest" as const, "relevance" as const),
  before: place,
  after: place,
});

type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

async function filledContext(): Promise<Context> {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "quiet sea at the harbour 東京塔", tags: ["a b"] }, AUTHOR);
  await publishNote(ctx, { content: "<b>loud</b> \" ' & * harbour", title: "AND OR NOT" }, AUTHOR);
  await indexNewNotes(ctx.db);
  return ctx;
}

async function searchBoth({ db }: Context, { text, ...request }: Asked): Promise<boolean> {
  const found = await findListedNotes(db, text, request);
  await findWrittenNotes(db, text, request);
  return found.hits.length <= 2;
}

test.each([
  ["whole", undefined],
  ["damaged", "UPDATE note_search_data SET block = zeroblob(length(block))"],
])("500 strings, of noise and of FTS5's grammar, fail in no search where the index is %s", async (_what, script) => {
  const ctx = await filledContext();
  if (script !== undefined) tamper(ctx.db.file, script);

  const outcome = await fc.check(
    fc.asyncProperty(asked, (search) => searchBoth(ctx, search)),
    { numRuns: 500 },
  );

  expect(outcome).toMatchObject({ failed: false });
});

test("no address of the search page fails either", async () => {
  const { ctx, http } = await testApp();
  await publishNote(ctx, { content: "quiet sea at the harbour" }, AUTHOR);
  const queries = fc.sample(asked, { numRuns: 25, seed: 7 });

  const answers = [];
  for (const { text, order } of queries) {
    const address = `/search?q=${encodeURIComponent(Buffer.from(text).toString())}&sort=${order}`;
    answers.push((await http.get(address)).status);
  }
  const wrong = (await http.get("/search?q=%ff%fe&q=x&sort[]=1&before=%00")).status;

  expect(new Set(answers)).toEqual(new Set([200]));
  expect(wrong).toBeLessThan(500);
});

test.each([
  ["我今天去了東京塔", "塔"],
  ["วันนี้อากาศดีมาก", "ก"],
  ["これはメモです", "メ"],
  ["한국은 좋다", "한국"],
  ["สวัสดี", "ส"],
  ["ພາສາລາວ", "ພ"],
])("in %j one character is enough: %j", async (content, found) => {
  const ctx = (await testContext()).ctx;
  await publishNote(ctx, { content, slug: "x" }, AUTHOR);

  expect((await findListedNotes(ctx.db, found)).hits).toHaveLength(1);
  expect((await findWrittenNotes(ctx.db, found)).hits).toHaveLength(1);
});

test("accents and case count for nothing, for readers and for the author, also after the text has changed", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "Crème brûlée in Łódź, ÅNGSTRÖM", title: "Κόσμος Øre" }, AUTHOR);
  const find = async (text: string) => [
    (await findListedNotes(ctx.db, text)).hits.length,
    (await findWrittenNotes(ctx.db, text)).hits.length,
  ];

  const before = await Promise.all(["CREME", "brulee", "angstrom", "ΚΌΣΜΟΣ", "Łódź"].map(find));
  await reviseNote(ctx, note.id, { content: "plain", origin: AUTHOR });

  expect(before).toEqual(before.map(() => [1, 1]));
  expect(await find("creme")).toEqual([0, 0]);
});
