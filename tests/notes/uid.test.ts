import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { createUid } from "../../src/notes/save.ts";

test("ids of notes are UUIDs of version 7: in the order of their making, and none twice", () => {
  const times = ["1970-01-01T00:00:00.000Z", "2026-03-01T09:30:00.000Z", "2026-03-01T09:30:00.001Z"] as Timestamp[];

  const uids = times.map(createUid);

  for (const uid of uids)
    expect(uid).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u);
  expect([...uids].sort()).toEqual(uids);
  expect(uids[1]).toContain("019ca8bb-b5c0-7");
  expect(new Set(Array.from({ length: 100 }, () => createUid(times[1] as Timestamp))).size).toBe(100);
});
