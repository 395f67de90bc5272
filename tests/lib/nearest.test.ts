import fc from "fast-check";
import { expect, test } from "vitest";
import { countChanges, findNearest } from "../../src/lib/nearest.ts";

test.each([
  ["serve", "serve", 0],
  ["", "abc", 3],
  ["sevre", "serve", 1],
  ["srve", "serve", 1],
  ["sserve", "serve", 1],
  ["sarve", "serve", 1],
  ["HOME", "HOST", 2],
  ["migrate", "import", 5],
])("from %j to %j it takes %i changes", (a, b, changes) => {
  expect(countChanges(a, b)).toBe(changes);
});

test("the distance is the same in both directions, and never more than the longer word", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const changes = countChanges(a, b);
      expect(changes).toBe(countChanges(b, a));
      expect(changes).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(changes === 0).toBe(a === b);
    }),
  );
});

test("a limit changes no answer up to it, and lets none past it through", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, most) => {
      const changes = countChanges(a, b);
      const limited = countChanges(a, b, most);
      if (changes <= most) expect(limited).toBe(changes);
      else expect(limited).toBeGreaterThan(most);
    }),
    { numRuns: 1_000 },
  );
});

test("the nearest candidate is found, whatever its case, and none beyond the limit", () => {
  expect(findNearest("IMPROT", ["serve", "import"])).toBe("import");
  expect(findNearest("imp", ["serve", "import"])).toBeUndefined();
  expect(findNearest("imp", ["serve", "import"], 3)).toBe("import");
});
