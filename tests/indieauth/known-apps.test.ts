import { expect, test } from "vitest";
import { isKnownForMarkdown } from "../../src/indieauth/known-apps.ts";

test.each([
  ["https://micro.blog/", true],
  ["https://www.ia.net/writer", true],
  ["https://notmicro.blog/", false],
  ["https://app.example/micro.blog", false],
])("that %s writes Markdown is known: %j", (clientId, expected) => {
  expect(isKnownForMarkdown(clientId)).toBe(expected);
});
