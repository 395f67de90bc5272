import { setImmediate as nextTurn } from "node:timers/promises";
import type { Context } from "../../src/context/context.ts";
import type { Measurement } from "../../src/lib/measurement.ts";
import { MetricsBuffer } from "../../src/lib/metrics-buffer.ts";
import type { Gauges } from "../../src/monitoring/history-gauges.ts";
import { HistoryRecorder } from "../../src/monitoring/history-recorder.ts";
import type { TestContext, TestOverrides } from "./context.ts";
import { testContext } from "./context.ts";

/** A process that measures and writes down what it measured, as far as a test lets it. */
export type MeasuringProcess = { readonly metrics: MetricsBuffer; readonly history: HistoryRecorder };

/** A context in which processes measure, and time that passes in turns of the event loop, as real time does. */
export async function historyContext(overrides: TestOverrides = {}) {
  const context = await testContext(overrides);
  const pass = async (seconds: number) => {
    context.clock.advance(seconds);
    await nextTurn();
  };
  return { ...context, pass, begin: (gauges: Gauges = {}) => beginProcess(context, context.ctx, gauges) };
}

/** Begins a process of its own on the database of a context. */
export function beginProcess(
  { clock }: Pick<TestContext, "clock">,
  ctx: Context,
  gauges: Gauges = {},
): MeasuringProcess {
  const metrics = new MetricsBuffer({ clock: clock.now, isEnabled: ctx.config.METRICS_ENABLED });
  return { metrics, history: new HistoryRecorder({ ...ctx, metrics }, () => gauges) };
}

/** An answer of 5 ms, or what else a test wants. */
export function operation(changes: Partial<Measurement> = {}): Measurement {
  return { type: "http", name: "/", durationMs: 5, outcome: "200", isFailed: false, size: 10, ...changes };
}
