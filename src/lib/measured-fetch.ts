import { isUrl } from "./is-url.ts";
import type { Recorder } from "./measure.ts";
import type { FetchResult, SafeFetch } from "./safe-fetch.ts";

/** Name of requests whose address is none. */
const NO_HOST = "invalid";

/** Records every outgoing request under the host that it was sent to, with the bytes that came back. */
export function measuredFetch(ask: SafeFetch, metrics: Recorder): SafeFetch {
  return async (url, options) => {
    const startedAt = performance.now();
    const result = await ask(url, options);
    metrics.record({
      type: "fetch",
      name: isUrl(url) ? new URL(url).host : NO_HOST,
      durationMs: performance.now() - startedAt,
      outcome: result.ok ? String(result.status) : result.outcome.result,
      isFailed: !result.ok,
      size: sizeOf(result),
    });
    return result;
  };
}

function sizeOf(result: FetchResult): number {
  return result.ok ? result.body.length : 0;
}
