import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { median } from "../../bench/figures.ts";
import { generateNote } from "../../bench/sets/generate-note.ts";
import { createRandom, sample } from "../../bench/sets/random.ts";
import { SEARCHED_WORDS } from "../../bench/sets/words.ts";

const NOTES = Array.from({ length: 1_000 }, (_, index) => generateNote(index));

test("the same number always makes the same note, on every machine and in every order", () => {
  const again = [999, 3, 500].map(generateNote);

  expect(again).toEqual([NOTES[999], NOTES[3], NOTES[500]]);
  expect(createHash("sha256").update(JSON.stringify(NOTES)).digest("hex").slice(0, 12)).toBe("5ec4359553a6");
});

test("notes have a median of 292 characters, a tenth of them articles of 4 KB with a title and code", () => {
  const articles = NOTES.filter(({ title }) => title !== undefined);

  expect(median(NOTES.map(({ content }) => content.length))).toBeGreaterThan(285);
  expect(median(NOTES.map(({ content }) => content.length))).toBeLessThan(300);
  expect(articles).toHaveLength(100);
  expect(median(articles.map(({ content }) => content.length)) / 4_000).toBeCloseTo(1, 1);
  expect(articles.filter(({ content }) => !content.includes("```js\n"))).toEqual([]);
});

test("each note is published later than the one before, and no link or image leads to another site", () => {
  const times = NOTES.map(({ publishedAt }) => publishedAt);

  expect(times).toEqual(times.toSorted());
  expect(new Set(times).size).toBe(NOTES.length);
  expect(NOTES.filter(({ content }) => /https?:|!\[|\/\//.test(content.replace(/; \/\/| \/\/ /g, "")))).toEqual([]);
});

test("every word that is searched for fills a page of hits in the usual set already", () => {
  const counts = SEARCHED_WORDS.map((word) => NOTES.filter(({ content }) => content.includes(word)).length);

  expect(SEARCHED_WORDS.length).toBeGreaterThan(20);
  expect(Math.min(...counts)).toBeGreaterThan(50);
});

test("a sample has so many different entries, always the same ones, and all where there are no more", () => {
  const list = Array.from({ length: 50 }, (_, index) => index);

  const chosen = sample(createRandom(7), list, 20);

  expect(chosen).toHaveLength(20);
  expect(new Set(chosen).size).toBe(20);
  expect(sample(createRandom(7), list, 20)).toEqual(chosen);
  expect(sample(createRandom(7), list, 80)).toEqual(list);
});
