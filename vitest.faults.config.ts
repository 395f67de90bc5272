import { defineConfig } from "vitest/config";

/** `npm run faults`: what takes minutes, one after the other, so that nothing but the fault disturbs. */
export default defineConfig({
  test: {
    include: ["tests/faults/long/**/*.test.ts"],
    expect: { requireAssertions: true },
    testTimeout: 900_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
