import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readText } from "./sources.ts";

test("each app that the page of apps connects has its flow among the tests, which names its source, and three steps; and the other way round", () => {
  const sections = readText("docs/clients.md").split(/^## /gmu).slice(1);
  const documented = sections.map((section) => (section.split("\n")[0] ?? "").toLowerCase().replace(/[ .]+/gu, "-"));
  const tested = readdirSync("tests/protocol/clients").map((name) => name.replace(".ts", ""));
  const run = [...readText("tests/protocol/clients.test.ts").matchAll(/^import "\.\/clients\/([\w-]+)\.ts";$/gmu)];
  const unsourced = tested.filter(
    (name) => !/^\/\/ .*[\w-]+\/[\w.-]+ \(/mu.test(readText(`tests/protocol/clients/${name}.ts`)),
  );

  expect(documented.sort()).toEqual(tested.sort());
  expect(run.map(([, name]) => name).sort()).toEqual(tested);
  expect(unsourced).toEqual([]);
  for (const section of sections) expect(section.match(/^\d\. /gmu)).toEqual(["1. ", "2. ", "3. "]);
});
