import { expect, test } from "vitest";
import { directionOf, languageName } from "../../src/lib/language.ts";

test.each([
  ["ar", "rtl"],
  ["he", "rtl"],
  ["fa-AF", "rtl"],
  ["ur", "rtl"],
  ["dv", "rtl"],
  ["az-Arab", "rtl"],
  ["ar-Latn", "ltr"],
  ["de", "ltr"],
  ["ja", "ltr"],
  ["zz-unknown", "ltr"],
  [undefined, "auto"],
])("a text in %s is written %s", (language, direction) => {
  expect(directionOf(language)).toBe(direction);
});

test.each([
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["en", "English"],
  ["ar", "العربية"],
  ["ja", "日本語"],
  ["de-x-ours", "Deutsch"],
  ["en-u-ca-buddhist", "English"],
])("%s calls itself %s", (language, name) => {
  expect(languageName(language)).toBe(name);
});

test("a language that nobody has a name for is called by its code", () => {
  expect(languageName("qaa-x-ours").toLowerCase()).toContain("qaa");
});
