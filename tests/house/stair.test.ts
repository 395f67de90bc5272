import { expect, test } from "vitest";
import { listSources } from "./sources.ts";
import { findForbiddenImports, listImports, NOT_BUILT_YET, partOf, STAIR } from "./stair.ts";

const sources = listSources("src", /\.ts$/);

test("every part of src stands on the stair, and every part of the stair is there or known to come", () => {
  const parts = new Set(sources.map(({ path }) => partOf(path)));

  expect([...parts].sort()).toEqual(STAIR.filter((part) => !NOT_BUILT_YET.includes(part)).sort());
});

test.each(sources)("$path imports only parts above its own", (source) => {
  expect(findForbiddenImports(source)).toEqual([]);
});

test("the design's stair stands in the architecture page", async () => {
  const page = listSources("docs", /^architecture\.md$/)[0]?.text ?? "";

  const documented = [...page.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, part]) => part);

  expect(documented).toEqual(STAIR.filter((part) => !NOT_BUILT_YET.includes(part)));
});

test.each([
  ["db/database.ts", 'import { x } from "../notes/note.ts";', "db may not import notes"],
  ["lib/text.ts", 'import type { Config } from "../config/config.ts";', "lib may not import config"],
  ["notes/publish.ts", 'const m = await import("../web/render.ts");', "notes may not import web"],
  ["web/routes/a.ts", 'import { w } from "../../worker/worker.ts";', "web may not import worker"],
  ["cli/serve.ts", 'export { r } from "../web/render.ts";', "cli may not import web"],
  ["cli/serve.ts", 'import "../main.ts";', "cli may not import main"],
  ["cli/serve.ts", 'import "../helpers/x.ts";', "helpers is not a part of the stair"],
  ["site/x.ts", 'import {\n  a,\n  b,\n} from "../auth/author-store.ts";', "site may not import auth"],
])("a seeded import is found: %s with %j", (path, text, sentence) => {
  expect(findForbiddenImports({ path, text })[0]).toContain(sentence);
});

test("imports within a part, up the stair, of packages and in comments are no fault", () => {
  const text = `
    import express from "express";
    import { a } from "./answer.ts";
    import { n } from "../../notes/note.ts";
    // from "../../worker/worker.ts"
    /* import "../../main.ts" */
  `;

  expect(findForbiddenImports({ path: "web/routes/notes.ts", text })).toEqual([]);
  expect(listImports(text)).toEqual(["express", "./answer.ts", "../../notes/note.ts"]);
});
