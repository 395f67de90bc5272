import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testApp } from "../support/app.ts";
import { testContext } from "../support/context.ts";
import { EXIF, picture } from "../support/images.ts";
import { importedNote, importLines, writeFolder } from "../support/import.ts";

const png = await picture(4, 3).png().toBuffer();
const jpeg = await picture(8, 5).withExif(EXIF).jpeg().toBuffer();

test.each([
  ["![Alt](pic.png)", "pic.png"],
  ["![Alt](<my pic.png>)", "my pic.png"],
  ["![Alt](my%20pic.png)", "my pic.png"],
  ["![Alt](100%.png)", "100%.png"],
  ["![Alt](100%25.png)", "100%.png"],
  ["![Alt](Bild-ä.png)", "Bild-a\u0308.png"],
  ["![Alt](Bild-a\u0308.png)", "Bild-ä.png"],
  ["![Alt](Tip…_and.png)", "Tip…_and.png"],
  ["![Alt](Tip%E2%80%A6_and.png)", "Tip…_and.png"],
  ["![Alt](img/deep/pic.png)", "img/deep/pic.png"],
  ["![Alt][1]\n\n[1]: pic.png", "pic.png"],
  ['<img src="pic.png" alt="Alt">', "pic.png"],
  ["![Alt](pic.png?raw=true)", "pic.png"],
  ["![Alt](/blog/pic.png)", "pic.png"],
])("%j shows the copy of %j", async (text, name) => {
  const { ctx, dir } = await testContext();

  const lines = await importLines(ctx, writeFolder({ "blog/a.md": text, [`blog/${name}`]: png }));

  const [file = ""] = readdirSync(join(dir, "media"));
  const note = importedNote(ctx, "blog/a.md");
  expect(lines).toEqual(["created blog/a.md"]);
  expect(note.content).toContain(`/media/${file}`);
  expect(note.contentHtml).toMatch(
    new RegExp(`<img class="u-photo" src="/media/${file}" alt="Alt"[^>]* width="4" height="3">`, "u"),
  );
});

test("an image that several notes show is stored once, without its metadata, and is served", async () => {
  const { ctx, dir, http } = await testApp();
  const root = writeFolder({ "a.md": "![x](b/pic.jpg) ![x](b/pic.jpg)", "b/c.md": "![x](pic.jpg)", "b/pic.jpg": jpeg });
  await importLines(ctx, root);

  const [name = "", ...others] = readdirSync(join(dir, "media"));
  const served = await http.get(`/media/${name}`);

  expect(others).toEqual([]);
  expect(served.headers["content-type"]).toBe("image/jpeg");
  expect(served.body.toString("latin1")).not.toContain("Secret");
  expect(importedNote(ctx, "b/c.md").content).toBe(`![x](/media/${name})`);
});

test("links to other files of the folder lead to their notes, also to such as come later, and to images", async () => {
  const { ctx, dir, http } = await testApp();
  const root = writeFolder({
    "a.md": "---\ndate: 2021-01-01\n---\n[b](sub/b.md) [c](./sub/c.md#part) [![x](pic.png)](pic.png) [d](/sub/d.md)",
    "sub/b.md": "---\ndate: 2021-01-02\nslug: Ganz anders\n---\n[a](../a.md) `[a](../a.md)`",
    "sub/c.md": "---\ndate: 2021-01-03\n---\n<a href='b.md'>b</a>\n\n[b]: b.md\n[b]",
    "sub/d.md": "---\n- bad\n---\n",
    "pic.png": png,
  });
  await importLines(ctx, root);

  const [image] = readdirSync(join(dir, "media"));
  expect(importedNote(ctx, "a.md").content).toBe(
    `[b](/notes/ganz-anders) [c](/notes/c#part) [![x](/media/${image})](/media/${image}) [d](/notes/d)`,
  );
  expect(importedNote(ctx, "sub/b.md").content).toBe("[a](/notes/a) `[a](../a.md)`");
  expect(importedNote(ctx, "sub/c.md").content).toBe(
    "<a href='/notes/ganz-anders'>b</a>\n\n[b]: /notes/ganz-anders\n[b]",
  );
  await http.get("/notes/ganz-anders").expect(200);

  // The link was right from the beginning: the file only had to be mended.
  writeFolder({ "sub/d.md": "mended" }, root);
  expect(await importLines(ctx, root)).toContain("created sub/d.md");
  await http.get("/notes/d").expect(200);
});

test("links follow files that share a name, and notes that were renamed here", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a/x.md": "---\ndate: 2021-01-01\n---\nx", "b/x.md": "---\ndate: 2021-01-02\n---\nx" });
  await importLines(ctx, root);
  writeFolder({ "c.md": "[1](a/x.md) [2](b/x.md)" }, root);

  await importLines(ctx, root);

  expect(importedNote(ctx, "c.md").content).toBe("[1](/notes/x) [2](/notes/x-2)");
});

test("what is not there, lies outside or behind a symbolic link is left as it stands, and named", async () => {
  const { ctx, dir } = await testContext();
  const base = writeFolder({
    "secret.png": png,
    "folder/pic.png": png,
    "root/blog/a.md":
      "![1](none.png) ![2](../../secret.png) ![3](link.png) ![4](linked/pic.png) [5](none.md) [6](page) ![7](.)",
  });
  const root = join(base, "root");
  symlinkSync(join(base, "secret.png"), join(root, "blog/link.png"));
  symlinkSync(join(base, "folder"), join(root, "blog/linked"));

  const lines = await importLines(ctx, root);

  const missing = ["none.png", "../../secret.png", "link.png", "linked/pic.png", "none.md", "."];
  expect(lines).toEqual([
    `created blog/a.md${missing.map((target) => ` (missing ${target})`).join("")}`,
    "skipped blog/linked: It is a symbolic link, and those are not followed. Put a copy there.",
  ]);
  expect(importedNote(ctx, "blog/a.md").content).toContain("![2](../../secret.png) ![3](link.png)");
  expect(existsSync(join(dir, "media"))).toBe(false);
});

test("an image that cannot be taken keeps its note out, and says which it was; the rest goes on", async () => {
  const { ctx, dir } = await testContext();
  const root = writeFolder({
    "a.md": "![x](drawing.svg)",
    "b.md": "![x](img/cut.png)",
    "c.md": "[x](img/cut.png) is a link, [y](drawing.svg) is left alone",
    "d.md": "![x](pic.png)",
    "drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "img/cut.png": png.subarray(0, 40),
    "pic.png": png,
  });

  const lines = await importLines(ctx, root);

  expect(lines).toEqual([
    expect.stringMatching(/^skipped a\.md: The file drawing\.svg: The file is an SVG drawing/u),
    expect.stringMatching(/^skipped b\.md: The file img\/cut\.png: .* damaged or cut short/u),
    expect.stringMatching(/^skipped c\.md: The file img\/cut\.png: .* damaged or cut short/u),
    "created d.md",
  ]);
  expect(ctx.db.get("SELECT count(*) AS rows FROM notes")).toEqual({ rows: 1 });
  expect(readdirSync(join(dir, "media"))).toHaveLength(1);
});

test("a dry run looks at images and stores none", async () => {
  const { ctx, dir } = await testContext();
  const root = writeFolder({ "a.md": "![x](pic.png)", "b.md": "![x](none.png) [a](a.md)", "c.md": "![x](bad.png)" });
  writeFolder({ "pic.png": png, "bad.png": "no image" }, root);

  const lines = await importLines(ctx, root, { dryRun: true });

  expect(lines).toEqual([
    "created a.md",
    "created b.md (missing none.png)",
    expect.stringContaining("skipped c.md: The file bad.png: "),
  ]);
  expect(existsSync(join(dir, "media"))).toBe(false);
  expect(ctx.db.get("SELECT count(*) AS rows FROM media")).toEqual({ rows: 0 });
});

test("an image that came later is taken when its file changes", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "![x](pic.png)" });
  await importLines(ctx, root);
  writeFolder({ "img/pic.png": png, "a.md": "![x](img/pic.png)" }, root);

  const lines = await importLines(ctx, root);

  expect(lines).toEqual(["changed a.md"]);
  expect(importedNote(ctx, "a.md").content).toMatch(/^!\[x\]\(\/media\/[\w-]{22}\.png\)$/u);
});

test("the folder itself may be named by a symbolic link, and still ends where it ends", async () => {
  const { ctx } = await testContext();
  const base = writeFolder({ "real/a.md": "![x](../b.png)", "real/c.md": "x", "b.png": png });
  symlinkSync(join(base, "real"), join(base, "link"));

  const lines = await importLines(ctx, join(base, "link"));

  expect(lines).toEqual(["created a.md (missing ../b.png)", "created c.md"]);
});
