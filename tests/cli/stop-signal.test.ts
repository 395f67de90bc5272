import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { listenForStop } from "../../src/cli/stop-signal.ts";

/** A process that only hears signals, and remembers how it was ended. */
function createProcess({ isTTY = false } = {}) {
  const exits: number[] = [];
  const process = Object.assign(new EventEmitter(), { stdin: { isTTY }, exit: (code: number) => exits.push(code) });
  return { exits, emit: process.emit.bind(process), stopped: listenForStop(process as unknown as NodeJS.Process) };
}

test.each(["SIGTERM", "SIGINT"])("the first %s asks for a stop, and ends nothing by itself", async (name) => {
  const { exits, emit, stopped } = createProcess();

  emit(name);

  expect(await stopped).toEqual({ kind: "signal", name });
  expect(exits).toEqual([]);
});

test.each([
  ["SIGTERM", "SIGTERM"],
  ["SIGINT", "SIGINT"],
  ["SIGTERM", "SIGINT"],
])("%s and then %s end the process at once", async (first, second) => {
  const { exits, emit, stopped } = createProcess();

  emit(first);
  await stopped;
  emit(second);

  expect(exits).toEqual([1]);
});

test("one Ctrl-C on a terminal that arrives twice, by way of npm, is one signal", async () => {
  const { exits, emit, stopped } = createProcess({ isTTY: true });

  emit("SIGINT");
  emit("SIGINT");

  expect(await stopped).toEqual({ kind: "signal", name: "SIGINT" });
  expect(exits).toEqual([]);
});

test("an error that nobody caught asks for a stop too", async () => {
  const { emit, stopped } = createProcess();
  const error = new Error("boo");

  emit("uncaughtException", error);

  expect(await stopped).toEqual({ kind: "fault", error });
});
