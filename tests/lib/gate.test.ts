import { expect, test } from "vitest";
import { createGate, createKeyedGate } from "../../src/lib/gate.ts";

function work() {
  const running: (() => void)[] = [];
  const started: number[] = [];
  return {
    started,
    start: (number: number) => () => {
      started.push(number);
      return new Promise<void>((resolve) => running.push(resolve));
    },
    async finishFirst() {
      running.shift()?.();
      await new Promise(setImmediate);
    },
  };
}

test("a gate lets so many through and the others in the order in which they came", async () => {
  const gate = createGate(2);
  const jobs = work();
  const all = [1, 2, 3, 4].map((number) => gate.run(jobs.start(number)));

  expect(jobs.started).toEqual([1, 2]);
  await jobs.finishFirst();
  expect(jobs.started).toEqual([1, 2, 3]);
  await jobs.finishFirst();
  expect(jobs.started).toEqual([1, 2, 3, 4]);
  await jobs.finishFirst();
  await jobs.finishFirst();
  await Promise.all(all);
});

test("a failure leaves its place to the next", async () => {
  const gate = createGate(1);

  const first = gate.run(() => Promise.reject(new Error("broken")));
  const second = gate.run(() => Promise.resolve("done"));

  await expect(first).rejects.toThrow("broken");
  await expect(second).resolves.toBe("done");
  await expect(gate.run(() => Promise.resolve("free again"))).resolves.toBe("free again");
});

test("gates of two keys do not wait for each other", async () => {
  const gates = createKeyedGate(1);
  const jobs = work();

  const all = [gates.run("a", jobs.start(1)), gates.run("a", jobs.start(2)), gates.run("b", jobs.start(3))];

  expect(jobs.started).toEqual([1, 3]);
  await jobs.finishFirst();
  expect(jobs.started).toEqual([1, 3, 2]);
  await jobs.finishFirst();
  await jobs.finishFirst();
  await Promise.all(all);
});
