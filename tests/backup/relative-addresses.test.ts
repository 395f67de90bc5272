import { expect, test } from "vitest";
import { candidatesOf, findRelativeAddresses, replaceAddresses } from "../../src/backup/relative-addresses.ts";

async function find(text: string) {
  return (await findRelativeAddresses(text)).map(({ shows, target }) => `${shows} ${target}`);
}

test.each([
  ["![a](pic.png)", ["image pic.png"]],
  ['![a](./img/pic.png "Title")', ["image ./img/pic.png"]],
  ["![a](<my pic.png>)", ["image my pic.png"]],
  ["![a](pic_(1).png)", ["image pic_(1).png"]],
  ["![with [brackets] in it](pic.png)", ["image pic.png"]],
  ['<img alt="x" src="../pic.png" width=2>', ["image ../pic.png"]],
  ["<img src='pic.png'>", ["image pic.png"]],
  ["![a][ref]\n\n[ref]: pic.png", ["image pic.png"]],
  ["![a][ref] [b][ref]\n\n[ref]: <my pic.png>", ["image my pic.png"]],
  ["> ![a][ref]\n>\n> [ref]: pic.png", ["image pic.png"]],
  ["[a](other.md)", ["link other.md"]],
  ["[a](other.md#part 'Title') and <a href=\"x/y.md\">b</a>", ["link other.md#part", "link x/y.md"]],
  ["[![a](small.png)](large.png)", ["image small.png", "link large.png"]],
  ["- item\n\n  ![a](pic.png)\n", ["image pic.png"]],
  ["A footnote[^1].\n\n[^1]: ![a](pic.png)", ["image pic.png"]],
])("%j names other files by relative paths", async (text, found) => {
  expect(await find(text)).toEqual(found);
});

test.each([
  "![a](https://x.example/pic.png)",
  "![a](//x.example/pic.png)",
  "![a](data:image/png;base64,AAAA)",
  "[a](#below)",
  "[a](?page=2)",
  "[a](mailto:a@b.example)",
  "```\n![a](pic.png)\n```",
  "- item\n\n  ~~~md\n  ![a](pic.png)\n  ~~~\n",
  "````\n```\n![a](pic.png)\n```\n````",
  "text\n\n    ![a](pic.png)\n",
  "`![a](pic.png)`",
  "`` `![a](pic.png)` ``",
  "\\![a]\\(pic.png)",
  "<!-- ![a](pic.png) -->",
  "[unused]: pic.png",
  "[^1]: pic.png",
])("%j names none", async (text) => {
  expect(await find(text)).toEqual([]);
});

test("the same address is found where it is meant, and not where it is code", async () => {
  const text = '![a](pic.png) `![a](pic.png)` <img src="pic.png"> pic.png ![b](other.png)';

  const places = await findRelativeAddresses(text);

  expect(
    replaceAddresses(
      text,
      places.map((place) => ({ ...place, address: `/${place.target.length}` })),
    ),
  ).toBe('![a](/7) `![a](pic.png)` <img src="/7"> pic.png ![b](/9)');
});

test("text that looks like our own marks is left alone", async () => {
  const text = "/.0. /.-0. ![a](pic.png) ![b](/.0.)";

  expect(await find(text)).toEqual(["image pic.png", "image /.0."]);
});

test.each([
  ["pic.png", ["sql/pic.png"]],
  ["./img/pic.png", ["sql/img/pic.png"]],
  ["../pic.png", ["pic.png"]],
  ["/static/pic.png", ["static/pic.png"]],
  ["my%20pic.png", ["sql/my%20pic.png", "sql/my pic.png"]],
  ["100%.png", ["sql/100%.png"]],
  ["pic.png?raw=1", ["sql/pic.png?raw=1", "sql/pic.png"]],
  ["my\\_pic.png", ["sql/my_pic.png"]],
  ["é.png", ["sql/\u00e9.png", "sql/e\u0301.png"]],
  ["e%CC%81.png", ["sql/e%CC%81.png", "sql/e\u0301.png", "sql/\u00e9.png"]],
  ["..pic.png", ["sql/..pic.png"]],
  ["../../etc/passwd", []],
  ["/../etc/passwd", []],
  ["%2e%2e/%2e%2e/etc/passwd", ["sql/%2e%2e/%2e%2e/etc/passwd"]],
  ["..", []],
  ["pic.png%00", ["sql/pic.png%00"]],
])("%j may mean %j", (target, paths) => {
  expect(candidatesOf(target, "sql/note.md").toSorted()).toEqual(paths.toSorted());
});

test("a text made of nothing but openings takes no long time", async () => {
  const texts = ["](", "<img ", "<a href", "[a]:", "](x(", "![", '<img src="', "[\\"].map((piece) =>
    piece.repeat(20_000),
  );
  const started = performance.now();

  for (const text of texts) await findRelativeAddresses(text).catch(() => undefined);

  expect(performance.now() - started).toBeLessThan(10_000);
});
