import { describe, expect, test } from "vitest";
import { MAX_CONTENT_BYTES, MAX_IMMEDIATE_BYTES, RENDERER_VERSION, renderContent } from "../../src/lib/markdown.ts";

/** Renders Markdown with the anchor `k3`. */
async function html(content: string): Promise<string> {
  return (await renderContent({ content, format: "markdown", anchor: "k3" })).html.trim();
}

describe("GitHub's Markdown", () => {
  test.each([
    [
      "emphasis, strong, strike",
      "*a* **b** ~~c~~ ~d~",
      "<p><em>a</em> <strong>b</strong> <del>c</del> <del>d</del></p>",
    ],
    ["inline code", "`a < b`", "<p><code>a &lt; b</code></p>"],
    ["a link with a title", '[a](https://a.example "t")', '<p><a href="https://a.example" title="t">a</a></p>'],
    ["a link by reference", "[a][b]\n\n[b]: /c", '<p><a href="/c">a</a></p>'],
    [
      "a bare address",
      "see https://a.example/b?c=d.",
      '<p>see <a href="https://a.example/b?c=d">https://a.example/b?c=d</a>.</p>',
    ],
    ["a bare host", "www.a.example", '<p><a href="http://www.a.example">www.a.example</a></p>'],
    ["a mail address", "a@b.example", '<p><a href="mailto:a@b.example">a@b.example</a></p>'],
    ["a hard line break", "a  \nb\\\nc", "<p>a<br>b<br>c</p>"],
    ["a soft line break stays one", "a\nb", "<p>a\nb</p>"],
    ["a rule", "a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"],
    ["an ordered list with its start", "3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'],
    ["a quotation", "> a", "<blockquote>\n<p>a</p>\n</blockquote>"],
    ["an entity", "&copy; &amp; &lt;", "<p>© &amp; &lt;</p>"],
    ["right-to-left text", "שלום **עולם**", "<p>שלום <strong>עולם</strong></p>"],
  ])("%s", async (_name, content, expected) => {
    expect(await html(content)).toBe(expected);
  });

  test("a table scrolls within its own region and keeps its alignment", async () => {
    const table = await html("| a | b |\n|---|--:|\n| 1 | 2 |");

    expect(table).toMatch(/^<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>/);
    expect(table).toContain('<th align="right">b</th>');
    expect(table).toContain('<td align="right">2</td>');
  });

  test("a task list has disabled check boxes that say what they mean", async () => {
    const list = await html("- [ ] a\n- [x] b\n- c");

    expect(list).toBe(
      '<ul>\n<li class="task-list-item"><input type="checkbox" disabled="" aria-label="Not done"> a</li>\n' +
        '<li class="task-list-item"><input type="checkbox" checked="" disabled="" aria-label="Done"> b</li>\n<li>c</li>\n</ul>',
    );
  });

  test("an image is lazy and described", async () => {
    expect(await html('![a *b* & `c`](/media/x.png "t")')).toBe(
      '<p><img src="/media/x.png" alt="a b &amp; c" title="t" loading="lazy" decoding="async"></p>',
    );
  });
});

describe("headings", () => {
  test("the highest level of the note becomes h2, the others follow, none goes below h6", async () => {
    expect(await html("# a\n\n## b\n\n###### c")).toBe(
      '<h2 id="k3-h-a">a</h2>\n<h3 id="k3-h-b">b</h3>\n<h6 id="k3-h-c">c</h6>',
    );
    expect(await html("### a\n\n#### b")).toBe('<h2 id="k3-h-a">a</h2>\n<h3 id="k3-h-b">b</h3>');
  });

  test("the same words twice have two ids", async () => {
    const page = await html("# a\n\n# a\n\n# a 2\n\n# a");

    const ids = [...page.matchAll(/id="([^"]+)"/g)].map((match) => match[1]);
    expect(ids).toEqual(["k3-h-a", "k3-h-a-2", "k3-h-a-2-2", "k3-h-a-3"]);
  });

  test.each([
    ["Größe & *Maß*: `x`", "größe-maß-x"],
    ["日本語の見出し", "日本語の見出し"],
    ["🎉", "section"],
    ["a [link](/b) <kbd>c</kbd>[^1]\n\n[^1]: d", "a-link-c"],
  ])("%s can be linked to", async (heading, id) => {
    expect(await html(`# ${heading}`)).toContain(`id="k3-h-${id}"`);
  });

  test.each(["#the-1-st--heading", "#the-1st-heading", "#The%201st%20heading", "#k3-h-the-1st-heading"])(
    "a link to %s leads to the heading",
    async (href) => {
      expect(await html(`[x](${href})\n\n# The 1st heading!`)).toContain('<a href="#k3-h-the-1st-heading">x</a>');
    },
  );

  test("a link to nothing in the note stays as it is", async () => {
    expect(await html("[x](#top) [y](#%)")).toBe('<p><a href="#top">x</a> <a href="#%">y</a></p>');
  });
});

describe("alerts", () => {
  test.each(["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION", "note"])("[!%s] begins one", async (kind) => {
    const name = kind.toLowerCase();
    const title = name.charAt(0).toUpperCase() + name.slice(1);

    expect(await html(`> [!${kind}]\n> Some *text*\n>\n> - more`)).toBe(
      `<div class="alert alert-${name}">\n<p class="alert-title">${title}</p>\n<p>Some <em>text</em></p>\n` +
        "<ul>\n<li>more</li>\n</ul>\n</div>",
    );
  });

  test.each(["> [!OTHER]\n> a", "> [!NOTE] a", "> a\n> [!NOTE]", "[!NOTE]\na"])("%j is none", async (content) => {
    expect(await html(content)).not.toContain("alert");
  });

  test("one without text is only its title", async () => {
    expect(await html("> [!TIP]")).toBe('<div class="alert alert-tip">\n<p class="alert-title">Tip</p>\n</div>');
  });
});

describe("footnotes", () => {
  test("a reference leads to the note, and the note back to each reference", async () => {
    const page = await html("a[^x] b[^x]\n\n[^x]: The *note*.");

    expect(page).toBe(
      '<p>a<sup><a class="footnote-ref" id="k3-fnref-1" aria-describedby="k3-fn-label" href="#k3-fn-1">1</a></sup> ' +
        'b<sup><a class="footnote-ref" id="k3-fnref-1-2" aria-describedby="k3-fn-label" href="#k3-fn-1">1</a></sup></p>\n' +
        '<section class="footnotes">\n<h2 class="sr-only" id="k3-fn-label">Footnotes</h2>\n<ol>\n<li id="k3-fn-1">\n' +
        '<p>The <em>note</em>. <a class="footnote-backref" aria-label="Back to reference 1" href="#k3-fnref-1">↩</a> ' +
        '<a class="footnote-backref" aria-label="Back to reference 1-2" href="#k3-fnref-1-2">↩<sup>2</sup></a></p>\n</li>\n</ol>\n</section>',
    );
  });

  test("they are numbered as they are referred to, and one that nobody refers to is not shown", async () => {
    const page = await html("[^b] [^a]\n\n[^a]: first\n[^b]: second\n[^c]: third");

    expect(page.indexOf("second")).toBeLessThan(page.indexOf("first"));
    expect(page).not.toContain("third");
  });

  test("a reference without a note is text", async () => {
    expect(await html("a[^1]")).toBe("<p>a[^1]</p>");
  });

  test("a note may hold several blocks, and another reference", async () => {
    const page = await html("a[^1]\n\n[^1]: one[^2]\n\n    ```js\n    let a;\n    ```\n\n[^2]: two");

    expect(page).toContain('<code class="hljs language-js">');
    expect(page).toContain('<li id="k3-fn-2">\n<p>two');
  });

  test("two notes on one page share no id, whatever was rendered in between", async () => {
    const content = "# T\n\na[^1] b[^1]\n\n# T\n\n[^1]: n";

    const pages = await Promise.all(
      ["aaaa", "bbbb", "cccc"].map(
        async (anchor) => (await renderContent({ content, format: "markdown", anchor })).html,
      ),
    );

    const ids = [...pages.join("").matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(ids).toHaveLength(18);
    expect(new Set(ids).size).toBe(18);
    expect(pages[1]).toBe(pages[0]?.replaceAll("aaaa", "bbbb"));
  });
});

test("what is not Markdown is text with its line breaks, or HTML without what may not pass", async () => {
  const render = (format: string) => renderContent({ content: "*a*\n<b onclick=x>#c</b>", format, anchor: "k3" });

  expect(await render("text")).toMatchObject({
    html: '<p>*a*<br>\n&lt;b onclick=x&gt;<a class="hashtag" href="/tags/c">#c</a>&lt;/b&gt;</p>\n',
    hashtags: ["c"],
  });
  expect(await render("html")).toMatchObject({ html: "<p>*a*\n<b>#c</b></p>", hashtags: [] });
});

test("the words alone come without marks, and each block on a line of its own", async () => {
  const content =
    "# A *title*\n\nSome **text**[^1]  \nbroken.\n\n> [!NOTE]\n> Careful\n\n- [x] one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n" +
    "```py\nif a:\n    b  # c\n```\n\n![A cat](/c.png)\n\n[^1]: The note.";

  const { text } = await renderContent({ content, format: "markdown", anchor: "k3" });

  expect(text).toBe("A title\nSome text\nbroken.\nCareful\none\ntwo\na b\n1 2\nif a:\n    b  # c\nA cat\nThe note.");
});

test("every image is reported once, wherever it points", async () => {
  const content = "![a](b.png) ![c](https://d.example/e.png) ![a](b.png) <img src='/media/f.png'> ![g](data:h)";

  const { images } = await renderContent({ content, format: "markdown", anchor: "k3" });

  expect(images).toEqual(["b.png", "https://d.example/e.png", "/media/f.png"]);
});

test("nothing becomes nothing", async () => {
  expect(await renderContent({ content: " \n ", format: "markdown", anchor: "k3" })).toEqual({
    html: "",
    text: "",
    hashtags: [],
    images: [],
  });
});

test("characters that no page may hold never come out", async () => {
  expect(await html("a\u0000b\ud800c\r\nd\ufffee")).toBe("<p>abc\nde</p>");
});

test("a text at the greatest length is rendered, one byte more is refused with the remedy", async () => {
  const words = "Ein Wörtchen. ".repeat(MAX_CONTENT_BYTES).slice(0, MAX_CONTENT_BYTES);
  const longest = Buffer.from(words)
    .subarray(0, MAX_CONTENT_BYTES - 2)
    .toString()
    .replace(/\ufffd$/, "");
  const exact = longest.padEnd(longest.length + MAX_CONTENT_BYTES - Buffer.byteLength(longest), "x");

  expect(Buffer.byteLength(exact)).toBe(MAX_CONTENT_BYTES);
  expect((await renderContent({ content: exact, format: "markdown", anchor: "k3" })).text).toContain("Ein Wörtchen.");
  await expect(renderContent({ content: `${exact}x`, format: "markdown", anchor: "k3" })).rejects.toMatchObject({
    code: "invalid",
    field: "content",
    message: "A note can have at most 256 KB of text. Shorten it, or split it into several notes.",
  });
});

test("a text is rendered alike here and in the worker", async () => {
  const content = "# A\n\ntext[^1] #tag <b>x</b>\n\n[^1]: note\n\n".padEnd(MAX_IMMEDIATE_BYTES, "x");
  const render = (text: string) => renderContent({ content: text, format: "markdown", anchor: "k3" });

  const [here, there] = [await render(content), await render(`${content}x`)];

  expect(there.html.replace("xx", "x")).toBe(here.html.replace("xx", "x").replace("xx", "xxx"));
  expect(there.hashtags).toEqual(["tag"]);
});

test("the renderer's version is a whole number that stored notes can be compared with", () => {
  expect(Number.isInteger(RENDERER_VERSION)).toBe(true);
});
