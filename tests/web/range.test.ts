import { expect, test } from "vitest";
import { chooseRange } from "../../src/web/range.ts";

const FILE = { size: 100, etag: '"abc"' };

test.each([
  ["bytes=0-0", { start: 0, end: 0 }],
  ["bytes=0-99", { start: 0, end: 99 }],
  ["bytes=10-", { start: 10, end: 99 }],
  ["bytes=10-1000", { start: 10, end: 99 }],
  ["bytes=99-", { start: 99, end: 99 }],
  ["bytes=-1", { start: 99, end: 99 }],
  ["bytes=-1000", { start: 0, end: 99 }],
  ["bytes= 5 - 9", { start: 5, end: 9 }],
  ["bytes=100-", "unsatisfiable"],
  ["bytes=100-200", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  [undefined, "whole"],
  ["", "whole"],
  ["bytes=", "whole"],
  ["bytes=-", "whole"],
  ["bytes=9-5", "whole"],
  ["bytes=200-100", "whole"],
  ["bytes=0-1,5-6", "whole"],
  ["items=0-5", "whole"],
  ["bytes=a-b", "whole"],
  ["bytes=1e1-20", "whole"],
  ["bytes=99999999999999999999-", "whole"],
])("of 100 bytes, Range: %s is answered with %j", (range, answer) => {
  expect(chooseRange({ range }, FILE)).toEqual(answer);
});

test.each([
  ['"abc"', { start: 0, end: 9 }],
  ['W/"abc"', "whole"],
  ['"other"', "whole"],
  ["Sun, 01 Mar 2026 09:30:00 GMT", "whole"],
])("a range with If-Range: %s is answered with %j", (condition, answer) => {
  expect(chooseRange({ range: "bytes=0-9", "if-range": condition }, FILE)).toEqual(answer);
});

test("an empty file has no range", () => {
  expect(chooseRange({ range: "bytes=0-" }, { size: 0, etag: '""' })).toBe("unsatisfiable");
  expect(chooseRange({ range: "bytes=-5" }, { size: 0, etag: '""' })).toBe("unsatisfiable");
});
