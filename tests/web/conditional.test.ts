import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { judgeConditions } from "../../src/web/conditional.ts";

const CHANGED = "2026-03-01T09:30:00.250Z" as Timestamp;
const SAME_SECOND = "Sun, 01 Mar 2026 09:30:00 GMT";
const BEFORE = "Sun, 01 Mar 2026 09:29:59 GMT";
const AFTER = "Sun, 01 Mar 2026 09:30:01 GMT";

type Headers = Parameters<typeof judgeConditions>[0];

test.each<[headers: Headers, verdict: string]>([
  [{}, "proceed"],
  [{ "if-none-match": 'W/"a"' }, "not_modified"],
  [{ "if-none-match": '"a"' }, "not_modified"],
  [{ "if-none-match": 'W/"b"' }, "proceed"],
  [{ "if-none-match": '"x", W/"y","a"' }, "not_modified"],
  [{ "if-none-match": '"x,W/"a"' }, "proceed"],
  [{ "if-none-match": '"x", W/"y"' }, "proceed"],
  [{ "if-none-match": "*" }, "not_modified"],
  [{ "if-none-match": " * " }, "not_modified"],
  [{ "if-none-match": '*, "b"' }, "proceed"],
  [{ "if-none-match": "a" }, "proceed"],
  [{ "if-none-match": "" }, "proceed"],
  [{ "if-none-match": 'w/"b"' }, "proceed"],
  [{ "if-modified-since": SAME_SECOND }, "not_modified"],
  [{ "if-modified-since": AFTER }, "not_modified"],
  [{ "if-modified-since": BEFORE }, "proceed"],
  [{ "if-modified-since": "yesterday" }, "proceed"],
  [{ "if-modified-since": "2026-03-02T00:00:00Z" }, "proceed"],
  // If-None-Match outranks If-Modified-Since, both ways.
  [{ "if-none-match": 'W/"b"', "if-modified-since": AFTER }, "proceed"],
  [{ "if-none-match": 'W/"a"', "if-modified-since": BEFORE }, "not_modified"],
  [{ "if-none-match": "", "if-modified-since": AFTER }, "proceed"],
  [{ "if-match": "*" }, "proceed"],
  [{ "if-match": 'W/"a"' }, "failed"],
  [{ "if-match": '"a"' }, "failed"],
  [{ "if-match": '"b"' }, "failed"],
  [{ "if-match": "*", "if-none-match": "*" }, "not_modified"],
  [{ "if-match": '"b"', "if-none-match": 'W/"a"' }, "failed"],
  [{ "if-unmodified-since": BEFORE }, "failed"],
  [{ "if-unmodified-since": SAME_SECOND }, "proceed"],
  [{ "if-unmodified-since": "soon" }, "proceed"],
  // If-Match outranks If-Unmodified-Since.
  [{ "if-match": "*", "if-unmodified-since": BEFORE }, "proceed"],
  [{ "if-unmodified-since": BEFORE, "if-none-match": 'W/"a"' }, "failed"],
])("a page with a weak tag, changed at 9:30:00.250: %j means %s", (headers, expected) => {
  const verdict = judgeConditions(headers, { etag: 'W/"a"', lastModified: CHANGED });

  expect(verdict).toBe(expected);
});

test.each<[headers: Headers, verdict: string]>([
  [{ "if-match": '"a"' }, "proceed"],
  [{ "if-match": '"x", "a"' }, "proceed"],
  [{ "if-match": 'W/"a"' }, "failed"],
  [{ "if-none-match": 'W/"a"' }, "not_modified"],
  [{ "if-modified-since": AFTER }, "proceed"],
  [{ "if-unmodified-since": BEFORE }, "proceed"],
])("a file with a strong tag and no time: %j means %s", (headers, expected) => {
  const verdict = judgeConditions(headers, { etag: '"a"' });

  expect(verdict).toBe(expected);
});

test("a tag with a comma in it is one tag", () => {
  const verdict = judgeConditions({ "if-none-match": '"b", "a,1"' }, { etag: 'W/"a,1"' });

  expect(verdict).toBe("not_modified");
});

test("what has no tag matches no list, but is there for the star", () => {
  const list = judgeConditions({ "if-none-match": '"a"' }, { lastModified: CHANGED });
  const star = judgeConditions({ "if-none-match": "*" }, { lastModified: CHANGED });

  expect([list, star]).toEqual(["proceed", "not_modified"]);
});

test("a client that sends the date back as it had it is believed without reading it", () => {
  const asSent = { lastModified: CHANGED, modifiedDate: "a date as sent" };
  const same = judgeConditions({ "if-modified-since": "a date as sent" }, asSent);
  const other = judgeConditions({ "if-modified-since": BEFORE }, asSent);
  const tagged = judgeConditions({ "if-modified-since": "a date as sent", "if-none-match": '"b"' }, asSent);

  expect([same, other, tagged]).toEqual(["not_modified", "proceed", "proceed"]);
});
