import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRender } from "../../src/web/render.ts";
import { testFolder } from "../support/context.ts";

function render(template: string, view: object): string {
  const folder = testFolder();
  mkdirSync(join(folder, "fragments"));
  writeFileSync(join(folder, "fragments/preview.njk"), template);
  return createRender(folder)("fragments/preview.njk", view as never);
}

test("everything is escaped, but what a template marks as safe", () => {
  const html = render(`{{ a }}|{{ b | safe }}`, { a: `<a href="'&">`, b: "<b>" });

  expect(html).toBe("&lt;a href=&quot;&#39;&amp;&quot;&gt;|<b>");
});

test.each([
  ["missing", {}],
  ["undefined", { title: undefined }],
  ["null", { title: null }],
])("printing a value that is %s throws, naming the template; asking for it does not", (_what, view) => {
  expect(() => render("{{ title }}", view)).toThrow("The template fragments/preview.njk cannot be rendered");
  expect(render("{% if title %}x{% endif %}none", view)).toBe("none");
});

test("the cause stays with the error", () => {
  const failing = {
    get title(): string {
      throw new RangeError("deep");
    },
  };

  expect(() => render("{{ title }}", failing)).toThrow(
    expect.objectContaining({ cause: expect.anything(), message: expect.stringContaining("deep") }),
  );
});

test("a template that is not there is named", () => {
  expect(() => createRender(testFolder())("error.njk", {} as never)).toThrow("error.njk");
});

test("lines that hold only a tag leave nothing behind", () => {
  const html = render("a\n  {% if x %}\nb\n  {% endif %}\nc\n", { x: true });

  expect(html).toBe("a\nb\nc\n");
});
