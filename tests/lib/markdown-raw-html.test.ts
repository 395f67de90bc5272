import { expect, test } from "vitest";
import { renderNow } from "../../src/lib/render.ts";

function html(content: string): string {
  return renderNow({ content, format: "markdown", anchor: "k3" }).html.trim();
}

test.each([
  [
    "inline elements",
    "a <kbd>b</kbd> <sub>c</sub> <mark>*d*</mark>",
    "<p>a <kbd>b</kbd> <sub>c</sub> <mark><em>d</em></mark></p>",
  ],
  [
    "an image on a line of its own",
    '<img width="400" alt="a" src="/b.png">',
    '<p><img width="400" alt="a" src="/b.png" loading="lazy" decoding="async"></p>',
  ],
  [
    "Markdown within a block",
    "<details><summary>a</summary>\n\n*b*\n\n</details>",
    "<details><summary>a</summary><p><em>b</em></p>\n</details>",
  ],
  ["void elements", "a<br>b<br/>c<wbr>d", "<p>a<br>b<br>c<wbr>d</p>"],
  ["a comment goes", "a <!-- b --> c\n\n<!-- d -->\n\ne", "<p>a  c</p>\n<p>e</p>"],
  ["a paragraph whose end is left out", "<p align=center>a\n\nb", "<p>a</p><p>b</p>"],
])("HTML that a note may hold is HTML: %s", (_name, content, expected) => {
  expect(html(content)).toBe(expected);
});

test.each([
  ["a word in angle brackets", "git checkout <branch> now", "<p>git checkout &lt;branch&gt; now</p>"],
  ["one with an underscore", "<application_id> is", "<p>&lt;application_id&gt; is</p>"],
  ["one at the beginning of a line", "<none>\nmore **b**", "<p>&lt;none&gt;\nmore <strong>b</strong></p>"],
  ["one that is not closed", "compile to <wasm and **b**", "<p>compile to &lt;wasm and <strong>b</strong></p>"],
  ["a custom element", "<my-embed x=1></my-embed>", "<p>&lt;my-embed x=1&gt;&lt;/my-embed&gt;</p>"],
  [
    "parts of a page",
    "the <head>, the <body> and <meta>",
    "<p>the &lt;head&gt;, the &lt;body&gt; and &lt;meta&gt;</p>",
  ],
  ["parts of a form", "a <form> with a <button>", "<p>a &lt;form&gt; with a &lt;button&gt;</p>"],
  [
    "a declaration",
    "<!DOCTYPE html> and <?php echo 1 ?> and <![CDATA[x]]>",
    "<p>&lt;!DOCTYPE html&gt; and &lt;?php echo 1 ?&gt; and &lt;![CDATA[x]]&gt;</p>",
  ],
  ["a script in a sentence", "put <script>x</script> here", "<p>put &lt;script&gt;x&lt;/script&gt; here</p>"],
  ["an end without a beginning", "until </script> **b**", "<p>until &lt;/script&gt; <strong>b</strong></p>"],
])("what only looks like HTML is shown as it was written: %s", (_name, content, expected) => {
  expect(html(content)).toBe(expected);
});

test.each([
  "textarea",
  "script",
  "style",
  "title",
  "iframe",
  "noscript",
  "xmp",
  "plaintext",
  "template",
  "select",
  "svg",
  "video",
  "audio",
])("a <%s> that is never closed takes nothing of the note with it", (name) => {
  for (const before of ["", "Use ", "- ", "> ", "text\n", "| ", "# "]) {
    const { text } = renderNow({
      content: `${before}<${name}>\nnext line\n\n**last** words`,
      format: "markdown",
      anchor: "k3",
    });

    expect(text).toContain(`<${name}>`);
    expect(text).toContain("next line");
    expect(html(`${before}<${name}>\nnext line\n\n**last** words`)).toContain("<strong>last</strong> words");
  }
});

test.each([
  ["a tag in a sentence", "a <b>bold", "<p>a &lt;b&gt;bold</p>\n<p>after</p>"],
  ["a comment", "<!-- a", "<p>&lt;!-- a</p>\n<p>after</p>"],
  ["code", "a <code>b", "<p>a &lt;code&gt;b</p>\n<p>after</p>"],
  ["a link", "a <a href=/b>c", "<p>a &lt;a href=/b&gt;c</p>\n<p>after</p>"],
])("%s that is left open does not reach into the next paragraph", (_name, content, expected) => {
  expect(html(`${content}\n\nafter`)).toBe(expected);
});

test.each(["script", "style", "textarea", "title", "svg", "template", "iframe"])(
  "a block of <%s> goes with its content, and nothing else does",
  (name) => {
    expect(html(`before\n\n<${name}>\nalert(1)\n</${name}>\n\nafter`)).toBe("<p>before</p>\n<p>after</p>");
    expect(html(`<div>a<${name}>b</${name}>c</div>\n\nafter`)).toBe("<div>ac</div><p>after</p>");
  },
);

test("within a block of HTML, too, unknown tags are text", () => {
  expect(html("<div>\nuse <branch> or <textarea> <!-- here\n</div>\n\nafter")).toBe(
    "<div>\nuse &lt;branch&gt; or &lt;textarea&gt; &lt;!-- here\n</div><p>after</p>",
  );
});

test("a player with its sources is a player", () => {
  expect(html("<video>\n<source src=/v.mp4 type=video/mp4>\n</video>")).toBe(
    '<p><video controls="" preload="none"><source src="/v.mp4" type="video/mp4"></video></p>',
  );
});
