import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MAX_CONTENT_BYTES } from "../../src/lib/markdown.ts";
import { renderNow } from "../../src/lib/render.ts";
import { corpusFolder } from "../support/corpus.ts";
import { expectHarmless } from "../support/harmless.ts";

/** The texts of all notes of the corpus, without their front matter, by file. */
function texts(): [string, string][] {
  const folder = corpusFolder();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  return files.map((file) => [file, readFileSync(join(folder, file), "utf8").replace(/^---\n[\s\S]*?\n---\n/, "")]);
}

/** The letters and digits of a text, in order: what no rendering may lose. */
function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}

test("every note of the corpus is rendered harmlessly, and rendering the result again changes nothing", () => {
  const notes = texts();

  for (const [file, content] of notes) {
    const { html, text } = renderNow({ content, format: "markdown", anchor: "k3x9" });

    expectHarmless(html, "k3x9");
    expect(renderNow({ content: html, format: "html", anchor: "k3x9" }), file).toMatchObject({ html, text });
  }
  expect(notes.length).toBeGreaterThan(100);
}, 120_000);

test("no code of the corpus loses a letter", () => {
  for (const [file, content] of texts()) {
    const { text } = renderNow({ content, format: "markdown", anchor: "k3x9" });
    const blocks = [...content.matchAll(/^```[^\n`]*\n([\s\S]*?)^`{3,}[ \t]*$/gm)].map((match) =>
      letters(match[1] ?? ""),
    );

    const lost = blocks.filter((block) => !letters(text).includes(block));
    expect(lost, file).toEqual([]);
  }
  expect.hasAssertions();
}, 60_000);

test("no note of the corpus is anywhere near the limits", () => {
  const longest = Math.max(...texts().map(([, content]) => Buffer.byteLength(content)));

  expect(longest).toBeLessThan(MAX_CONTENT_BYTES / 4);
});
