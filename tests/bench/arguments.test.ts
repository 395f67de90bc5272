import { expect, test } from "vitest";
import { HELP, parseArguments } from "../../bench/arguments.ts";
import { PARTS } from "../../bench/parts/parts.ts";
import { FULL, interleave, QUICK } from "../../bench/plan.ts";

test("without a word everything is measured in full, and nothing is written", () => {
  expect(parseArguments([])).toEqual({
    plan: FULL,
    parts: PARTS.map(({ name }) => name),
    isWritten: false,
    isHelp: false,
  });
});

test("parts and sets can be named, repeatedly or with commas, and run in their own order", () => {
  const { plan, parts } = parseArguments(["--quick", "--only", "publish,home", "--only=miss", "--sets", "corpus,100"]);

  expect(parts).toEqual(["home", "miss", "publish"]);
  expect(plan).toEqual({ ...QUICK, loaded: ["100", "corpus"] });
});

test.each([
  [["--only", "homes"], 'There is no part "homes". There are permalink, '],
  [["--sets", "12"], 'There is no set "12". There are 100, '],
  [["--fast"], "--fast"],
])("wrong words are refused by name: %j", (words, sentence) => {
  expect(() => parseArguments(words)).toThrow(sentence);
});

test("the help names every part", () => {
  expect(PARTS.filter(({ name }) => !HELP.includes(name))).toEqual([]);
});

test("servers are measured in alternating order, A B, B A, A B", async () => {
  const order: string[] = [];

  await interleave(["A", "B"], 3, async (name, round) => {
    order.push(`${name}${round}`);
  });

  expect(order).toEqual(["A0", "B0", "B1", "A1", "A2", "B2"]);
});
