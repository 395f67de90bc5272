import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/lib/clock.ts";

test("the machine's clock says what time it is, from millisecond to millisecond, also when it is set back", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const said = [1, 1, 2, 0].map((milliseconds) => {
    vi.setSystemTime(milliseconds);
    return systemClock();
  });

  expect(said).toEqual([
    "1970-01-01T00:00:00.001Z",
    "1970-01-01T00:00:00.001Z",
    "1970-01-01T00:00:00.002Z",
    "1970-01-01T00:00:00.000Z",
  ]);
});
