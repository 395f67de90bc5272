import type { Environment } from "../../src/config/config.ts";
import type { FetchResult, SafeFetch } from "../../src/lib/safe-fetch.ts";
import { examine, mend } from "../../src/monitoring/doctor.ts";
import type { Finding } from "../../src/monitoring/finding.ts";
import type { TestContext } from "./context.ts";

const OFFLINE: FetchResult = { ok: false, outcome: { result: "retry", reason: "Nobody is there." } };

/** What a test says of the examination of its site. */
export type DoctorOptions = { readonly env?: Environment; readonly fetch?: SafeFetch };

/** The findings of one kind that are not fine, or all of them. */
export async function findFaults(
  site: Pick<TestContext, "dir" | "ctx">,
  options: DoctorOptions = {},
): Promise<Finding[]> {
  const found = await examineSite(site, options);
  // A test's site has no backup, and is on no network, unless it says so.
  return found.filter(({ status, check }) => status !== "ok" && check !== "backup" && check !== "site_url");
}

/** Every finding. */
export function examineSite(
  { dir, ctx }: Pick<TestContext, "dir" | "ctx">,
  options: DoctorOptions = {},
): Promise<Finding[]> {
  const env = { DATA_DIR: dir, ...options.env };
  return examine({ env, clock: ctx.clock, fetch: options.fetch ?? (() => Promise.resolve(OFFLINE)) });
}

/** Has the faults mended; the lines say what was done, and the findings what is left. */
export async function mendSite(site: Pick<TestContext, "dir" | "ctx">): Promise<{ lines: string[]; left: Finding[] }> {
  const lines = await mend(await examineSite(site));
  return { lines, left: await findFaults(site) };
}

/** The same as one line each: `warning jobs: 1 whose process ended`. */
export function toLines(findings: readonly Finding[]): string[] {
  return findings.map(({ status, check, figure }) => `${status} ${check}: ${figure}`);
}
