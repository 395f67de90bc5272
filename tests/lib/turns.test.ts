import { expect, test } from "vitest";
import { createTurns, REST_MS } from "../../src/lib/turns.ts";

const WAITING = 5;

test("each of those who wait gets a turn of the event loop, in the order in which they came", async () => {
  const turns = createTurns();
  const happened: string[] = [];
  let isOver = false;
  const look = (): void => {
    happened.push("others");
    if (!isOver) setImmediate(look);
  };

  const all = Array.from({ length: WAITING }, (_, index) => turns.next().then(() => happened.push(`turn ${index}`)));
  setImmediate(look);
  await Promise.all(all);
  isOver = true;

  const given = happened.filter((each) => each !== "others");
  expect(given).toEqual(Array.from({ length: WAITING }, (_, index) => `turn ${index}`));
  // Between any two turns everything else has had its own.
  const pairs = happened.slice(1).map((each, index) => `${happened[index]} ${each}`);
  expect(pairs.filter((pair) => /turn \d turn \d/u.test(pair))).toEqual([]);
});

test("whoever comes when nobody waits gets the next turn, again and again", async () => {
  const turns = createTurns();

  await turns.next();
  await turns.next();
  const late = turns.next();

  await expect(late).resolves.toBeUndefined();
});

test("while others are at work there is a rest after each turn", async () => {
  let others = 0;
  const turns = createTurns(() => others);
  const startedAt = performance.now();

  for (let turn = 0; turn < WAITING; turn += 1) {
    others += 1;
    await turns.next();
  }

  // A timer may ring a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(WAITING * (REST_MS - 1));
});
