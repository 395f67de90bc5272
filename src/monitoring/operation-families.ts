import type { SparseHistogram } from "../lib/histogram.ts";
import { Histogram } from "../lib/histogram.ts";
import type { MetricType } from "../lib/measurement.ts";
import { METRIC_TYPES } from "../lib/measurement.ts";
import type { Counted } from "../lib/metric-series.ts";
import { addUp } from "../lib/metric-series.ts";
import type { MetricsBuffer } from "../lib/metrics-buffer.ts";
import type { MetricFamily, MetricSample } from "./prometheus.ts";

/** Upper ends of the buckets that Prometheus is told, in seconds. */
export const BUCKET_SECONDS = [
  0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

type Labels = Readonly<Record<string, string>>;

type Total = { readonly name: string; readonly counted: Counted };

/** Everything that was counted since the start, as families for Prometheus. */
export function operationFamilies(metrics: MetricsBuffer): MetricFamily[] {
  const types = METRIC_TYPES.map((type) => ({ type, outcomes: metrics.totals(type) }));
  const totals = types.flatMap(({ type, outcomes }) => outcomes.map((total) => ({ type, ...total })));
  const names = types.flatMap(({ type, outcomes }) => joinOutcomes(type, outcomes));
  return [
    {
      name: "starpunk_operations_total",
      help: "Operations by type, name and outcome.",
      type: "counter",
      samples: totals.map(({ counted, ...labels }) => ({ labels, value: counted.durations.count })),
    },
    {
      name: "starpunk_operation_failures_total",
      help: "Operations that failed through a fault of ours or of those we ask.",
      type: "counter",
      samples: totals.map(({ counted, ...labels }) => ({ labels, value: counted.errors })),
    },
    {
      name: "starpunk_operation_size_total",
      help: "Bytes of answers and of what was fetched; rows for the database.",
      type: "counter",
      samples: totals.map(({ counted, ...labels }) => ({ labels, value: counted.size })),
    },
    {
      name: "starpunk_operation_duration_seconds",
      help: "How long operations took.",
      type: "histogram",
      samples: names.flatMap(({ labels, counted }) => histogramSamples(labels, counted.durations)),
    },
    {
      name: "starpunk_first_byte_seconds",
      help: "How long it took until the head of an answer was written.",
      type: "histogram",
      samples: names
        .filter(({ labels }) => labels.type === "http")
        .flatMap(({ labels, counted }) => histogramSamples(labels, counted.firstBytes)),
    },
  ];
}

/** Outcomes of one name taken together: the buckets of each would be too many. */
function joinOutcomes(type: MetricType, totals: readonly Total[]): { labels: Labels; counted: Counted }[] {
  const byName = new Map<string, Counted[]>();
  for (const { name, counted } of totals) byName.set(name, [...(byName.get(name) ?? []), counted]);
  return [...byName].map(([name, counted]) => ({ labels: { type, name }, counted: addUp(counted) }));
}

function histogramSamples(labels: Labels, durations: SparseHistogram): MetricSample[] {
  const histogram = Histogram.from(durations);
  const buckets = BUCKET_SECONDS.map((seconds) => ({
    suffix: "_bucket" as const,
    labels: { ...labels, le: String(seconds) },
    value: histogram.countUpTo(seconds * 1000),
  }));
  return [
    ...buckets,
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: histogram.count },
    { suffix: "_sum", labels, value: histogram.sum / 1000 },
    { suffix: "_count", labels, value: histogram.count },
  ];
}
