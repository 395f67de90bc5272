import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { MAX_HIGHLIGHTED_LINE, MAX_HIGHLIGHTED_LINE_OF_C } from "../../src/lib/highlight.ts";
import { MAX_CONTENT_BYTES, MAX_IMMEDIATE_BYTES, renderContent } from "../../src/lib/markdown.ts";
import { renderNow } from "../../src/lib/render.ts";

/** Units whose repetition made this or another renderer slow, deep or large. */
const BOMBS = [
  ..."a. a@ [ ![ [a]( [a](b) [a][ [a] ` `` < <!-- <b> <b><i> </p> <p> <a> <table> <td> <pre> * *a _a __a ~~ | |a > - # #a".split(
    " ",
  ),
  ...[
    "<a href=x>",
    "<table><tr><td>",
    "<code class=language-a>",
    "<b><div>x</div>",
    "<em><p>",
    "<details>",
    "<video>",
    "<svg>",
  ],
  ...[
    "> ",
    "- ",
    "1. ",
    "  - a\n",
    "# a\n",
    "#a ",
    "https://",
    "www.",
    "http://a)",
    "[^1]",
    "[^1]: a\n",
    "[a]: b\n",
    "> [!note]\n",
  ],
  ...[
    "|a|\n|-|\n",
    "&amp;",
    "&#x41;",
    "\\",
    "\n",
    " ",
    "\t",
    "é",
    "😀",
    "a*b_c~d`e[f](",
    "<script>",
    "<textarea>",
    "<unknown>",
  ],
];

/** Code that makes some grammar search again for every character. */
const CODE_BOMBS = ["[a](", "a", "a_", "{", '"', "$", "(", "1.", "<a ", "/*", "function ", "\n"];
const LANGUAGES = "markdown c cpp java ini r ruby php typescript scala graphql json sql swift xml yaml bash perl".split(
  " ",
);

function fill(unit: string, sizeBytes: number): string {
  return unit.repeat(Math.floor(sizeBytes / Buffer.byteLength(unit)));
}

/** The longest line that is highlighted. */
function lineLength(language: string): number {
  return language.startsWith("c") ? MAX_HIGHLIGHTED_LINE_OF_C : MAX_HIGHLIGHTED_LINE;
}

/** Least time of computing in a few tries, in milliseconds: a busy machine only ever adds. */
function computingMs(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 8 && least > 100; attempt++) {
    const before = process.cpuUsage();
    try {
      work();
    } catch {
      // Refused is an end, too.
    }
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

test.each(["markdown", "html", "text"])(
  "no %s that is rendered at once holds the site for 200 ms",
  (format) => {
    const slow = BOMBS.filter((unit) => {
      const content = fill(unit, MAX_IMMEDIATE_BYTES);
      return computingMs(() => renderNow({ content, format, anchor: "k3" })) >= 200;
    });

    expect(slow).toEqual([]);
  },
  60_000,
);

test("no code that is highlighted at once holds the site for 200 ms", () => {
  const slow = LANGUAGES.flatMap((language) =>
    CODE_BOMBS.filter((unit) => {
      const lines = `${fill(unit, lineLength(language))}\n`;
      const content = `\`\`\`${language}\n${fill(lines, MAX_IMMEDIATE_BYTES - 40)}\n\`\`\``;
      return computingMs(() => renderNow({ content, format: "markdown", anchor: "k3" })) >= 200;
    }).map((unit) => `${language}: ${unit}`),
  );

  expect(slow).toEqual([]);
}, 60_000);

test.each([
  ["prose", "Lorem *ipsum* dolor `sit` amet [link](https://a.example). "],
  ["paragraphs", "Lorem *ipsum* dolor `sit` amet [link](https://a.example).\n\n"],
  ["code", "```sql\nselect a, b from c where d = 'x';\n```\n\n"],
  ["one long line", "x"],
])("a note of the greatest length is rendered: %s", async (_name, unit) => {
  const content = fill(unit, MAX_CONTENT_BYTES);

  const { html } = await renderContent({ content, format: "markdown", anchor: "k3" });

  expect(html.length).toBeGreaterThan(MAX_CONTENT_BYTES);
});

test.each([
  ["a mail address without end", "markdown", `${"a.".repeat(100_000)}@`],
  [
    "columns without end",
    "markdown",
    `|${"a|".repeat(3000)}\n|${"-|".repeat(3000)}\n${`|${"a|".repeat(3000)}\n`.repeat(30)}`,
  ],
  ["references that refer to references", "markdown", fill("[a][b][c]\n\n[a]: b\n", 200_000)],
  ["quotations in quotations", "markdown", `${"> ".repeat(20_000)}a`],
  ["tags in tags", "html", fill("<b><i title=a>x", 200_000)],
  ["brackets", "markdown", fill("[a](<b", 200_000)],
])("%s is rendered or refused for what it is, and soon", async (_name, format, content) => {
  const startedAt = performance.now();

  const [result] = await Promise.allSettled([renderContent({ content, format, anchor: "k3" })]);

  expect(performance.now() - startedAt).toBeLessThan(15_000);
  if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "invalid", field: "content" });
  else expect(result.value.html).not.toBe("");
});

test("a text that takes too long is refused with the remedy, and the next one is rendered", async () => {
  const slow = renderContent({ content: `${"a.".repeat(120_000)}@`, format: "markdown", anchor: "k3" });
  const next = renderContent({ content: fill("fine *words* ", 20_000), format: "markdown", anchor: "k3" });

  await expect(slow).rejects.toMatchObject({
    code: "invalid",
    field: "content",
    message: expect.stringMatching(
      /^This text takes too long to render, more than half a second. Shorten it, or simplify/,
    ),
  });
  expect((await next).html).toContain("<em>words</em>");
});

test.each([
  ["at once", 2_500],
  ["in the worker", 8_000],
])("nesting that fills the stack is refused, not a failure: %s", async (_name, depth) => {
  await expect(
    renderContent({ content: `${"> ".repeat(depth)}a`, format: "markdown", anchor: "k3" }),
  ).rejects.toMatchObject({
    code: "invalid",
    field: "content",
    message: "This text is nested too deeply to be rendered. Simplify its lists, quotations or tags.",
  });
});

test("texts that come together are rendered one after the other, each as itself", async () => {
  const texts = Array.from({ length: 5 }, (_unused, index) => fill(`text ${index} `, 10_000));

  const rendered = await Promise.all(texts.map((content) => renderContent({ content, format: "text", anchor: "k3" })));

  expect(rendered.map(({ text }) => text.slice(0, 6))).toEqual(["text 0", "text 1", "text 2", "text 3", "text 4"]);
});

test("a process that waits for a long text gets it, and then ends by itself", async () => {
  const script = `
    import { renderContent } from "./src/lib/markdown.ts";
    const rendered = await renderContent({ content: "long *text* ".repeat(2000), format: "markdown", anchor: "k3" });
    console.log(rendered.html.length);
  `;
  const folder = fileURLToPath(new URL("../..", import.meta.url));

  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script],
    { cwd: folder, timeout: 19_000 },
  );

  expect(Number(stdout)).toBeGreaterThan(24_000);
});
