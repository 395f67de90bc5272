import fc from "fast-check";
import { expect, test } from "vitest";
import type { Choice } from "../../src/lib/merge-texts.ts";
import { hasConflict, joinBlocks, MAX_MERGE_BLOCKS, mergeTexts } from "../../src/lib/merge-texts.ts";

const paragraph = fc.constantFrom("", "one", "two", "three", "four", "five");
const text = fc.array(paragraph, { maxLength: 12 }).map((lines) => lines.join("\n"));

test("changes of different lines are both in the merged text", () => {
  const texts = { base: "a\n\nb\n\nc", mine: "A\n\nb\n\nc", theirs: "a\n\nb\n\nC\n\nd" };

  const blocks = mergeTexts(texts);

  expect(hasConflict(blocks)).toBe(false);
  expect(join(blocks, "both")).toBe("A\n\nb\n\nC\n\nd");
});

test.each([
  ["the same line in two ways", { base: "a", mine: "b", theirs: "c" }],
  ["two lines that touch", { base: "a\nb", mine: "A\nb", theirs: "a\nB" }],
  ["a line by one, of which the other took a part away", { base: "a\nb\nc", mine: "a\nB\nc", theirs: "a" }],
  ["a line more at the same place", { base: "a", mine: "a\nb", theirs: "a\nc" }],
])("changing %s is a conflict", (_, texts) => {
  expect(hasConflict(mergeTexts(texts))).toBe(true);
});

test("the same change by both is no conflict", () => {
  expect(mergeTexts({ base: "a\nb", mine: "a\nB", theirs: "a\nB" }).map(({ kind }) => kind)).toEqual(["same", "mine"]);
});

test("what the author chooses is taken for each conflict: mine, theirs, both with a line between, or a text", () => {
  const blocks = mergeTexts({ base: "a\n\nb\n\nc\n\nd", mine: "1\n\n2\n\n3\n\n4", theirs: "5\n\n6\n\n7\n\n8" });
  const choices: Choice[] = ["mine", "theirs", "both", { text: "9\n10" }];

  const merged = joinBlocks(blocks, (conflict) => choices[conflict] ?? "mine");

  expect(merged).toBe("1\n\n6\n\n3\n\n7\n\n9\n10");
});

test("edits of lines that lie apart are merged to both, whatever they are", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("none", "mine", "theirs"), { maxLength: 20 }), (edits) => {
      const base = edits.flatMap((_, index) => [`line ${index}`, `between ${index}`]);
      const edited = (...sides: string[]) =>
        base.map((line, at) => (at % 2 === 0 && sides.includes(edits[at / 2] ?? "") ? `${line} changed` : line));

      const blocks = mergeTexts({
        base: base.join("\n"),
        mine: edited("mine").join("\n"),
        theirs: edited("theirs").join("\n"),
      });

      expect(hasConflict(blocks)).toBe(false);
      expect(join(blocks, "both")).toBe(edited("mine", "theirs").join("\n"));
    }),
  );
});

test("who keeps all of one side has that side's lines wherever both changed, and nothing else is lost", () => {
  fc.assert(
    fc.property(text, text, text, (base, mine, theirs) => {
      const blocks = mergeTexts({ base, mine, theirs });

      expect(blocks.flatMap((block) => block.mine).join("\n")).toBe(mine);
      expect(blocks.flatMap((block) => block.theirs).join("\n")).toBe(theirs);
      expect(blocks.flatMap((block) => block.base).join("\n")).toBe(base);
    }),
  );
});

test("who takes both loses no line that either side wrote", () => {
  fc.assert(
    fc.property(text, text, text, (base, mine, theirs) => {
      const merged = join(mergeTexts({ base, mine, theirs }), "both").split("\n");

      for (const side of [mine, theirs]) {
        const written = side.split("\n").filter((line) => !base.split("\n").includes(line));
        expect(written.filter((line) => !merged.includes(line))).toEqual([]);
      }
    }),
  );
});

test("an unchanged side gives the other one, and two that are alike give themselves", () => {
  fc.assert(
    fc.property(text, text, (base, other) => {
      expect(join(mergeTexts({ base, mine: base, theirs: other }), "both")).toBe(other);
      expect(join(mergeTexts({ base, mine: other, theirs: base }), "both")).toBe(other);
      expect(join(mergeTexts({ base, mine: other, theirs: other }), "both")).toBe(other);
    }),
  );
});

test("versions too different to compare are one conflict as a whole", () => {
  const [mine, theirs] = ["a", "b"].map((letter) =>
    Array.from({ length: 20_000 }, (_, at) => `${letter}${at}`).join("\n"),
  );

  const blocks = mergeTexts({ base: "x\n".repeat(20_000), mine: mine ?? "", theirs: theirs ?? "" });

  expect(blocks.map(({ kind }) => kind)).toEqual(["conflict"]);
  expect(join(blocks, "both")).toBe(`${mine}\n\n${theirs}`);
});

test("a merge has so many blocks, and with one more it is one conflict as a whole", () => {
  const merge = (conflicts: number) => {
    const side = (text: string) => Array.from({ length: conflicts }, (_, at) => `${text}${at}\nbetween`).join("\n");
    return mergeTexts({ base: side("base"), mine: side("mine"), theirs: side("theirs") });
  };

  expect(merge(MAX_MERGE_BLOCKS / 2)).toHaveLength(MAX_MERGE_BLOCKS);
  expect(merge(MAX_MERGE_BLOCKS / 2 + 1).map(({ kind }) => kind)).toEqual(["conflict"]);
});

function join(blocks: ReturnType<typeof mergeTexts>, choice: Choice): string {
  return joinBlocks(blocks, () => choice);
}
