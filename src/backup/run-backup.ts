import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import type { Outcome } from "../lib/outcome.ts";
import { DONE, retry } from "../lib/outcome.ts";
import { IS_SOURCE, ROOT } from "../lib/root.ts";
import type { BackupKind } from "./stored-backups.ts";
import { backupFolder, newBackupName } from "./stored-backups.ts";

/** Most characters of what the other process says that are looked at for its reason. */
const MAX_SAID_LENGTH = 4_000;

/**
 * Makes and proves a backup in a process of its own, so that readers wait for neither; that process has a lower priority
 * than this one. An aborted `signal` ends it.
 */
export async function runBackup(
  ctx: Pick<Context, "config" | "clock">,
  kind: BackupKind,
  signal: AbortSignal,
): Promise<Outcome> {
  const file = join(backupFolder(ctx.config), newBackupName(kind, ctx.clock()));
  const { code, said } = await runProgram(["backup", file, "--prove"], { ctx, signal });
  if (code === 0) return DONE;
  if (signal.aborted) return retry("The program was stopped.");
  return retry(said.trim().split("\n").at(-1) || `The backup ended with ${code ?? "a signal"} and without a reason.`);
}

type Ended = { readonly code: number | null; readonly said: string };

function runProgram(
  words: readonly string[],
  { ctx, signal }: { ctx: Pick<Context, "config">; signal: AbortSignal },
): Promise<Ended> {
  const { DATA_DIR, SITE_URL } = ctx.config;
  // Tests run the source, the site its bundle.
  const program = IS_SOURCE ? ["--import", "tsx", join(ROOT, "src/main.ts")] : [join(ROOT, "dist/main.js")];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...program, ...words], {
      cwd: ROOT,
      env: { DATA_DIR, SITE_URL },
      stdio: ["ignore", "ignore", "pipe"],
      signal,
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + String(chunk)).slice(-MAX_SAID_LENGTH);
    });
    child.once("spawn", () => lowerPriority(child.pid));
    child.once("error", (error) => resolve({ code: null, said: error.message }));
    child.once("close", (code) => resolve({ code, said }));
  });
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It may have ended already, or the system does not let us: then it runs as any other process.
  }
}
