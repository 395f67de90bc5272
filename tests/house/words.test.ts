import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LOCALES_FOLDER, readMessages } from "../../src/lib/catalogue.ts";
import { MAX_FILE_LINES } from "./line-rules.ts";
import { listSources } from "./sources.ts";
import { findBareWords, findFaultyMessages, findSaidInCode, findSaidInView, findUnknownWords } from "./words.ts";

const VIEWS = listSources("views", /\.njk$/);
const CODE = listSources("src", /\.ts$/);
const SAID = [...VIEWS.flatMap(findSaidInView), ...CODE.flatMap(findSaidInCode)];

test.each(readdirSync(LOCALES_FOLDER))("%s has a translation of all that is said, and of nothing else", (language) => {
  expect(findFaultyMessages(SAID, readMessages(language) ?? {})).toEqual([]);
});

test.each(readdirSync(LOCALES_FOLDER))("%s says nothing twice, in files that are easy to read", (language) => {
  const files = listSources(join("locales", language), /\.json$/);

  const ids = files.flatMap(({ text }) => Object.keys(JSON.parse(text) as object));

  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(files.filter(({ text }) => text.trimEnd().split("\n").length > MAX_FILE_LINES)).toEqual([]);
});

test.each([
  ["a save “speichern”, and a backup alone “sichern”", /sichern\b|gesichert/i, /\bback(?:ed)? up\b|\bbackup/i],
  ["a site “Website”", /\bSite\b/, /never/],
  ["a button “Schaltfläche”", /\b(?:Knopf|Taste)\b/, /\bkeys?\b/i],
])("German calls %s", (_what, word, isMeant) => {
  const found = Object.entries(readMessages("de") ?? {}).filter(([, message]) => word.test(JSON.stringify(message)));

  expect(found.map(([id]) => id).filter((id) => !isMeant.test(id))).toEqual([]);
});

test("templates say what stands in them", () => {
  expect(VIEWS.flatMap(findUnknownWords)).toEqual([]);
});

test("scripts say nothing of their own", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code.
  const seeds = ['say("Not reached.");', 'say("Login ended");', "say(`${n} s ago`);", 'a.textContent = b || "Photos";'];

  expect(listSources("static", /\.js$/).flatMap(findBareWords)).toEqual([]);
  expect(seeds.map((text) => findBareWords({ path: "s", text }).length)).toEqual([1, 1, 1, 1]);
  expect(
    findBareWords({ path: "s", text: '// No. Not this\nfind("form input, .row a"); throw new Error("No database.");' }),
  ).toEqual([]);
});

test("what is said is found in templates and in code", () => {
  const view = `{# t("no") #}{{ t("One \\"two\\"") }}{{ tn("a", '{count} "b"', { count: 1 }) }}{{ rich("<a>x</a>", { a: {} }) }}{{ tforms("b", "{count} bs") }}{{ list.t("no") }}`;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code.
  const code = 'said`A ${b({ c: `d` })} e ${f}.`; counted("one", "{count} many", {}); // said`no`\nnotFound("thing");';

  const found = [findSaidInView({ path: "v", text: view }), findSaidInCode({ path: "c", text: code })].flat();

  expect(found.map(({ id, one }) => (one === undefined ? id : `${one}/${id}`))).toEqual([
    'One "two"',
    "<a>x</a>",
    'a/{count} "b"',
    "b/{count} bs",
    "A {0} e {1}.",
    "There is no such thing.",
    "one/{count} many",
  ]);
});

test("a catalogue that lacks, keeps or breaks a message is told of", () => {
  const said = [
    { id: "lacks", path: "v" },
    { id: "{a} <b>x</b>", path: "v" },
    { id: "{count} x", one: "x", path: "v" },
  ];

  const faults = findFaultyMessages(said, { unsaid: "x", "{a} <b>x</b>": "{b} x", "{count} x": "{count} x" });

  expect(faults).toEqual([
    "v: has no translation: lacks",
    "nobody says this any more: unsaid",
    "other values or elements than in English: {b} x",
    "counted in one language only: {count} x",
  ]);
  expect(findUnknownWords({ path: "v", text: `{{ t(x) }}{{ t("y") }}{{ at(z) }}` })).toEqual(["v: t(x)"]);
});
