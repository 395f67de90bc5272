import { expect, test } from "vitest";
import { once } from "../../src/lib/once.ts";

test("whoever asks at the same time or later gets the one thing that was loaded", async () => {
  let loads = 0;
  const load = once(async () => {
    loads += 1;
    return { loads };
  });

  const [first, second] = await Promise.all([load(), load()]);
  const third = await load();

  expect(second).toBe(first);
  expect(third).toBe(first);
  expect(loads).toBe(1);
});

test("a failure goes to everyone who waits, and the next one to ask tries again", async () => {
  let loads = 0;
  const load = once(async () => {
    loads += 1;
    if (loads === 1) throw new Error("not now");
    return "loaded";
  });

  const results = await Promise.allSettled([load(), load()]);
  const later = await load();

  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(later).toBe("loaded");
});
