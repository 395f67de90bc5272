import { expect, test } from "vitest";
import { unspacedRuns } from "../../src/lib/unspaced.ts";

test("runs of scripts without spaces are found among other text, from the first letter of Thai on", () => {
  expect(unspacedRuns("Tea: お茶 and ก, цай é “quoted” 茶")).toEqual(["お茶", "ก", "茶"]);
});

test("no letter before Thai is of such a script, so that texts without later ones need not be searched", () => {
  const before = String.fromCodePoint(...Array.from({ length: 0xe01 }, (_, code) => code));

  expect(before).not.toMatch(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u,
  );
});
