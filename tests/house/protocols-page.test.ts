import { expect, test } from "vitest";
import { readText } from "./sources.ts";

/** The rows of the tables of requirements: what, section, and what shows it. */
function rows(): { requirement: string; shown: string }[] {
  return [...readText("docs/protocols.md").matchAll(/^\| (.+?) \| (.*?) \| (.+) \|$/gm)]
    .map(([, requirement = "", , shown = ""]) => ({ requirement, shown }))
    .filter(({ requirement }) => requirement !== "requirement");
}

test("each requirement of the protocols page names a test that is there, or a reason", () => {
  const wrong = rows().filter(({ shown }) => {
    const [, file, title] = /^`([\w/-]+)`: (.+)$/.exec(shown) ?? [];
    if (file === undefined || title === undefined) return shown.startsWith("`") || !shown.includes(" ");
    return !titlesOf(`tests/${file}.test.ts`).some((known) => known.includes(title));
  });

  expect(rows().length).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
});

/** The names of tests in a file, as they are written there. */
function titlesOf(path: string): string[] {
  const named = /(?:test(?:\.each)?|\]\)?)\(\s*(["`])((?:(?!\1).)+)\1/g;
  return [...readText(path).matchAll(named)].map(([, , title = ""]) => title);
}
