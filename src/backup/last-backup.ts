import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { backupFolder, listBackups } from "./stored-backups.ts";

/** The newest backup in the folder of the site, made by hand or by the schedule. */
export type LastBackup = {
  readonly name: string;
  readonly madeAt: Timestamp;
  /** Negative when the clock was set back since. */
  readonly ageSeconds: number;
  readonly sizeBytes: number;
  /** `ok`: it was restored and checked; `failed`: that went wrong; `pending`: it was not, or is being. */
  readonly proof: "ok" | "failed" | "pending";
  /** Why the proof failed; else empty. */
  readonly problem: string;
};

/** The newest backup; undefined when there is none. Copies that lie elsewhere are not seen. */
export function readLastBackup(ctx: Pick<Context, "config" | "clock">): LastBackup | undefined {
  const [newest] = listBackups(backupFolder(ctx.config));
  if (newest === undefined) return undefined;
  const { name, madeAt, sizeBytes, proof } = newest;
  const ageSeconds = Math.round((toMilliseconds(ctx.clock()) - toMilliseconds(madeAt)) / 1000);
  const verdict = proof === undefined ? "pending" : proof.problem === "" ? "ok" : "failed";
  return { name, madeAt, ageSeconds, sizeBytes, proof: verdict, problem: proof?.problem ?? "" };
}
