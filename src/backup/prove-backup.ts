import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { databaseFile } from "../config/data-files.ts";
import { findDatabaseFaults, readCopy } from "../db/copy-database.ts";
import type { Clock } from "../lib/clock.ts";
import { countAllNotes, findNewestSlug, sumMediaBytes } from "./backup-store.ts";
import type { BackupRequest, MadeBackup } from "./make-backup.ts";
import { makeAlone, whileBackingUp } from "./make-backup.ts";
import { restoreBackup } from "./restore-backup.ts";
import { requireRoom } from "./room.ts";
import type { Proof } from "./stored-backups.ts";
import { sweepLeftovers, writeProof } from "./stored-backups.ts";

/** Renders the home page of the site in a data folder: its status and its HTML. */
export type RenderHome = (dataDir: string) => Promise<{ readonly status: number; readonly html: string }>;

/** What a proof takes besides the backup. */
export type ProofTools = { readonly clock: Clock; readonly renderHome: RenderHome };

/**
 * Makes a backup and proves it, and writes what that gave into FILE.json beside it. First removes what killed ones have
 * left in the folder. Throws where there is no backup; one that failed its proof is there, with its problem.
 */
export function makeProvedBackup(
  request: BackupRequest,
  renderHome: RenderHome,
): Promise<{ made: MadeBackup; proof: Proof }> {
  return whileBackingUp(request, async () => {
    const folder = dirname(request.file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    sweepLeftovers(folder);
    await requireRoom(folder, measureSite(request.dataDir));
    const made = await makeAlone(request);
    const proof = await proveBackup(made, { clock: request.clock, renderHome });
    writeProof(made.file, proof);
    return { made, proof };
  });
}

/**
 * Restores a backup into a folder beside it, which is removed again, and checks what is there: all that `restore` checks,
 * the database once more, the number of notes, and that the home page has the newest of them. Never throws: what goes
 * wrong is the problem.
 */
export async function proveBackup({ file, manifest }: MadeBackup, { clock, renderHome }: ProofTools): Promise<Proof> {
  const scratch = `${file}.proof`;
  const lostMedia = manifest.missing.length + manifest.damaged.length;
  const proof = (problem: string): Proof => ({ provedAt: clock(), problem, notes: manifest.notes, lostMedia });
  try {
    rmSync(scratch, { recursive: true, force: true });
    await restoreBackup({ file, dataDir: scratch, isForced: false, clock });
    return proof(await findProblem(scratch, { notes: manifest.notes, renderHome }));
  } catch (error) {
    // Whatever it is, it is the verdict: this backup could not be restored.
    return proof(error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function findProblem(
  dataDir: string,
  { notes, renderHome }: { notes: number; renderHome: RenderHome },
): Promise<string> {
  const found = readCopy(databaseFile({ DATA_DIR: dataDir }), (reader) => ({
    faults: findDatabaseFaults(reader),
    notes: countAllNotes(reader),
    newest: findNewestSlug(reader),
  }));
  if (found.faults[0] !== undefined) return `The restored database is damaged: ${found.faults[0]}.`;
  if (found.notes !== notes) return `The restored database has ${found.notes} notes instead of ${notes}.`;
  const { status, html } = await renderHome(dataDir);
  if (status !== 200) return `The home page of the restored site answers ${status}.`;
  const isNewestThere = found.newest === undefined || html.includes(`/notes/${encodeURIComponent(found.newest)}`);
  return isNewestThere ? "" : "The home page of the restored site lacks the newest note.";
}

/** Bytes that database and media take. */
function measureSite(dataDir: string): number {
  const file = databaseFile({ DATA_DIR: dataDir });
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return sizeOf(file) + sizeOf(`${file}-wal`) + readCopy(file, sumMediaBytes);
}
