import { expect, test } from "vitest";
import { findCatalogue } from "../../src/lib/catalogue.ts";
import { formatBytes } from "../../src/lib/format-bytes.ts";
import { inWords } from "../../src/lib/words.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [1023, "1,023 bytes"],
  [1024, "1.0 KiB"],
  [-1536, "-1.5 KiB"],
  [100 * 1024, "100 KiB"],
  [4.25 * 1024 ** 2, "4.3 MiB"],
  [3 * 1024 ** 4, "3.0 TiB"],
  [3 * 1024 ** 5, "3,072 TiB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes).toString()).toBe(text);
});

test("a size is written as the language writes it", () => {
  const sizes = inWords(findCatalogue("de"), () =>
    [0, 1, 1023, 4.25 * 1024 ** 2].map((bytes) => `${formatBytes(bytes)}`),
  );

  expect(sizes).toEqual(["0 Bytes", "1 Byte", "1.023 Bytes", "4,3 MiB"]);
});
