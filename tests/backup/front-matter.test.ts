import { expect, test } from "vitest";
import { parseFrontMatter } from "../../src/backup/front-matter.ts";
import { toImportedNote } from "../../src/backup/imported-note.ts";
import type { Timestamp } from "../../src/lib/clock.ts";

const SOURCE = {
  path: "sql/some-file.md",
  hash: "h",
  writtenAt: "2020-05-05T05:05:05.000Z" as Timestamp,
  timeZone: "Europe/Berlin",
};

function read(file: string) {
  return toImportedNote(parseFrontMatter(file), SOURCE);
}

test("YAML and TOML front matter say the same", () => {
  const yaml = read(
    '---\ntitle: "A: b"\ndate: 2021-05-06T07:08:09-07:00\ntags: [x, "Y z"]\ndraft: true\n---\n\nText\n',
  );
  const toml = read(
    '+++\ntitle = "A: b"\ndate = 2021-05-06T07:08:09-07:00\ntags = ["x", "Y z"]\ndraft = true\n+++\n\nText\n',
  );

  expect(toml).toEqual(yaml);
  expect(yaml).toMatchObject({
    isDraft: true,
    input: {
      content: "Text\n",
      title: "A: b",
      slug: "some-file",
      tags: ["x", "Y z"],
      publishedAt: "2021-05-06T14:08:09.000Z",
      publishedOffset: -420,
    },
  });
});

test.each([
  ["2021-05-06T07:08:09+02:00", "2021-05-06T05:08:09.000Z", 120],
  ["2021-05-06 07:08:09 -0700", "2021-05-06T14:08:09.000Z", -420],
  ["2021-05-06T07:08:09.5Z", "2021-05-06T07:08:09.500Z", 0],
  ["2021-05-06T07:08Z", "2021-05-06T07:08:00.000Z", 0],
  ["2021-07-01", "2021-06-30T22:00:00.000Z", undefined],
  ["2021-07-01 12:00", "2021-07-01T10:00:00.000Z", undefined],
])("the date %s is the moment %s", (date, publishedAt, publishedOffset) => {
  expect(read(`---\ndate: ${date}\n---\nx`).input).toMatchObject({ publishedAt, publishedOffset });
});

test("a file without a date has the time of its last writing, one without front matter is all text", () => {
  expect(read("Just text").input).toMatchObject({
    content: "Just text",
    publishedAt: SOURCE.writtenAt,
    title: undefined,
  });
});

test("a rule of dashes inside the text is no front matter", () => {
  expect(read("Text\n\n---\n\nmore").input.content).toBe("Text\n\n---\n\nmore");
});

test("old paths come from path and aliases, unknown keys are kept as properties", () => {
  const { input } = read("---\npath: 2020/old\naliases: [/older, oldest]\nmood: fine\nstars: [1, 2]\n---\nx");

  expect(input.aliases).toEqual(["/2020/old", "/older", "/oldest"]);
  expect(input.properties).toEqual({ mood: ["fine"], stars: [1, 2] });
});

test.each([
  ["---\ntitle: [a\n---\nx", /no YAML/u],
  ["+++\ntitle = \n+++\nx", /no TOML/u],
  ["---\n- a\n- b\n---\nx", /no list of keys/u],
  ["---\ntitle: {a: 1}\n---\nx", /“title” in the front matter is no text/u],
  ["---\ndraft: perhaps\n---\nx", /neither true nor false/u],
])("the file %j is refused with the reason", (file, reason) => {
  expect(() => read(file)).toThrow(reason);
});

test("front matter runs no code and fills no prototype", () => {
  const { input } = read("---\n__proto__: {polluted: yes}\nconstructor: 1\n---\nx");

  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(input.content).toBe("x");
  expect(() => read("---js\nprocess.exit(3)\n---\nx")).not.toThrow();
});

test("YAML that unfolds without end is refused", () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (let level = 0; level < 12; level += 1) {
    const [name, before] = [String.fromCharCode(98 + level), String.fromCharCode(97 + level)];
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
  }

  expect(() => read(`---\n${bomb.join("\n")}\n---\nx`)).toThrow(/no YAML/u);
});
