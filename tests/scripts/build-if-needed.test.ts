import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");

const SCRIPTS = ["build-if-needed.mjs", "bundle.mjs", "compile-expression.mjs", "compile-views.mjs"];

/** A project of two files with the script, the compiler and nothing else. */
function createProject() {
  const root = mkdtempSync(join(tmpdir(), "starpunk-build-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "src"));
  mkdirSync(join(root, "scripts"));
  mkdirSync(join(root, "locales"));
  for (const script of SCRIPTS) {
    cpSync(join(REPOSITORY, "scripts", script), join(root, "scripts", script));
  }
  cpSync(join(REPOSITORY, "tsconfig.json"), join(root, "tsconfig.json"));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  symlinkSync(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "src/main.ts"), 'export const word: string = "first";\n');
  writeFileSync(join(root, "src/other.ts"), "export const other = 1;\n");
  return {
    root,
    write: (file: string, text: string) => writeFileSync(join(root, file), text),
    read: (file: string) => readFileSync(join(root, file), "utf8"),
  };
}

function build(root: string, ...flags: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [join(root, "scripts/build-if-needed.mjs"), ...flags]);
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
}

test("a project without dist is built, and one that has not changed is left alone", async () => {
  const { root, read, write } = createProject();

  const first = await build(root);
  write("dist/main.js", `${read("dist/main.js")}// untouched\n`);
  const second = await build(root);

  expect(first).toEqual({ code: 0, stderr: "" });
  expect(second.code).toBe(0);
  expect(read("dist/main.js")).toContain('"first"');
  expect(read("dist/main.js")).toContain("// untouched");
});

test("a changed source, a removed source and a file missing from dist each lead to a build", async () => {
  const { root, read, write } = createProject();
  await build(root);

  write("src/main.ts", 'export const word: string = "second";\n');
  await build(root);
  const changed = read("dist/main.js");
  write("dist/main.js", "// spoilt");
  rmSync(join(root, "src/other.ts"));
  await build(root);
  const afterRemoval = read("dist/main.js");
  rmSync(join(root, "dist/main.js"));
  await build(root);

  expect(changed).toContain('"second"');
  expect(afterRemoval).toContain('"second"');
  expect(read("dist/main.js")).toContain('"second"');
});

test("a source that does not compile fails the build and leaves the old one", async () => {
  const { root, read, write } = createProject();
  await build(root);

  write("src/main.ts", 'export const word: number = "text";\n');
  const result = await build(root);

  expect(result.code).toBe(1);
  expect(result.stderr).toContain("StarPunk cannot be built");
  expect(read("dist/main.js")).toContain('"first"');
  expect(readdirSync(join(root, ".cache"))).toEqual([]);
});

test("six builds at once, one of them after a build that was killed, all end well", async () => {
  const { root, read, write } = createProject();
  mkdirSync(join(root, ".cache"));
  write(".cache/build.lock", "999999999");

  const results = await Promise.all(Array.from({ length: 6 }, () => build(root)));

  expect(results).toEqual(Array(6).fill({ code: 0, stderr: "" }));
  expect(read("dist/main.js")).toContain('"first"');
  expect(readdirSync(root).filter((name) => name.startsWith(".dist"))).toEqual([]);
});

test("a changed template and a changed library lead to a build", async () => {
  const { root, read, write } = createProject();
  mkdirSync(join(root, "views"));
  write("views/nunjucks.json", '{ "autoescape": true }');
  write("views/page.njk", "first");
  write("package-lock.json", "1");
  await build(root);

  write("views/page.njk", "second");
  await build(root);
  const views = read("dist/views.cjs");
  const all = readViews(read);
  write("dist/views.cjs", "// spoilt");
  write("package-lock.json", "2");
  await build(root);

  expect(all).toContain("second");
  expect(read("dist/views.cjs")).toBe(views);
});

test("a template that cannot be compiled fails the build and leaves the old one", async () => {
  const { root, read, write } = createProject();
  mkdirSync(join(root, "views"));
  write("views/nunjucks.json", "{}");
  write("views/page.njk", "first");
  await build(root);

  write("views/page.njk", "{% if %}");
  const result = await build(root);

  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/StarPunk cannot be built: .*page\.njk/);
  expect(readViews(read)).toContain("first");
  expect(readdirSync(root).filter((name) => name.startsWith(".dist"))).toEqual([]);
});

/** The file of all templates, which that of readers' names. */
function readViews(read: (path: string) => string): string {
  return read(`dist/${/chunks\/views-\w+\.cjs/.exec(read("dist/views.cjs"))?.[0]}`);
}

test("what a running server may still load outlives one build, and not two", async () => {
  const { root, write } = createProject();
  const chunks = () => readdirSync(join(root, "dist/chunks")).filter((name) => /^other-.*\.js$/.test(name));
  const change = async (word: string) => {
    write("src/other.ts", `export const other = "${word}";\n`);
    await build(root);
    return chunks();
  };
  write("src/main.ts", 'export const load = () => import("./other.ts");\n');

  const first = await change("first");
  const second = await change("second");
  const third = await change("third");

  expect(first).toHaveLength(1);
  expect(second).toHaveLength(2);
  expect(second).toContain(first[0]);
  expect(third).toHaveLength(2);
  expect(third).not.toContain(first[0]);
});
