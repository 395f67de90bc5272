import { expect, test } from "vitest";
import { importStatic } from "../support/static-module.ts";

type Option = { name: string; url?: string };

const { suggest, tokenAt } = await importStatic<{
  suggest: (all: Option[], word: string) => Option[];
  tokenAt: (state: { text: string; start: number; end: number }) => { sign: string; word: string } | undefined;
}>("editor-complete.js");
const { countIn } = await importStatic<{ countIn: (text: string) => { words: number; characters: number } }>(
  "editor-count.js",
);
const { between, findBlocks } = await importStatic<{
  between: (anchors: { text: number; shown: number }[], place: { at: number; from: string; to: string }) => number;
  findBlocks: (text: string, blocks: string[]) => number[];
}>("editor-scroll.js");

test.each([
  ["about #ti", "#ti"],
  ["#ti", "#ti"],
  ["with @ad", "@ad"],
  ["with @", "@"],
  ["(#ti", "#ti"],
  ["#Größe", "#Größe"],
  ["#", undefined],
  ["## Heading", undefined],
  ["https://x.example/#ti", undefined],
  ["ada@ex", undefined],
  ["`#ti", undefined],
  ["```\n#ti", undefined],
  ["#ti ", undefined],
])("of %j what is being typed is %j", (text, expected) => {
  const token = tokenAt({ text, start: text.length, end: text.length });

  expect(token && token.sign + token.word).toBe(expected);
});

test("suggestions begin as typed, in any word of theirs, whatever case and accents, and there are eight at most", () => {
  const names = ["web", "indie-web", "Über", "Ada Webster", ...Array.from({ length: 9 }, (_, each) => `w${each}`)];
  const all = names.map((name) => ({ name }));

  const found = (word: string) => suggest(all, word).map(({ name }) => name);

  expect(found("WEB")).toEqual(["web", "indie-web", "Ada Webster"]);
  expect(found("ub")).toEqual(["Über"]);
  expect(found("w")).toHaveLength(8);
});

test.each([
  ["", 0, 0],
  ["One two", 2, 7],
  ["**One** [two](x)", 3, 16],
  ["It’s e-mail 🎉", 3, 13],
  ["今天天气很好", 3, 6],
])("of %j words and characters are counted as %i and %i", (text, words, characters) => {
  expect(countIn(text)).toEqual({ words, characters });
});

test("blocks of the preview are found in the text, whatever marks stand between, and never before the one before", () => {
  const text =
    "# A **bold** title\n\nSame words here.\n\n> [!NOTE]\n> Same words here.\n\n![](x.png)\n\nEnd of [it](https://x.example/).";

  const found = findBlocks(text, [
    "A bold title",
    "Same words here.",
    "NoteSame words here.",
    "",
    "End of it.",
    "Not there",
  ]);

  expect(found).toEqual([2, 20, text.indexOf("NOTE"), -1, text.indexOf("End"), -1]);
});

test("a place between two known ones lies between them on the other side, in the same share", () => {
  const anchors = [
    { text: 0, shown: 0 },
    { text: 100, shown: 300 },
    { text: 200, shown: 320 },
  ];
  const shown = (at: number) => between(anchors, { at, from: "text", to: "shown" });

  expect([0, 50, 100, 150, 200, 999].map(shown)).toEqual([0, 150, 300, 310, 320, 320]);
  expect(between(anchors, { at: 150, from: "shown", to: "text" })).toBe(50);
});
