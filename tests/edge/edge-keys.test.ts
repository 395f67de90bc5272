import fc from "fast-check";
import { expect, test } from "vitest";
import {
  answerKeys,
  MAX_ANSWER_KEYS_LENGTH,
  MAX_EDGE_KEY_LENGTH,
  MAX_PURGE_KEYS_LENGTH,
  purgeKeys,
} from "../../src/edge/edge-keys.ts";

test("an answer names its own keys and that of the whole site, each once", () => {
  expect(answerKeys(["note:12", "link:11", "site", "note:12"])).toEqual(["note:12", "link:11", "site"]);
  expect(answerKeys([])).toEqual(["site"]);
});

test("a purge names what changed, and the pages that were missing; what is everything stands alone", () => {
  expect(purgeKeys(["note:12", "list"])).toEqual(["note:12", "list", "missing"]);
  expect(purgeKeys(["note:12", "site"])).toEqual(["site"]);
});

test("a tag in any script is spelt with characters that mean nothing in a list or a regular expression", () => {
  expect(answerKeys(["tag:café-au-lait"])).toEqual(["tag:caf%C3%A9-au-lait", "site"]);

  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const [key = ""] = answerKeys([`tag:${text}`]);
      expect(key).toMatch(/^[\w:%-]+$/);
      expect(purgeKeys([`tag:${text}`])).toContain(key);
    }),
  );
});

test("a key as long as it may be stays; a longer one becomes that of all lists, in answers and in purges", () => {
  const fitting = `tag:${"x".repeat(MAX_EDGE_KEY_LENGTH - 4)}`;

  expect(answerKeys([fitting])).toEqual([fitting, "site"]);
  expect(answerKeys([`${fitting}x`])).toEqual(["list", "site"]);
  expect(purgeKeys([`${fitting}x`])).toEqual(["list", "missing"]);
});

test("an answer with more keys than fit depends on the lists instead", () => {
  const key = (length: number, index = 9) => `tag:${index}${"x".repeat(length - 5)}`;
  const room = MAX_ANSWER_KEYS_LENGTH - " site".length;
  const fitting = [200, 199, 198, 197].map(key);
  const last = room - [200, 199, 198, 197].reduce((sum, length) => sum + length + 1, 0);

  expect(answerKeys([...fitting, key(last)]).join(" ")).toHaveLength(MAX_ANSWER_KEYS_LENGTH);
  expect(answerKeys([...fitting, key(last + 1)])).toEqual(["list", "site"]);
});

test("a purge with more keys than fit purges everything", () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `note:${String(index).padStart(4, "0")}`);
  const fitting = Math.floor((MAX_PURGE_KEYS_LENGTH - " missing".length + 1) / "note:0000 ".length);

  expect(purgeKeys(ids(fitting))).toHaveLength(fitting + 1);
  expect(purgeKeys(ids(fitting + 1))).toEqual(["site"]);
});
