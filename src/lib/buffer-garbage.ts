import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes of buffers that are let go of before the collector is told. */
export const MAX_BUFFER_GARBAGE_BYTES = 2 * 1024 * 1024;

/** Has V8 collect garbage at once: all of it, or that of young objects. */
export type Collect = (options?: { type: "minor" }) => void;

/**
 * Creates what is told of each buffer that passes through: `bytes` more will soon be garbage. The collector goes by the
 * objects of JavaScript, and does not come for the memory behind buffers before that is 32 MiB; told every 2 MiB, it
 * takes them off the young ones in a fraction of a millisecond.
 */
export function createBufferGarbage(): { add(bytes: number): void } {
  let collect: Collect | undefined;
  let uncollected = 0;
  return {
    add(bytes) {
      uncollected += bytes;
      if (uncollected <= MAX_BUFFER_GARBAGE_BYTES) return;
      uncollected = 0;
      collect ??= exposeCollector();
      collect({ type: "minor" });
    },
  };
}

/** Gets hold of V8's collector: a context that is made while the flag is set has `gc`, and no other has. */
export function exposeCollector(): Collect {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as Collect;
  setFlagsFromString("--no-expose-gc");
  return collect;
}
