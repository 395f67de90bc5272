import { expect, test } from "vitest";
import { MAX_SHARED_TEXTS, SharedTexts } from "../../src/web/shared-texts.ts";

test("as many texts are shared as the limit, those past it stay as they come", () => {
  const shared = new SharedTexts();
  const texts = Array.from({ length: MAX_SHARED_TEXTS + 1 }, (_, index) => `Cache-Tag: note-${index}\r\n`);

  const said = [...texts, ...texts].map((text) => shared.share(text));
  const full = shared.size;
  shared.clear();

  expect(said).toEqual([...texts, ...texts]);
  expect(full).toBe(MAX_SHARED_TEXTS);
  expect(shared.size).toBe(0);
});
