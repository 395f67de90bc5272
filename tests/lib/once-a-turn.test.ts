import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { onceATurn } from "../../src/lib/once-a-turn.ts";

test("a value is made once in a turn of the event loop, and anew in the next", async () => {
  let made = 0;
  const next = onceATurn(() => {
    made += 1;
    return made;
  });

  const inOneTurn = [next(), next(), await Promise.resolve().then(next)];
  await nextTurn();
  const inTheNext = [next(), next()];

  expect([inOneTurn, inTheNext]).toEqual([
    [1, 1, 1],
    [2, 2],
  ]);
});

test("a failure is not kept: the next call tries again", () => {
  let tries = 0;
  const next = onceATurn(() => {
    tries += 1;
    if (tries === 1) throw new Error("not now");
    return tries;
  });

  expect(next).toThrow("not now");
  expect(next()).toBe(2);
});
