import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  fingerprintOf,
  hasThemeFolder,
  listThemeFiles,
  MAX_TEMPLATE_BYTES,
  MAX_THEME_DEPTH,
  MAX_THEME_FILES,
  readThemeFile,
} from "../../src/theme/theme-files.ts";
import { testFolder } from "../support/context.ts";

function put(folder: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test("regular files are listed by path, dot files and odd names are not", () => {
  const folder = put(testFolder(), {
    "notes/home.njk": "a",
    "static/a.css": "b",
    ".git/config": "c",
    ".env": "d",
    "a b.njk": "e",
  });

  expect(listThemeFiles(folder).map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
    ["notes/home.njk", 1],
    ["static/a.css", 1],
  ]);
});

test("nothing is read through a symbolic link: no file, no folder, not the theme folder itself", () => {
  const outside = put(testFolder(), { "secret.njk": "secret", "home.njk": "x" });
  const folder = put(testFolder(), { "own.njk": "own" });
  symlinkSync(join(outside, "secret.njk"), join(folder, "linked.njk"));
  symlinkSync(outside, join(folder, "notes"));
  symlinkSync(outside, join(testFolder(), "theme"));

  expect(listThemeFiles(folder).map(({ path }) => path)).toEqual(["own.njk"]);
  expect(() => readThemeFile(folder, "linked.njk", 100)).toThrow("ELOOP");
  symlinkSync(outside, join(folder, "theme"));
  expect(hasThemeFolder(join(folder, "theme"))).toBe(false);
  expect(listThemeFiles(join(folder, "theme"))).toEqual([]);
});

test("a file is read up to the limit of its kind, and not past it", () => {
  const folder = put(testFolder(), {
    "a.njk": "x".repeat(MAX_TEMPLATE_BYTES),
    "b.njk": "x".repeat(MAX_TEMPLATE_BYTES + 1),
  });

  expect(readThemeFile(folder, "a.njk", MAX_TEMPLATE_BYTES)).toHaveLength(MAX_TEMPLATE_BYTES);
  expect(() => readThemeFile(folder, "b.njk", MAX_TEMPLATE_BYTES)).toThrow(
    `${MAX_TEMPLATE_BYTES.toLocaleString("en")} are allowed`,
  );
});

test("as many files and folders count as the limits say", () => {
  const deep = (depth: number) => `${"d/".repeat(depth)}x.njk`;
  const folder = put(testFolder(), { [deep(MAX_THEME_DEPTH - 1)]: "", [deep(MAX_THEME_DEPTH)]: "" });
  const many = put(
    testFolder(),
    Object.fromEntries(Array.from({ length: MAX_THEME_FILES + 1 }, (_, n) => [`${n}.njk`, ""])),
  );

  expect(listThemeFiles(folder).map(({ path }) => path)).toEqual([deep(MAX_THEME_DEPTH - 1)]);
  expect(listThemeFiles(many)).toHaveLength(MAX_THEME_FILES);
});

test("the fingerprint changes with a name, a size or a time", () => {
  const file = { path: "a.njk", sizeBytes: 1, changedMs: 1 };
  const prints = [
    [file],
    [{ ...file, path: "b.njk" }],
    [{ ...file, sizeBytes: 2 }],
    [{ ...file, changedMs: 2 }],
    [],
  ].map(fingerprintOf);

  expect(new Set(prints).size).toBe(prints.length);
});
