import { expect, test } from "vitest";
import { MetricsBuffer } from "../../src/lib/metrics-buffer.ts";
import { operationFamilies } from "../../src/monitoring/operation-families.ts";
import { writePrometheus } from "../../src/monitoring/prometheus.ts";
import { NOW } from "../support/context.ts";
import { readPrometheus } from "../support/read-prometheus.ts";

function createBuffer(): MetricsBuffer {
  return new MetricsBuffer({ clock: () => NOW });
}

test("a strict reader finds every count, size and duration", () => {
  const metrics = createBuffer();
  const request = { type: "http", name: "/notes/:slug", outcome: "200", isFailed: false, size: 500 } as const;
  for (const durationMs of [0.2, 3, 70]) metrics.record({ ...request, durationMs, firstByteMs: 0.1 });
  metrics.record({ ...request, outcome: "500", isFailed: true, durationMs: 20_000 });

  const samples = readPrometheus(writePrometheus(operationFamilies(metrics)));

  const find = (name: string, labels: object) =>
    samples.find((each) => each.name === name && JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
  const labels = { type: "http", name: "/notes/:slug" };
  expect(find("starpunk_operations_total", { ...labels, outcome: "200" })).toBe(3);
  expect(find("starpunk_operation_failures_total", { ...labels, outcome: "500" })).toBe(1);
  expect(find("starpunk_operation_size_total", { ...labels, outcome: "200" })).toBe(1500);
  expect(find("starpunk_operation_duration_seconds_bucket", { ...labels, le: "0.005" })).toBe(2);
  expect(find("starpunk_operation_duration_seconds_bucket", { ...labels, le: "10" })).toBe(3);
  expect(find("starpunk_operation_duration_seconds_count", labels)).toBe(4);
  expect(find("starpunk_operation_duration_seconds_sum", labels)).toBeCloseTo(20.0732, 6);
  expect(find("starpunk_first_byte_seconds_count", labels)).toBe(3);
});

test("names with quotes, backslashes and line feeds come through", () => {
  const metrics = createBuffer();
  const name = 'a "quoted" \\ name\nin two lines';
  metrics.record({ type: "job", name, outcome: "done", isFailed: false, size: 0, durationMs: 1 });

  const samples = readPrometheus(writePrometheus(operationFamilies(metrics)));

  expect(samples[0]?.labels).toEqual({ type: "job", name, outcome: "done" });
});

test("a family without numbers is left out, and odd numbers are written as the format has them", () => {
  const gauge = (name: string, value?: number) => {
    return { name, help: "Help.", type: "gauge", samples: value === undefined ? [] : [{ value }] } as const;
  };

  const text = writePrometheus([
    gauge("none"),
    gauge("nan", Number.NaN),
    gauge("most", Number.POSITIVE_INFINITY),
    gauge("least", Number.NEGATIVE_INFINITY),
    gauge("tiny", 1e-9),
  ]);

  expect(readPrometheus(text).map(({ name, value }) => [name, value])).toEqual([
    ["nan", Number.NaN],
    ["most", Number.POSITIVE_INFINITY],
    ["least", Number.NEGATIVE_INFINITY],
    ["tiny", 1e-9],
  ]);
});

test.each([
  ["a 1", "line feed"],
  ["# TYPE a gauge\na 1\n", "is no HELP"],
  ["# HELP a b\n# TYPE a counter\na 1\n", "no counter"],
  ["# HELP a b\n# TYPE a gauge\na 1\na 1\n", "twice"],
  ["# HELP a b\n# TYPE a gauge\nb 1\n", "does not belong"],
  ["# HELP a b\n# TYPE a gauge\na{b=c} 1\n", "no sample"],
  ['# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n', "not cumulative"],
  ['# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n', "does not end"],
])("the strict reader refuses %j", (text, sentence) => {
  expect(() => readPrometheus(text)).toThrow(sentence);
});
