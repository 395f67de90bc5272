import { DatabaseError } from "../db/database-error.ts";
import type { Hold } from "../db/folder-lock.ts";
import { claimFolder, holdFolder } from "../db/folder-lock.ts";
import { finishRestore, hasUnfinishedRestore } from "./finish-restore.ts";

/**
 * Says that this process works with the data folder, after it has finished what a killed restore has left half done.
 * Throws DatabaseError `locked` while a restore is under way.
 */
export function enterFolder(folder: string): Hold {
  const hold = holdFolder(folder);
  if (!hasUnfinishedRestore(folder)) return hold;
  hold.release();
  const claim = claimFolder(folder);
  if (claim === undefined) {
    throw new DatabaseError("locked", `Another StarPunk is finishing a restore into ${folder}: start again.`);
  }
  try {
    finishRestore(folder);
  } finally {
    claim.release();
  }
  return holdFolder(folder);
}
