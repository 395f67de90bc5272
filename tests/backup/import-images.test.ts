import { expect, test } from "vitest";
import { findRelativeImages, replaceImages } from "../../src/backup/import-images.ts";

test.each([
  ["![a](pic.png)", ["sql/pic.png"]],
  ['![a](./img/pic.png "Title")', ["sql/img/pic.png"]],
  ["![a](<my pic.png>)", ["sql/my pic.png"]],
  ["![a](my%20pic.png)", ["sql/my%20pic.png", "sql/my pic.png"]],
  ['<img alt="x" src="../pic.png" width=2>', ["pic.png"]],
  ["![a][ref]\n\n[ref]: pic.png", ["sql/pic.png"]],
  ["![a](/static/pic.png)", ["static/pic.png"]],
])("%j names an image by a relative path", (text, candidates) => {
  expect(findRelativeImages(text, "sql/note.md").flatMap((image) => image.candidates)).toEqual(candidates);
});

test.each([
  "![a](https://x.example/pic.png)",
  "![a](//x.example/pic.png)",
  "![a](data:image/png;base64,AAAA)",
  "![a](../../etc/passwd)",
  "```\n![a](pic.png)\n```",
  "`![a](pic.png)`",
  "[a](pic.png)",
])("%j names none", (text) => {
  expect(findRelativeImages(text, "sql/note.md")).toEqual([]);
});

test("new addresses are written at every place, and nowhere else", () => {
  const text = '![a](pic.png) `pic.png` <img src="pic.png"> pic.png ![b](other.png)';

  expect(replaceImages(text, new Map([["pic.png", "/media/x.png"]]))).toBe(
    '![a](/media/x.png) `pic.png` <img src="/media/x.png"> pic.png ![b](other.png)',
  );
});
