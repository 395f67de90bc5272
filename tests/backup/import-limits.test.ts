import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  listImportFiles,
  MAX_IMPORT_DEPTH,
  MAX_IMPORT_FILE_BYTES,
  MAX_IMPORT_FILES,
  readImportFile,
} from "../../src/backup/import-files.ts";
import { importFolder } from "../../src/backup/import-folder.ts";
import { MAX_CONTENT_BYTES } from "../../src/lib/markdown.ts";
import { MAX_IMAGE_BYTES } from "../../src/media/clean-image.ts";
import { testContext } from "../support/context.ts";
import { importedNote, importLines, writeFolder } from "../support/import.ts";

test("each file that cannot be taken is skipped with its reason, and the rest goes on", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({
    "bad-toml.md": "+++\ntitle = \n+++\nx",
    "bad-yaml.md": "---\ntitle: [a\n---\nx",
    "date.md": "---\ndate: soon\n---\nx",
    "deep.md": "> ".repeat(20_000),
    "empty.md": "",
    "good.md": "good",
    "language.md": "---\nlanguage: not a language\n---\nx",
    "latin1.md": Buffer.from("caf\xe9", "latin1"),
    "long.md": "x".repeat(MAX_CONTENT_BYTES + 1),
    "only-head.md": "---\ndate: 2021-01-01\n---\n",
    "tags.md": `---\ntags: [${Array.from({ length: 51 }, (_, number) => `t${number}`).join(", ")}]\n---\nx`,
    "utf16.md": Buffer.from("\ufeffabc", "utf16le"),
    "zzz.md": "good, too",
  });

  const lines = await importLines(ctx, root);

  expect(lines).toEqual([
    expect.stringMatching(/^skipped bad-toml\.md: The front matter is no TOML: /u),
    expect.stringMatching(/^skipped bad-yaml\.md: The front matter is no YAML: /u),
    expect.stringMatching(/^skipped date\.md: “date” in the front matter is no date: soon\./u),
    expect.stringMatching(/^skipped deep\.md: This text .*\./u),
    "skipped empty.md: There is nothing to save yet. Write something first.",
    "created good.md",
    expect.stringMatching(/^skipped language\.md: “not a language” is no language tag/u),
    "skipped latin1.md: The file is no UTF-8 text. Save it as UTF-8.",
    expect.stringMatching(/^skipped long\.md: A note can have at most 256 KB/u),
    "skipped only-head.md: There is nothing to save yet. Write something first.",
    expect.stringMatching(/^skipped tags\.md: A note has at most 50 tags/u),
    "skipped utf16.md: The file is no UTF-8 text. Save it as UTF-8.",
    "created zzz.md",
  ]);
});

test("a text of the greatest length is taken", async () => {
  const { ctx } = await testContext();
  const text = "Word ".repeat(MAX_CONTENT_BYTES / 5).padEnd(MAX_CONTENT_BYTES, "x");

  expect(await importLines(ctx, writeFolder({ "a.md": `---\ntitle: A\n---\n${text}` }))).toEqual(["created a.md"]);
  expect(Buffer.byteLength(importedNote(ctx, "a.md").content)).toBe(MAX_CONTENT_BYTES);
});

test("a file of the greatest size is read, one byte more is not", async () => {
  const root = writeFolder({ "fits.md": "", "too-large.md": "" });
  truncateSync(join(root, "fits.md"), MAX_IMPORT_FILE_BYTES);
  truncateSync(join(root, "too-large.md"), MAX_IMPORT_FILE_BYTES + 1);
  const { ctx } = await testContext();

  const { bytes } = await readImportFile(root, "fits.md", MAX_IMPORT_FILE_BYTES);
  const lines = await importLines(ctx, root);

  expect(bytes).toHaveLength(MAX_IMPORT_FILE_BYTES);
  expect(lines).toContain(
    "skipped too-large.md: The file has 1,048,577 bytes; at most 1,048,576 are read. Make it smaller.",
  );
});

test("an image one byte past the greatest size keeps its note out", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "![x](fits.png)", "b.md": "![x](large.png)", "fits.png": "", "large.png": "" });
  truncateSync(join(root, "fits.png"), MAX_IMAGE_BYTES);
  truncateSync(join(root, "large.png"), MAX_IMAGE_BYTES + 1);

  const lines = await importLines(ctx, root);

  expect(lines).toEqual([
    expect.stringMatching(/^skipped a\.md: The file fits\.png: The file is of a type that is not known here/u),
    expect.stringMatching(/^skipped b\.md: The file large\.png: The file is too large: an image may have 10 MB/u),
  ]);
});

test("folders are looked into down to the greatest depth; deeper ones end the import before it begins", async () => {
  const { ctx } = await testContext();
  const deepest = Array.from({ length: MAX_IMPORT_DEPTH }, (_, level) => `d${level}`).join("/");
  const root = writeFolder({ "a.md": "x", [`${deepest}/b.md`]: "x" });

  const fitting = await importLines(ctx, root, { dryRun: true });
  mkdirSync(join(root, deepest, "deeper"));

  expect(fitting).toEqual(["created a.md", `created ${deepest}/b.md`]);
  await expect(importLines(ctx, root)).rejects.toMatchObject({
    code: "too_large",
    message: "Folders are nested deeper than 20. Import a part of them.",
  });
  expect(ctx.db.get("SELECT count(*) AS rows FROM notes")).toEqual({ rows: 0 });
});

test("as many files as one import takes are listed, one more is refused", async () => {
  const root = writeFolder({ "a.md": "x", "b/c.md": "x", "b/d.md": "x", "b/e.png": "x" });

  expect((await listImportFiles(root, 3)).files).toEqual(["a.md", "b/c.md", "b/d.md"]);
  await expect(listImportFiles(root, 2)).rejects.toMatchObject({
    code: "too_large",
    message: "There are more than 2 Markdown files. Import a part of them.",
  });
  expect(MAX_IMPORT_FILES).toBe(100_000);
});

test("symbolic links, pipes and what only looks like Markdown are refused or left out", async () => {
  const outside = writeFolder({ "secret.md": "secret", "folder/secret.md": "secret" });
  const root = writeFolder({
    "a.md": "x",
    ".hidden.md": "x",
    ".git/b.md": "x",
    "node_modules/c.md": "x",
    "d.mdx": "x",
  });
  symlinkSync(join(outside, "secret.md"), join(root, "link.md"));
  symlinkSync(join(outside, "folder"), join(root, "linked"));
  symlinkSync(join(root, "nowhere"), join(root, "nowhere.md"));
  symlinkSync(root, join(root, "loop"));
  symlinkSync(join(root, "d.mdx"), join(root, "picture"));
  spawnSync("mkfifo", [join(root, "pipe.md")]);
  mkdirSync(join(root, "folder.md"));
  writeFolder({ "folder.md/inside.md": "x" }, root);

  const { files, refused } = await listImportFiles(root);

  expect(files).toEqual(["a.md", "folder.md/inside.md"]);
  expect(refused.map(({ path }) => path).toSorted()).toEqual(["link.md", "linked", "loop", "nowhere.md", "pipe.md"]);
  await expect(readImportFile(root, "link.md", 100)).rejects.toThrow("cannot be read (ELOOP)");
  await expect(readImportFile(root, "pipe.md", 100)).rejects.toThrow("no regular file");
  await expect(readImportFile(root, "gone.md", 100)).rejects.toThrow("cannot be read (ENOENT)");
});

test.each([
  ["none", "ENOENT"],
  ["a.md", "ENOTDIR"],
])("%s is no folder to import", async (name, code) => {
  const { ctx } = await testContext();
  const root = join(writeFolder({ "a.md": "x" }), name);

  await expect(importLines(ctx, root)).rejects.toThrow(`The folder ${root} cannot be read (${code}).`);
});

test("a file on which the program itself fails is skipped, and the log says how", async () => {
  const logged: unknown[] = [];
  const { ctx } = await testContext();
  const log = { ...ctx.log, error: (fields: unknown) => void logged.push(fields) };
  const clock = () => {
    if (logged.length === 0) throw new TypeError("a fault of ours");
    return ctx.clock();
  };

  const results = await importFolder({ ...ctx, log, clock }, writeFolder({ "a.md": "x", "b.md": "x" }), {
    overwrite: false,
    dryRun: false,
  });

  expect(results.map(({ result }) => result)).toEqual(["skipped", "created"]);
  expect(results[0]?.reason).toBe("StarPunk failed on this file. The log says how; please report it.");
  expect(logged).toMatchObject([{ event: "import.run", err: { message: "a fault of ours" } }]);
});

test("nothing is left of a file that was skipped", async () => {
  const { ctx, dir } = await testContext();

  await importLines(ctx, writeFolder({ "a.md": "---\naliases: [//evil.example]\n---\nx" }));

  const rows =
    "SELECT (SELECT count(*) FROM notes) + (SELECT count(*) FROM jobs) + (SELECT count(*) FROM note_aliases) AS rows";
  expect(ctx.db.get(rows)).toEqual({ rows: 0 });
  expect(readdirSync(dir)).not.toContain("media");
});
