import { expect, test } from "vitest";
import { measure, measureAsync } from "../../src/lib/measure.ts";
import { measuredFetch } from "../../src/lib/measured-fetch.ts";
import type { Measurement } from "../../src/lib/measurement.ts";
import { retry } from "../../src/lib/outcome.ts";
import type { SafeFetch } from "../../src/lib/safe-fetch.ts";

function recorder() {
  const recorded: Measurement[] = [];
  return { recorded, metrics: { record: (measurement: Measurement) => void recorded.push(measurement) } };
}

const PAGE = { type: "render", name: "page" } as const;

test("what runs is recorded with its time, and its value comes back", async () => {
  const { recorded, metrics } = recorder();

  const values = [measure(metrics, PAGE, () => 1), await measureAsync(metrics, PAGE, () => Promise.resolve(2))];

  expect(values).toEqual([1, 2]);
  expect(recorded).toMatchObject([
    { ...PAGE, outcome: "ok", isFailed: false },
    { ...PAGE, outcome: "ok", isFailed: false },
  ]);
  expect(recorded.every(({ durationMs }) => durationMs > 0)).toBe(true);
});

test("what throws is recorded as failed, and throws on", async () => {
  const { recorded, metrics } = recorder();
  const broken = () => {
    throw new Error("broken");
  };

  expect(() => measure(metrics, PAGE, broken)).toThrow("broken");
  await expect(measureAsync(metrics, PAGE, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");

  expect(recorded.map(({ outcome, isFailed }) => [outcome, isFailed])).toEqual([
    ["failed", true],
    ["failed", true],
  ]);
});

test("an outgoing request is recorded under its host, with its status and size, and one that failed with why", async () => {
  const { recorded, metrics } = recorder();
  const answers: Record<string, Awaited<ReturnType<SafeFetch>>> = {
    "https://a.example:8443/page?secret": {
      ok: true,
      status: 404,
      headers: new Map(),
      body: Buffer.from("none"),
      url: "https://a.example:8443/page",
    },
  };
  const fetch = measuredFetch(
    (url) => Promise.resolve(answers[url] ?? { ok: false, outcome: retry("timeout") }),
    metrics,
  );

  for (const url of ["https://a.example:8443/page?secret", "https://b.example/", "no address"]) await fetch(url);

  expect(recorded.map(({ name, outcome, isFailed, size }) => [name, outcome, isFailed, size])).toEqual([
    ["a.example:8443", "404", false, 4],
    ["b.example", "retry", true, 0],
    ["invalid", "retry", true, 0],
  ]);
});
