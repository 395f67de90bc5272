import type { Context } from "../context/context.ts";
import type { AnsweredRequest, RequestLines } from "./request-lines.ts";
import { createRequestLines } from "./request-lines.ts";

/** Least status that is our own failure. */
const SERVER_ERROR = 500;

/** Creates what hears of every answer, once: it goes into the log and into the metrics, so that they agree. */
export function createRequestRecord({ clock, log, metrics }: Pick<Context, "clock" | "log" | "metrics">): RequestLines {
  const lines = createRequestLines(clock, (text) => log.lines?.(text));
  return {
    answered: lines.answered,
    flush: lines.flush,
    write(request) {
      lines.write(request);
      metrics.record({
        type: "http",
        name: request.route,
        durationMs: request.durationMs,
        outcome: toOutcome(request),
        isFailed: request.status >= SERVER_ERROR,
        size: request.sizeBytes,
        firstByteMs: request.firstByteMs,
        requestId: request.requestId,
      });
    },
  };
}

function toOutcome({ result, status }: AnsweredRequest): string {
  return result === "aborted" ? "aborted" : String(status);
}
