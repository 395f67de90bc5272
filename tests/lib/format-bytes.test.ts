import { expect, test } from "vitest";
import { formatBytes } from "../../src/lib/format-bytes.ts";

test.each([
  [0, "0 bytes"],
  [1023, "1023 bytes"],
  [1024, "1.0 KiB"],
  [-1536, "-1.5 KiB"],
  [100 * 1024, "100 KiB"],
  [4.25 * 1024 ** 2, "4.3 MiB"],
  [3 * 1024 ** 4, "3.0 TiB"],
  [3 * 1024 ** 5, "3072 TiB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
