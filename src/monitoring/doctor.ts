import type { Environment } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { SafeFetch } from "../lib/safe-fetch.ts";
import { examineConfig } from "./examine-config.ts";
import { examineDatabase } from "./examine-database.ts";
import { examineBackups, examineKept, examineLeftovers, examinePermissions } from "./examine-files.ts";
import { examineClock, examineDisk, examineNode } from "./examine-machine.ts";
import { examineSiteUrl } from "./examine-site-url.ts";
import type { Finding, Patient } from "./finding.ts";
import { failure } from "./finding.ts";
import { examineTheme } from "./theme-check.ts";

/** What the doctor looks at, and with what. */
export type Examination = { readonly env: Environment; readonly clock: Clock; readonly fetch: SafeFetch };

/**
 * Looks at everything that a site needs, and changes nothing: configuration, files, database, network. What is broken is a
 * finding and never keeps it from looking at the rest.
 */
export async function examine({ env, clock, fetch }: Examination): Promise<Finding[]> {
  const { config, findings } = examineConfig(env);
  const patient: Patient = { config, clock, fetch };
  const database = await examineDatabase(patient);
  return [
    examineNode(),
    ...findings,
    ...(await guard("permissions", () => examinePermissions(patient))),
    ...(await guard("disk_space", async () => [await examineDisk(patient)])),
    ...(await guard("clock", () => [examineClock(patient, database.newestStamp)])),
    ...database.findings,
    ...(await guard("theme", () => [examineTheme(patient)])),
    ...(await guard("leftovers", () => [examineLeftovers(patient)])),
    ...(await guard("kept_copies", () => [examineKept(patient)])),
    ...(await guard("backup", () => [examineBackups(patient)])),
    ...(await guard("site_url", async () => [await examineSiteUrl(patient, database.newestListed)])),
  ];
}

/** Mends what can be mended without risk. Returns what was done, or could not be, a sentence each. */
export async function mend(findings: readonly Finding[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { fix } of findings) {
    if (fix === undefined) continue;
    try {
      await fix.mend();
      lines.push(fix.done);
    } catch (error) {
      lines.push(`not done: ${fix.done} (${messageOf(error)})`);
    }
  }
  return lines;
}

async function guard(
  check: string,
  look: () => readonly Finding[] | Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [
      failure(check, `cannot be looked at (${messageOf(error)})`, "Give the user of the server the right to read it."),
    ];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
