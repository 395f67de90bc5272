import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/**
 * What starts programs and browsers, fills disks, or measures its own process: each file in a process of its own. All
 * others are run one after the other by two processes, which load the modules once; those of web/ by two new ones, since
 * a process keeps every connection that it ever opened.
 */
const APART = [
  "tests/{browser,faults,operations,scripts}/**/*.test.ts",
  "tests/lib/{buffer-garbage,render-pool}.test.ts",
  "tests/media/refused-images.test.ts",
  "tests/backup/backup-jobs.test.ts",
];
const ALL = "tests/**/*.test.ts";
const WEB = "tests/web/**/*.test.ts";

/** What takes longest, at first, so that both processes come to their end together. A fresh clone knows no durations. */
const LONGEST = [
  "tests/browser/site.test.ts",
  "tests/faults/publish-kill.test.ts",
  "tests/browser/look.test.ts",
  "tests/browser/text-loss.test.ts",
  "tests/operations/guides.test.ts",
  "tests/faults/memory.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.indexOf(relative(import.meta.dirname, moduleId));
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    exclude: ["tests/faults/long/**"], // `npm run faults`
    expect: { requireAssertions: true },
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 120_000, // No test is about speed; a machine with much else to do takes its time.
    hookTimeout: 120_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: "apart", include: APART } },
      { extends: true, test: { name: "together", include: [ALL], exclude: [...APART, WEB], isolate: false } },
      { extends: true, test: { name: "web", include: [WEB], isolate: false } },
    ],
  },
});
