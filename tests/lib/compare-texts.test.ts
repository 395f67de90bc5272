import { expect, test } from "vitest";
import type { ComparedLine, ComparedRow } from "../../src/lib/compare-texts.ts";
import { compareTexts, MAX_COMPARED_ROWS, MAX_LINE_WORDS } from "../../src/lib/compare-texts.ts";

test("two texts that are alike have no rows", () => {
  expect(compareTexts("One\nTwo", "One\nTwo")).toEqual([]);
});

test("a line in which words changed has exactly these marked, on both sides", () => {
  const rows = compareTexts("The tide comes in.", "The storm comes in.") ?? [];

  expect(rows.map(show)).toEqual(["-1 The [tide] comes in. | +1 The [storm] comes in."]);
});

test("lines that have nothing in common are marked as a whole", () => {
  expect(compareTexts("abc", "xyz")?.map(show)).toEqual(["-1 abc | +1 xyz"]);
});

test("in Chinese, single characters are marked", () => {
  expect(compareTexts("我喜欢大海和海风", "我喜欢大山和海风")?.map(show)).toEqual([
    "-1 我喜欢大[海]和海风 | +1 我喜欢大[山]和海风",
  ]);
});

test("three lines around a change are shown, and what lies further is counted", () => {
  const before = lines(20);
  const after = before.with(9, "new").toSpliced(15, 0, "more");

  const rows = compareTexts(before.join("\n"), after.join("\n")) ?? [];

  expect(rows.map(show)).toEqual([
    "(6)",
    "7/7 line 7",
    "8/8 line 8",
    "9/9 line 9",
    "-10 line 10 | +10 new",
    "11/11 line 11",
    "12/12 line 12",
    "13/13 line 13",
    "14/14 line 14",
    "15/15 line 15",
    " | +16 more",
    "16/17 line 16",
    "17/18 line 17",
    "18/19 line 18",
    "(2)",
  ]);
});

test("a comparison of more rows than fit is none", () => {
  const fits = lines(MAX_COMPARED_ROWS - 6).map((line) => `new ${line}`);

  expect(compareTexts("", fits.join("\n"))).toHaveLength(fits.length);
  expect(compareTexts("", [...fits, "one more"].join("\n"))).toBeUndefined();
});

test("in a line with more words than are compared, none is marked", () => {
  const words = "a ".repeat(MAX_LINE_WORDS / 2 - 1);

  expect(compareTexts(`${words}x `, `${words}y `)?.map(show)[0]).toContain("[x]");
  expect(compareTexts(`${words}x y`, `${words}y y`)?.map(show)[0]).not.toContain("[");
});

test("two texts of 256 KB without a line in common are too different", () => {
  const [before, after] = ["a", "b"].map((letter) =>
    Array.from({ length: 64 * 1024 }, (_, index) => `${letter}${index % 1_000}`).join("\n"),
  );

  expect(compareTexts(before ?? "", after ?? "")).toBeUndefined();
});

function lines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}`);
}

function show(row: ComparedRow): string {
  if (row.kind === "gap") return `(${row.lines})`;
  if (row.kind === "same") return `${row.before.number}/${row.after.number} ${textOf(row.before)}`;
  return `${side("-", row.before)} | ${side("+", row.after)}`;
}

function side(sign: string, line: ComparedLine | undefined): string {
  return line === undefined ? "" : `${sign}${line.number} ${textOf(line)}`;
}

function textOf(line: ComparedLine): string {
  return line.pieces.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join("");
}
