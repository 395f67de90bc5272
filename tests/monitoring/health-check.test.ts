import { expect, test } from "vitest";
import type { HealthCheck } from "../../src/monitoring/health-check.ts";
import { runChecks, worstOf } from "../../src/monitoring/health-check.ts";

function check(look: HealthCheck["look"]): HealthCheck {
  return { name: "x", title: "X", look };
}

const FINE = { status: "ok", figure: "1", limit: "2", remedy: "" } as const;

test("a check that hangs has failed after its time, and holds up no other", async () => {
  const results = await runChecks([check(() => new Promise(() => {})), check(() => FINE)], 20);

  expect(results.map(({ status }) => status)).toEqual(["failed", "ok"]);
  expect(results[0]?.figure.toString()).toBe("no answer within 0.02 s");
});

test("a check that throws has failed, with its words", async () => {
  const broken = () => {
    throw new Error("no such table");
  };

  const results = await runChecks([check(broken), check(() => Promise.reject(new Error("gone")))]);

  expect(results.map(({ status, figure }) => [status, figure])).toEqual([
    ["failed", "no such table"],
    ["failed", "gone"],
  ]);
});

test("the worst of all is what counts; nothing at all is well", () => {
  const warning = { ...FINE, status: "warning" } as const;
  const failed = { ...FINE, status: "failed" } as const;

  expect([[], [FINE], [FINE, warning], [warning, failed, FINE]].map(worstOf)).toEqual([
    "ok",
    "ok",
    "warning",
    "failed",
  ]);
});
