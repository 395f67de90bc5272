import { expect, test } from "vitest";
import { listSources, readText } from "./sources.ts";
import { findUnsafeOutput, listPages, listTypedViews } from "./views-rules.ts";

const templates = listSources("views", /\.njk$/);

test("migrations are numbered from 001 without gaps, and each says why it is", () => {
  const migrations = listSources("migrations", /./);

  const numbers = migrations.map(({ path }) => path.match(/^(\d{3})-[a-z-]+\.sql$/)?.[1]);

  expect(numbers).toEqual(migrations.map((_, index) => String(index + 1).padStart(3, "0")));
  expect(migrations.length).toBeGreaterThan(5);
  expect(migrations.filter(({ text }) => !text.startsWith("-- "))).toEqual([]);
});

test("the lock file says nothing of where packages came from", () => {
  const lock = readText("package-lock.json");

  expect(lock).toContain('"lockfileVersion"');
  expect(lock).not.toContain('"resolved"');
  expect(lock).not.toMatch(
    /https?:\/\/(?!([\w.-]+\.)?(github\.com|opencollective\.com|paypal\.|patreon\.com|tidelift\.com))[^"]*\.tgz/,
  );
});

test("every package is pinned to one version", () => {
  const { dependencies, devDependencies } = JSON.parse(readText("package.json")) as Record<
    string,
    Record<string, string>
  >;

  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );

  expect(loose).toEqual([]);
});

test("npm start replaces its shell by the server, so that a signal to npm reaches it", () => {
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };

  expect(scripts.start).toBe("exec node dist/main.js serve");
});

test("the context has at most six fields", () => {
  const [, body = ""] = readText("src/context/context.ts").split("export type Context = {");

  const fields = [...body.matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => name);

  expect(fields.length).toBeGreaterThanOrEqual(5);
  expect(fields.length).toBeLessThanOrEqual(6);
});

test("the linter holds the sizes of functions", () => {
  const config = readText("biome.json");

  expect(config).toMatch(/"noExcessiveLinesPerFunction": \{\s*"level": "error",\s*"options": \{ "maxLines": 40/);
  expect(config).toMatch(
    /"noExcessiveCognitiveComplexity": \{\s*"level": "error",\s*"options": \{ "maxAllowedComplexity": 12/,
  );
  expect(config).toMatch(/"useMaxParams": \{\s*"level": "error",\s*"options": \{ "max": 3/);
});

test("every page and fragment is typed in web/views.ts, and every typed view is a file", () => {
  const typed = listTypedViews(readText("src/web/views.ts"));

  expect(typed.length).toBeGreaterThan(10);
  expect(typed.toSorted()).toEqual(listPages(templates).toSorted());
});

test("templates mark nothing as safe but the HTML that lib/ made", () => {
  expect(templates.length).toBeGreaterThan(10);
  expect(templates.flatMap(findUnsafeOutput)).toEqual([]);
});

test.each([
  "{{ note.title | safe }}",
  "{{ note.html | safe }}",
  "{{ caller() | safe }}",
  "{{ (a + b)|safe }}",
  "{% set x = note.title | safe %}",
  "{{ note.contentHtml | trim | safe }}",
])("a seeded unsafe output is found: %s", (text) => {
  expect(findUnsafeOutput({ path: "a.njk", text })).toHaveLength(1);
});

test("marking a field named …Html is no fault", () => {
  expect(findUnsafeOutput({ path: "a.njk", text: "{{ note.contentHtml | safe }} {{ excerptHtml|safe }}" })).toEqual([]);
});

test("seeded files of views are told apart: pages and fragments need a type, layouts and partials do not", () => {
  const paths = ["error.njk", "fragments/preview.njk", "layouts/base.njk", "partials/entry.njk"];

  expect(listPages(paths.map((path) => ({ path, text: "" })))).toEqual(["error.njk", "fragments/preview.njk"]);
  expect(
    listTypedViews('export type Views = {\n  "error.njk": Page;\n  "x/y.njk": Page & {\n    a: 1;\n  };\n};'),
  ).toEqual(["error.njk", "x/y.njk"]);
});
