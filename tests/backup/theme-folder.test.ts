import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isArchiveName, parseManifest } from "../../src/backup/manifest.ts";
import { listThemeFiles, themeFolder } from "../../src/theme/theme-files.ts";
import { backUp, readFiles, readManifest, restore } from "../support/archives.ts";
import { testContext, testFolder } from "../support/context.ts";

async function siteWithTheme() {
  const site = await testContext();
  const folder = themeFolder({ DATA_DIR: site.dir });
  mkdirSync(join(folder, "notes"), { recursive: true });
  mkdirSync(join(folder, "static"));
  writeFileSync(join(folder, "notes", "home.njk"), "mine");
  writeFileSync(join(folder, "static", "style.css"), "a{}");
  symlinkSync("/etc/hostname", join(folder, "linked.njk"));
  return site;
}

test("the theme folder comes back with the backup as it was, and no link with it", async () => {
  const { dir } = await siteWithTheme();
  const target = join(testFolder(), "new");

  const { file } = await backUp(dir);
  await restore(file, { dataDir: target });

  expect([...(await readFiles(file)).keys()]).toEqual([
    "manifest.json",
    "starpunk.db",
    "theme/notes/home.njk",
    "theme/static/style.css",
  ]);
  const files = listThemeFiles(themeFolder({ DATA_DIR: target })).map(({ path }) => path);
  expect(files).toEqual(["notes/home.njk", "static/style.css"]);
  expect(readFileSync(join(target, "theme", "notes", "home.njk"), "utf8")).toBe("mine");
});

test("a theme that is replaced is kept aside, and one that the backup had not is gone", async () => {
  const { dir } = await testContext();
  const { file } = await backUp(dir);
  const target = testFolder();
  mkdirSync(join(target, "theme"));
  writeFileSync(join(target, "theme", "error.njk"), "old");

  const { keptAside } = await restore(file, { dataDir: target, isForced: true });

  expect(existsSync(join(target, "theme"))).toBe(false);
  expect(readFileSync(join(keptAside ?? "", "theme", "error.njk"), "utf8")).toBe("old");
});

test.each([
  ["theme/notes/home.njk", true],
  ["theme/a/b/c/d.njk", true],
  ["theme/a/b/c/d/e.njk", false],
  ["theme/../starpunk.db", false],
  ["theme/./x", false],
  ["theme//x", false],
  ["theme/.env", false],
  ["theme/a\\b", false],
  ["theme/", false],
  ["theme", false],
])("an archive may have a file %s: %s", (name, isAllowed) => {
  expect(isArchiveName(name)).toBe(isAllowed);
});

test("an archive of the form before themes is still read", async () => {
  const { dir } = await testContext();
  const manifest = await readManifest((await backUp(dir)).file);

  expect(parseManifest(JSON.stringify({ ...manifest, format: 1 })).format).toBe(1);
  expect(() => parseManifest(JSON.stringify({ ...manifest, format: 3 }))).toThrow("install a newer StarPunk");
});
