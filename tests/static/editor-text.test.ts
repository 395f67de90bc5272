import { expect, test } from "vitest";
import { importStatic } from "../support/static-module.ts";

type State = { text: string; start: number; end: number };
type Edit = { from: number; to: number; insert: string; select: [number, number] } | undefined;

const { FORMATS, pasteUrl } = await importStatic<{
  FORMATS: Record<string, (state: State) => Edit>;
  pasteUrl: (state: State, pasted: string) => Edit;
}>("editor-text.js");
const { continueLine, indent, isInFence } = await importStatic<{
  continueLine: (state: State) => Edit;
  indent: (state: State, isOut: boolean) => Edit;
  isInFence: (text: string, position: number) => boolean;
}>("editor-lines.js");

/** A text in which `|` is the caret, or `‹…›` the selection. */
function read(marked: string): State {
  const text = marked.replace(/[|‹›]/gu, "");
  const start = marked.search(/[|‹]/u);
  return { text, start, end: marked.includes("›") ? marked.indexOf("›") - 1 : start };
}

/** The text after an edit, written the same way; undefined where there is none. */
function after({ text }: State, edit: Edit): string | undefined {
  if (edit === undefined) return undefined;
  const changed = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
  const [start, end] = edit.select;
  if (start === end) return `${changed.slice(0, start)}|${changed.slice(start)}`;
  return `${changed.slice(0, start)}‹${changed.slice(start, end)}›${changed.slice(end)}`;
}

test.each([
  ["bold", "a ‹word› b", "a **‹word›** b"],
  ["bold", "a ‹word › b", "a **‹word›**  b"],
  ["bold", "a wo|rd b", "a **wo|rd** b"],
  ["bold", "a **‹word›** b", "a ‹word› b"],
  ["bold", "a **wo|rd** b", "a wo|rd b"],
  ["bold", "a **word|** b", "a **word**| b"],
  ["bold", "|", "**|**"],
  ["bold", "‹- one\n- two›", "‹- **one**\n- **two**›"],
  ["italic", "a ‹word› b", "a _‹word›_ b"],
  ["italic", "w‹or›d", "w*‹or›*d"],
  ["italic", "**‹x›**", "**_‹x›_**"],
  ["italic", "***‹x›***", "**‹x›**"],
  ["code", "‹a›", "`‹a›`"],
  ["code", "‹a\nb›", "```|\na\nb\n```"],
  ["code", "‹```\nb›", "````|\n```\nb\n````"],
  ["link", "‹a b›", "[a b](‹https://›)"],
  ["link", "wo|rd", "[word](‹https://›)"],
  ["link", "|", "[|](https://)"],
  ["link", "‹https://a.example/›", "[|](https://a.example/)"],
  ["heading", "a|b", "## a|b"],
  ["heading", "## a|b", "### a|b"],
  ["heading", "### a|b", "a|b"],
  ["quote", "a|b", "> a|b"],
  ["quote", "> a|b", "a|b"],
  ["quote", "‹a\n\nb›", "‹> a\n>\n> b›"],
  ["bullets", "a|b", "- a|b"],
  ["bullets", "- a|b", "a|b"],
  ["bullets", "1. a|b", "- a|b"],
  ["bullets", "|", "- |"],
  ["numbers", "‹a\n\nb›", "‹1. a\n\n2. b›"],
  ["numbers", "- a|b", "1. a|b"],
  ["tasks", "- a|b", "- [ ] a|b"],
  ["tasks", "- [x] a|b", "a|b"],
])("%s makes %j to %j", (command, before, expected) => {
  const state = read(before);

  expect(after(state, FORMATS[command]?.(state))).toBe(expected);
});

test.each([
  ["- a|", "- a\n- |"],
  ["* a|", "* a\n* |"],
  ["1. a|b", "1. a\n2. |b"],
  ["9) a|", "9) a\n10) |"],
  ["- [x] a|", "- [x] a\n- [ ] |"],
  ["> a|", "> a\n> |"],
  ["> - a|", "> - a\n> - |"],
  ["  - x|", "  - x\n  - |"],
  ["- a| b", "- a\n- |b"],
  ["- a\n- |", "- a\n|"],
  ["- [ ] |", "|"],
  ["> |", "|"],
  ["> - |", "> |"],
  ["- a\n  - |", "- a\n- |"],
  ["1. a\n   - |", "1. a\n2. |"],
  ["plain|", undefined],
  ["* * *|", undefined],
  ["|- a", undefined],
  ["‹- a›", undefined],
  ["```\n- a|", undefined],
])("Enter makes %j to %j", (before, expected) => {
  const state = read(before);

  expect(after(state, continueLine(state))).toBe(expected);
});

test.each([
  ["- a\n- b|", "- a\n  - b|"],
  ["1. a\n2. b|", "1. a\n   1. b|"],
  ["- a\n  - b\n  - c|", "- a\n  - b\n    - c|"],
  ["‹a\nb›", "‹  a\n  b›"],
  ["plain|", undefined],
  ["|", undefined],
])("Tab makes %j to %j", (before, expected) => {
  const state = read(before);

  expect(after(state, indent(state, false))).toBe(expected);
});

test.each([
  ["- a\n  - b|", "- a\n- b|"],
  ["1. a\n   1. b|", "1. a\n1. b|"],
  ["‹  a\n  b›", "‹a\nb›"],
  ["- b|", undefined],
  ["plain|", undefined],
])("Shift+Tab makes %j to %j", (before, expected) => {
  const state = read(before);

  expect(after(state, indent(state, true))).toBe(expected);
});

test.each([
  ["‹a b›", "https://x.example/", "[a b](https://x.example/)|"],
  ["‹a›", "https://x.example/(z)", "[a](https://x.example/(z))|"],
  ["‹a›", "https://x.example/z)", "[a](<https://x.example/z)>)|"],
  ["‹a›", "mailto:ada@x.example", "[a](mailto:ada@x.example)|"],
  ["‹https://old.example/›", "https://x.example/", undefined],
  ["[a](‹b›)", "https://x.example/", undefined],
  ["```\n‹a›", "https://x.example/", undefined],
  ["|", "https://x.example/", undefined],
  ["‹a›", "two words", undefined],
  ["‹a›", "javascript:alert(1)", undefined],
])("onto %j the pasted %j makes %j", (before, pasted, expected) => {
  const state = read(before);

  expect(after(state, pasteUrl(state, pasted))).toBe(expected);
});

test("a fence is closed by one that is as long, of the same sign", () => {
  const text = "````\n```\n~~~~\n````\nafter";

  expect([isInFence(text, 6), isInFence(text, 12), isInFence(text, text.length)]).toEqual([true, true, false]);
});
