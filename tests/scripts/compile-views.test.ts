import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
// @ts-expect-error: a script of the build, which has no types.
import { compileViews } from "../../scripts/compile-views.mjs";
import { VIEW_WORDS } from "../../src/lib/view-words.ts";
import { createRender, VIEWS_FOLDER } from "../../src/web/render.ts";
import type { Views } from "../../src/web/views.ts";
import { testFolder } from "../support/context.ts";
import { bareViews, fullViews } from "../support/sample-views.ts";

type Pages = Readonly<Record<string, ((view: object) => string) | undefined>>;

const OPTIONS = JSON.parse(readFileSync(join(VIEWS_FOLDER, "nunjucks.json"), "utf8")) as object;

function compile(folder: string, names: readonly string[]): Pages {
  return (runInThisContext(compileViews(folder, names, OPTIONS)) as (words: typeof VIEW_WORDS) => Pages)(VIEW_WORDS);
}

test("the pages that readers come for become functions", () => {
  const names = ["home", "show", "page", "tag", "archive", "series"].map((name) => `notes/${name}.njk`);

  expect(Object.keys(compile(VIEWS_FOLDER, names))).toEqual(names);
});

/** The files of a folder of templates, and `fragments/preview.njk` rendered in both ways; undefined: only Nunjucks can. */
function renderTwice(files: Record<string, string>, view: object) {
  const folder = testFolder();
  mkdirSync(join(folder, "fragments"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const compiled = compile(folder, ["fragments/preview.njk"])["fragments/preview.njk"];
  return { nunjucks: createRender(folder)("fragments/preview.njk", view as never), compiled: compiled?.(view) };
}

test("a page that has become a function says what Nunjucks says", async () => {
  const names = readdirSync(VIEWS_FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".njk"),
  );
  const pages = compile(
    VIEWS_FOLDER,
    names.filter((name) => !/^(?:layouts|partials)\//.test(name)),
  );
  const render = createRender();

  const compared = [await fullViews(), await bareViews()].flatMap((views) =>
    (Object.keys(views) as (keyof Views)[]).map((name) => {
      const html = pages[name]?.(views[name]);
      if (html !== undefined) expect(html, name).toBe(render(name, views[name]));
      return html === undefined ? "" : name;
    }),
  );

  expect(compared.filter((name) => name.startsWith("notes/")).length).toBeGreaterThan(0);
});

test.each([
  ["{{ a }}{{ a | safe }}{{ none | safe }}{{ 0 }}{{ yes }}", `&lt;&gt;&amp;&quot;&#39;&#92;<>&"'\\0true`],
  ["{% if none %}x{% elif yes and not none %}y{% else %}z{% endif %}{{ 'p' if none }}{{ 'p' if yes else 'q' }}", "yp"],
  [
    "{% for n in list %}{{ loop.index }}{{ n.x or '-' }}{% if not loop.last %},{% endif %}{% else %}no{% endfor %}",
    "1u,2-",
  ],
  ["{% for n in none %}{{ n }}{% else %}no{% endfor %}{% for n in empty %}{{ n }}{% else %}no{% endfor %}", "nono"],
  [
    "{{ none.deep.deeper or 'nothing' }}{{ 'one' ~ 2 ~ list.length }}{{ 1 + 2 }}{{ (a == b) }}{{ list.length >= 2 }}",
    "nothingone223falsetrue",
  ],
  [
    "{% macro m(x) %}<{{ x.x }}{% if x.x == 'u' %}!{% endif %}>{% endmacro %}{{ m(list[0]) }}{{ m({ x: a }) }}",
    `<u!><&lt;&gt;&amp;&quot;&#39;&#92;>`,
  ],
  [
    `{{ list | length }}{{ none | length }}{{ b | replace("b", "$&<") }}{{ (list | selectattr("x")).length }}`,
    "20$&amp;&lt;1",
  ],
  ["a\n  {% if yes %}\nb\n  {% endif %}\nc\n", "a\nb\nc\n"],
])("%s is %s", (template, expected) => {
  const view = { a: `<>&"'\\`, b: "b", yes: true, list: [{ x: "u" }, {}], empty: [] };

  const { nunjucks, compiled } = renderTwice({ "fragments/preview.njk": template }, view);

  expect([compiled, nunjucks]).toEqual([expected, expected]);
});

test("layouts, blocks, includes and macros of other files are found before anything runs", () => {
  const files = {
    "base.njk": `{% from "macros.njk" import twice %}<{% block a %}A{% include "part.njk" %}{% endblock %}|{% block b %}B{% endblock %}>{{ twice(y) }}`,
    "macros.njk": `{% macro once(x) %}({{ x }}){% endmacro %}{% macro twice(x) %}{{ once(x) }}{{ once(x) }}{% endmacro %}`,
    "part.njk": `{% from "macros.njk" import once as single %}{{ single(y) }}`,
    "fragments/preview.njk": `{% extends "base.njk" %}{% from "macros.njk" import once %}left out{% block b %}{% for z in list %}{{ once(z) }}{% include "part.njk" %}{% endfor %}{% endblock %}`,
  };

  const { nunjucks, compiled } = renderTwice(files, { y: "&", list: [1, 2] });

  expect(compiled).toBe("<A(&amp;)|(1)(&amp;)(2)(&amp;)>(&amp;)(&amp;)");
  expect(nunjucks).toBe(compiled);
});

test.each([
  "{{ a | upper }}",
  "{{ list.join(' ') }}",
  "{% set x = 1 %}{{ x }}",
  "{% for k, v in view %}{{ k }}{% endfor %}",
  "{% macro m(x) %}{{ a }}{% endmacro %}{{ m(1) }}",
  "{% macro m(x, y=1) %}{{ y }}{% endmacro %}{{ m(1) }}",
  "{% macro m() %}<>{% endmacro %}{% set x = m() %}{{ x }}",
  "{{ 'a' in list }}",
])("%s is left to Nunjucks", (template) => {
  const { compiled, nunjucks } = renderTwice({ "fragments/preview.njk": template }, { a: "a", list: ["a"], view: {} });

  expect([compiled, typeof nunjucks]).toEqual([undefined, "string"]);
});

test("printing a missing value names file and line", () => {
  const folder = testFolder();
  writeFileSync(join(folder, "a.njk"), "x\n{{ a.b }}");

  expect(() => compile(folder, ["a.njk"])["a.njk"]?.({})).toThrow("a.njk, line 2, prints a missing value");
});

test.each([
  ["{% from 'none.njk' import x %}", "none.njk"],
  ["{% if %}", "unexpected token"],
])("a template that is wrong ends the build: %s", (template, message) => {
  const folder = testFolder();
  writeFileSync(join(folder, "a.njk"), template);

  expect(() => compile(folder, ["a.njk"])).toThrow(message);
});
