import { expect, test } from "vitest";
import { findBrokenRules, findFileFaults, LINE_RULES, MAX_FILE_LINES, MAX_TEST_LINES } from "./line-rules.ts";
import { listSources } from "./sources.ts";

const sources = listSources("src", /\.ts$/);
const scripts = listSources("scripts", /\.mjs$/);
const tests = listSources("tests", /\.ts$/);

test.each(sources)("$path keeps the rules of its lines", (source) => {
  expect(findBrokenRules(source)).toEqual([]);
});

test("files have a size and a name that one can live with", () => {
  const faults = [...sources, ...scripts].flatMap((source) => findFileFaults(source, MAX_FILE_LINES));

  expect(sources.length).toBeGreaterThan(50);
  expect(faults).toEqual([]);
});

test("test files can be read in one sitting", () => {
  const faults = tests.flatMap((source) => findFileFaults(source, MAX_TEST_LINES));

  expect(tests.length).toBeGreaterThan(20);
  expect(faults).toEqual([]);
});

const SEEDS: [path: string, text: string, why: string][] = [
  ["notes/publish.ts", 'db.get("SELECT id FROM notes");', "SQL lives"],
  ["lib/x.ts", "const sql = `\n  UPDATE notes\n     SET a = 1`;", "SQL lives"],
  ["web/x.ts", 'import SQLite from "better-sqlite3";', "only db/ knows better-sqlite3"],
  ["db/connection.ts", 'this.sqlite.pragma("x");', "aborts Node 24"],
  ["notes/x.ts", "const now = new Date();", "ctx.clock"],
  ["notes/x.ts", "const now = Date.now();", "ctx.clock"],
  ["media/x.ts", "await fetch(url);", "lib/safe-fetch.ts"],
  ["media/x.ts", 'import { request } from "undici";', "lib/safe-fetch.ts"],
  ["media/x.ts", 'import { get } from "node:https";', "lib/safe-fetch.ts"],
  ["notes/x.ts", 'import express from "express";', "Express"],
  ["web/x.ts", 'router.use(express.static("public"));', "scripts/bundle.mjs"],
  ["web/x.ts", "const port = process.env.PORT;", "ctx.config"],
  ["web/x.ts", "if (URL.canParse(text)) return;", "refuses umlauts"],
  ["web/x.ts", "app.locals.user = user;", "passed by hand"],
  ["web/x.ts", "let count = 0;", "keeps no state"],
  ["web/x.ts", "export let count = 0;", "keeps no state"],
  ["web/x.ts", "export default x;", "one name"],
  ["web/x.ts", "const url = req.protocol + req.headers.host;", "SITE_URL"],
  ["web/x.ts", "const q = String(req.query.q);", "array"],
  ["lib/x.ts", 'import { marked } from "marked";', "instance of Marked"],
  ["lib/x.ts", "// TODO: later", "finish it"],
];

test.each(SEEDS)("a seeded fault is found: %s with %j", (path, text, why) => {
  expect(findBrokenRules({ path, text }).join("\n")).toContain(why);
});

test("each rule is proven by one of these seeds", () => {
  const unproven = LINE_RULES.filter((rule) => {
    return SEEDS.every(([path, text]) => !findBrokenRules({ path, text }, [rule]).join().includes(rule.why));
  });

  expect(unproven).toEqual([]);
});

test("the files that a rule names, comments, and methods of the same name are no fault", () => {
  const lines = [
    "// SELECT id FROM notes, new Date()",
    "/** Date.now() */",
    "await ctx.fetch(url);",
    'throw new Error("Select a note");',
    "  let count = 0;",
  ];

  expect(findBrokenRules({ path: "notes/publish.ts", text: lines.join("\n") })).toEqual([]);
  expect(findBrokenRules({ path: "notes/note-store.ts", text: 'db.get("SELECT id FROM notes");' })).toEqual([]);
  expect(findBrokenRules({ path: "lib/clock.ts", text: "new Date()" })).toEqual([]);
});

test("a file that is too long, says nothing by its name, or pieces statements together is found", () => {
  const long = { path: "web/a.ts", text: "x\n".repeat(251) };
  const pieced = { path: "notes/note-store.ts", text: `db.all(\`SELECT id FROM notes\n ORDER BY $\{column}\`);` };

  expect(findFileFaults(long, MAX_FILE_LINES)).toEqual(["web/a.ts: 251 lines, of which 250 are allowed"]);
  expect(findFileFaults({ ...long, text: "x\n".repeat(250) }, MAX_FILE_LINES)).toEqual([]);
  expect(findFileFaults({ path: "lib/text-helpers.ts", text: "" }, MAX_FILE_LINES)).toHaveLength(1);
  expect(findFileFaults({ path: "utils/text.ts", text: "" }, MAX_FILE_LINES)).toHaveLength(1);
  expect(findFileFaults(pieced, MAX_FILE_LINES)).toHaveLength(1);
});
