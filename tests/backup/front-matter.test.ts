import { expect, test } from "vitest";
import { parseFrontMatter } from "../../src/backup/front-matter.ts";
import { toImportedNote } from "../../src/backup/imported-note.ts";

function read(file: string, path = "sql/some-file.md") {
  return toImportedNote(parseFrontMatter(file), { path, hash: "h", timeZone: "Europe/Berlin" });
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

test("TOML dates without an offset are meant in the author's zone, too", () => {
  const { input } = read("+++\ndate = 2021-07-01T12:00:00\nupdated = 2021-07-02\n+++\nx");

  expect(input).toMatchObject({ publishedAt: "2021-07-01T10:00:00.000Z", updatedAt: "2021-07-01T22:00:00.000Z" });
});

test.each(["2021-02-30", "2021-02-30T00:00:00Z", "2021-05-06T25:00Z", "2021-05-06T07:08+24:00", "yesterday"])(
  "the date %s is refused by the name of its field",
  (date) => {
    expect(() => read(`---\nupdated: ${date}\n---\nx`)).toThrow(
      `“updated” in the front matter is no date: ${date.slice(0, 10)}`,
    );
  },
);

test("a file without front matter is all text, and has no date, title or tags", () => {
  const { input, isDraft } = read("Just text");

  expect(input).toMatchObject({ content: "Just text", title: undefined, publishedAt: undefined, tags: [] });
  expect(isDraft).toBe(false);
});

test.each(["---\n---\nText", "+++\n+++\nText", "\uFEFF---\r\n---\r\n\r\nText", "---\n# only a remark\n---\nText"])(
  "empty front matter is front matter: %j",
  (file) => {
    expect(read(file).input).toMatchObject({ content: "Text", title: undefined, properties: {} });
  },
);

test("numbers and words of YAML are titles and tags as they are written", () => {
  const { input } = read("---\ntitle: 1.10\nslug: 007\ntags: [1e3, Yes, 2021]\nversion: 2.50\nstars: 5\n---\nx");

  expect(input).toMatchObject({ title: "1.10", slug: "007", tags: ["1e3", "Yes", "2021"] });
  expect(input.properties).toEqual({ version: ["2.50"], stars: [5] });
});

test.each([
  ["some-file.md", "some-file"],
  ["a/b/Some File.markdown", "Some File"],
  ["trips/rome/index.md", "rome"],
  ["index.md", "index"],
  ["a/….md", "…"],
])("the file %s wants to be called %s", (path, slug) => {
  expect(read("x", path).input.slug).toBe(slug);
});

test.each(["public", "unlisted", "private"])("the visibility %s is kept", (visibility) => {
  expect(read(`---\nvisibility: ${visibility}\n---\nx`).input.visibility).toBe(visibility);
});

test("a visibility that is none of ours is refused, never taken as public", () => {
  expect(() => read("---\nvisibility: friends\n---\nx")).toThrow("none of public, unlisted, private");
});

test("a rule of dashes inside the text is no front matter", () => {
  expect(read("Text\n\n---\n\nmore").input.content).toBe("Text\n\n---\n\nmore");
});

test("old paths come from path and aliases, unknown keys are kept as properties", () => {
  const { input } = read("---\npath: 2020/old\naliases: [/older, oldest]\nmood: fine\nstars: [1, 2]\n---\nx");

  expect(input.aliases).toEqual(["/2020/old", "/older", "/oldest"]);
  expect(input.properties).toEqual({ mood: ["fine"], stars: [1, 2] });
});

test("an alias that is a whole address stands for its path", () => {
  const { input } = read("---\naliases: ['https://old.example/2020/caf%C3%A9?x=1', http://]\n---\nx");

  expect(input.aliases).toEqual(["/2020/caf%C3%A9", "/http://"]);
});

test.each([
  ["---\ntitle: [a\n---\nx", /no YAML/u],
  ["---\ntitle: a\ntitle: b\n---\nx", /no YAML/u],
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
