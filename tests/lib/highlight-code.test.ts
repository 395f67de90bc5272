import { expect, test } from "vitest";
import { highlight, MAX_HIGHLIGHTED_LINE, MAX_HIGHLIGHTED_LINE_OF_C } from "../../src/lib/highlight.ts";
import { MAX_HIGHLIGHTED_CHARACTERS } from "../../src/lib/highlight-code.ts";
import { renderNow } from "../../src/lib/render.ts";

function html(content: string): string {
  return renderNow({ content, format: "markdown", anchor: "k3" }).html.trim();
}

test("code in fences has classes for colours, never styles", () => {
  expect(html('```js\nconst a = "<b>";\n```')).toBe(
    '<pre tabindex="0"><code class="hljs language-js"><span class="hljs-keyword">const</span> a = ' +
      '<span class="hljs-string">"&lt;b&gt;"</span>;\n</code></pre>',
  );
});

test.each(
  (
    "bash sh zsh python py sql json javascript js typescript ts yaml yml html xml css toml ini graphql dockerfile ruby rust go " +
    "java c cpp php diff nginx markdown elixir kotlin swift lua perl r scala awk powershell makefile pycon applescript jinja " +
    "html+django html+jinja Dockerfile svg console scss plaintext"
  ).split(" "),
)("%s is known", (language) => {
  expect(html(`\`\`\`${language}\n# a "b" 1\n\`\`\``)).toContain(`class="hljs language-${language.toLowerCase()}"`);
});

test.each([
  ["js {1,3-4}", "js"],
  ["{python}", "python"],
  ["{.ruby #id}", "ruby"],
  ["  Go  ", "go"],
  ["c++", "c++"],
])("after the fence, %j names a language", (fence, language) => {
  expect(html(`\`\`\`${fence}\na\n\`\`\``)).toContain(`<code class="hljs language-${language}">`);
});

test.each([
  ["no language", "", "<code>"],
  ["an unknown language", "klingon", '<code class="language-klingon">'],
  ["the name of a property of every object", "constructor", '<code class="language-constructor">'],
  ["a name that is too long", "a".repeat(41), "<code>"],
  ["no word", '"><b>', "<code>"],
])("code with %s stays plain, and no language is guessed", (_name, fence, code) => {
  expect(html(`\`\`\`${fence}\nconst a = 1;\n\`\`\``)).toBe(`<pre tabindex="0">${code}const a = 1;\n</code></pre>`);
});

test("a language within another keeps its colours", () => {
  const page = html("```html\n<script>const a = 1;</script>\n```");

  expect(page).toContain('<span class="language-javascript"><span class="hljs-keyword">const</span>');
});

test.each([
  ["js", MAX_HIGHLIGHTED_LINE],
  ["c", MAX_HIGHLIGHTED_LINE_OF_C],
  ["c++", MAX_HIGHLIGHTED_LINE_OF_C],
])("a line of %s at the limit is coloured, a longer one leaves its block plain", (language, limit) => {
  expect(highlight(`"${"a".repeat(limit - 2)}"\n`, language)).toContain("hljs-string");
  expect(highlight(`"${"a".repeat(limit - 1)}"\n`, language)).toBeUndefined();
});

test("code that would become nothing but tags stays plain", () => {
  expect(highlight("{".repeat(600), "json")).toBeUndefined();
  expect(highlight('{"a": 1}', "json")).toContain("hljs-punctuation");
});

test("a note has a share of coloured code: a block that fits is coloured, one that does not stays plain", () => {
  const line = "const a = 1; // b\n";
  const block = (length: number) =>
    `\`\`\`js\n${line.repeat(length / line.length)}${" ".repeat((length % line.length) - 1)}\n\`\`\`\n\n`;

  const full = html(block(MAX_HIGHLIGHTED_CHARACTERS));
  const over = html(`${block(MAX_HIGHLIGHTED_CHARACTERS - 100)}${block(200)}${block(100)}`);

  expect(full).toContain("hljs-keyword");
  expect([...over.matchAll(/<code class="(hljs )?/g)].map((match) => match[1])).toEqual(["hljs ", undefined, "hljs "]);
});

test("inline code has no colours", () => {
  expect(html("`const a`")).toBe("<p><code>const a</code></p>");
});
