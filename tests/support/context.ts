import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import type { Clock, Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { MetricsBuffer } from "../../src/lib/metrics-buffer.ts";

/** The moment at which every test begins. */
export const NOW = "2026-03-01T09:30:00.000Z" as Timestamp;

/** A clock that moves only when told to. */
export type TestClock = {
  readonly now: Clock;
  /** Lets time pass. When negative, sets the clock back. */
  readonly advance: (seconds: number) => void;
  /** Sets it to another time, while none passes. */
  readonly set: (moment: Timestamp) => void;
};

/** A context of its own: a temporary folder with a migrated database, a fixed clock, no log, no web. */
export type TestContext = {
  readonly ctx: Context;
  readonly clock: TestClock;
  /** DATA_DIR. */
  readonly dir: string;
  readonly close: () => void;
};

/** What a test has otherwise. */
export type TestOverrides = Partial<Omit<Context, "config" | "db" | "clock">> & { readonly config?: Partial<Config> };

/** Creates a context that is taken down when the running test has ended. */
export async function testContext(overrides: TestOverrides = {}): Promise<TestContext> {
  const opened = await openTestContext(overrides);
  onTestFinished(opened.close);
  return opened;
}

/** The same outside of a test, in `beforeAll` for instance; whoever asks for it closes it. */
export async function openTestContext({ config: changed, ...others }: TestOverrides = {}): Promise<TestContext> {
  const dir = mkdtempSync(join(tmpdir(), "starpunk-test-"));
  const file = join(dir, "starpunk.db");
  writeFileSync(file, await template(), { mode: 0o600 });
  const config = { ...loadConfig({ DATA_DIR: dir, SITE_URL: "https://blog.example" }), ...changed };
  const db = Database.open({ file, readers: config.DB_POOL_SIZE });
  const clock = createTestClock();
  const fetch: Context["fetch"] = (url) => Promise.reject(new Error(`A test tried to fetch ${url}`));
  const metrics = new MetricsBuffer({ clock: clock.now });
  return {
    ctx: { config, db, clock: clock.now, log: silentLogger(), fetch, metrics, ...others },
    clock,
    dir,
    close() {
      db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Creates a clock that stands at `NOW`. */
export function createTestClock(): TestClock {
  let moment = NOW;
  let passedMs = 0;
  return {
    now: Object.assign(() => moment, { steadyMs: () => passedMs }),
    advance(seconds) {
      moment = addSeconds(moment, seconds);
      passedMs += Math.max(0, seconds) * 1000;
    },
    set(other) {
      moment = other;
    },
  };
}

/** A folder of its own, removed when the running test has ended. */
export function testFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "starpunk-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

// The bytes of an empty, migrated database, made once in each test process; every context starts from them.
let migrated: Promise<Buffer> | undefined;

function template(): Promise<Buffer> {
  migrated ??= makeTemplate();
  return migrated;
}

async function makeTemplate(): Promise<Buffer> {
  const dir = mkdtempSync(join(tmpdir(), "starpunk-template-"));
  try {
    const file = join(dir, "starpunk.db");
    await migrate({ file, clock: () => NOW });
    return readFileSync(file);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
