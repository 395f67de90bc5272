import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** How a part of the program is. `warning` is for what will trouble someone soon, `failed` for what does now. */
export type CheckStatus = "ok" | "warning" | "failed";

/** What was found, and what to do about it. */
export type CheckResult = {
  readonly status: CheckStatus;
  /** What was measured, with its unit. */
  readonly figure: Words;
  /** What else there is to say of the figure. */
  readonly detail?: Words;
  /** What it may be. */
  readonly limit: Words;
  /** What to do; empty while all is well. */
  readonly remedy: Words;
};

/** One thing that is looked at. */
export type HealthCheck = {
  /** As machines call it: `disk_space`. */
  readonly name: string;
  readonly title: Words;
  readonly look: () => CheckResult | Promise<CheckResult>;
};

/** A check with its result. */
export type CheckedHealth = Pick<HealthCheck, "name" | "title"> & CheckResult;

/** How long a look may take; one that hangs counts as failed, in milliseconds. */
export const CHECK_TIMEOUT_MS = 2_000;

/** Looks at everything at once. Never throws: what throws or hangs has failed. */
export function runChecks(
  checks: readonly HealthCheck[],
  timeoutMs: number = CHECK_TIMEOUT_MS,
): Promise<CheckedHealth[]> {
  return Promise.all(
    checks.map(async ({ name, title, look }) => ({ name, title, ...(await lookWithin(look, timeoutMs)) })),
  );
}

/** The worst of them. */
export function worstOf(results: readonly CheckResult[]): CheckStatus {
  const order: readonly CheckStatus[] = ["failed", "warning", "ok"];
  return order.find((status) => results.some((result) => result.status === status)) ?? "ok";
}

async function lookWithin(look: HealthCheck["look"], timeoutMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve(hangs(timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(look), late]);
  } catch (error) {
    return {
      status: "failed",
      figure: error instanceof Error ? error.message : String(error),
      limit: said`an answer`,
      remedy: said`See /admin/problems, or look for the same words in the log.`,
    };
  } finally {
    clearTimeout(timer);
  }
}

function hangs(timeoutMs: number): CheckResult {
  return {
    status: "failed",
    figure: said`no answer within ${timeoutMs / 1000} s`,
    limit: `${timeoutMs / 1000} s`,
    remedy: said`Something holds it up: look at the disk and at other programs that use DATA_DIR.`,
  };
}
