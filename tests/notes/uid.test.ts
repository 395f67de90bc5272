import { expect, test } from "vitest";
import { createUid } from "../../src/notes/save.ts";

test("ids of notes are random UUIDs: none tells when its note was made, and none comes twice", () => {
  const uids = Array.from({ length: 100 }, createUid);

  for (const uid of uids)
    expect(uid).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u);
  expect(new Set(uids).size).toBe(100);
});
