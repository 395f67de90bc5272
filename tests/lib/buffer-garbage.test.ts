import { expect, test } from "vitest";
import { createBufferGarbage, MAX_BUFFER_GARBAGE_BYTES } from "../../src/lib/buffer-garbage.ts";

const BUFFER_BYTES = 128 * 1024;
const BUFFERS = 2_000;

test("buffers that are let go of take little more than the limit, however many there were", () => {
  const garbage = createBufferGarbage();
  let most = 0;
  const before = process.memoryUsage().arrayBuffers;

  for (let count = 0; count < BUFFERS; count += 1) {
    garbage.add(Buffer.alloc(BUFFER_BYTES).length);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }

  expect(most).toBeLessThan(3 * MAX_BUFFER_GARBAGE_BYTES);
});

test("nobody else gets at the collector", () => {
  createBufferGarbage().add(MAX_BUFFER_GARBAGE_BYTES + 1);

  expect("gc" in globalThis).toBe(false);
});
