import fc from "fast-check";
import { expect, test } from "vitest";
import { countChanges } from "../../src/lib/nearest.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { findListedNotes, findWrittenNotes } from "../../src/search/search-aside.ts";
import { findSimilarWords } from "../../src/search/similar-words.ts";
import { MAX_REPLACED_WORDS, MIN_SUGGESTED_LENGTH, SUGGESTION_READS } from "../../src/search/suggest.ts";
import { testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };

async function contextWith(...contents: string[]) {
  const { ctx } = await testContext();
  for (const content of contents) await publishNote(ctx, { content }, AUTHOR);
  return ctx;
}

test.each([
  ["harbuor", "harbour"],
  ["HARBOR", "harbour"],
  ["the abrour", undefined],
  ["quiet harbourr", "quiet harbour"],
  ['"quite harbour"', '"quiet harbour"'],
  ["quieet haarbour kind:note", "quiet harbour kind:note"],
  ["lightouses", "lighthouse"],
  ["Крём", "крем"],
  ["cremme", "creme"],
  ["zebra", undefined],
  ["harbour storm", undefined],
  ["東", undefined],
])("for %j, which finds nothing, %j is suggested", async (query, suggestion) => {
  const ctx = await contextWith("A quiet harbour", "lighthouse", "Крем", "Crème");

  expect(await findListedNotes(ctx.db, query)).toMatchObject({ hits: [], suggestion });
});

test("nothing is suggested where something was found, nor from what only the author may read", async () => {
  const ctx = await contextWith("harbour harbuor");
  await publishNote(ctx, { content: "secretive", visibility: "private" }, AUTHOR);

  expect((await findListedNotes(ctx.db, "harbuor")).suggestion).toBeUndefined();
  expect((await findListedNotes(ctx.db, "secretivee")).suggestion).toBeUndefined();
  expect((await findWrittenNotes(ctx.db, "harbourx")).suggestion).toBe("harbour");
});

test("of words that are equally similar the more frequent one is suggested", async () => {
  const ctx = await contextWith("barn", "bark", "bark", "barb");

  expect((await findListedNotes(ctx.db, "barx")).suggestion).toBe("bark");
});

test("short words stay, and no more than the limit are replaced", async () => {
  const words = Array.from({ length: MAX_REPLACED_WORDS + 1 }, (_, index) => "abcd".charAt(index).repeat(5));
  const ctx = await contextWith(words.join(" "), "x".repeat(MIN_SUGGESTED_LENGTH - 1));
  const wrong = words.map((word) => `${word}z`);

  const most = (await findListedNotes(ctx.db, wrong.slice(0, -1).join(" "))).suggestion;
  const more = (await findListedNotes(ctx.db, wrong.join(" "))).suggestion;
  const short = (await findListedNotes(ctx.db, `${"x".repeat(MIN_SUGGESTED_LENGTH - 2)}y`)).suggestion;

  expect([most, more, short]).toEqual([words.slice(0, -1).join(" "), undefined, undefined]);
});

test("all similar words of a vocabulary are found, and no others, until the budget ends", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), minLength: 1, maxLength: 6 });
  const property = fc.property(
    word,
    fc.uniqueArray(word),
    fc.integer({ min: 1, max: 2 }),
    (typed, words, changesMax) => {
      const budget = { left: 10_000 };
      const found = findSimilarWords(typed, vocabulary(words), { changesMax, budget });
      const right = words.filter((each) => countChanges(typed, each) <= changesMax);
      expect(new Set(found)).toEqual(new Set(right));
      expect(found).toHaveLength(right.length);
    },
  );

  fc.assert(property, { numRuns: 300 });
});

test("no more words are read than the budget allows", () => {
  const words = Array.from({ length: 5000 }, (_, index) => index.toString(36).padStart(3, "k"));
  const budget = { left: SUGGESTION_READS };
  let reads = 0;
  const wordFrom = vocabulary(words);

  findSimilarWords(
    "kkkkkkk",
    (from) => {
      reads += 1;
      return wordFrom(from);
    },
    { changesMax: 6, budget },
  );

  expect([reads, budget.left]).toEqual([SUGGESTION_READS, 0]);
});

function vocabulary(words: readonly string[]) {
  const sorted = [...words].sort();
  return (from: string) => sorted.find((word) => word >= from);
}
