import { accessSync, constants, existsSync, mkdirSync, statfsSync } from "node:fs";
import { full, unwritable } from "./start-error.ts";

/** Room that a start needs on the disk: a schema, a write-ahead log and its index. */
export const FREE_BYTES_MIN = 1024 * 1024;

const PRIVATE_FOLDER_MODE = 0o700;

/** Makes the folder of the database file `file` where it is missing. Throws DatabaseError when it cannot be written or its disk is full. */
export function prepareDataFolder(folder: string, file: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER_MODE });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < FREE_BYTES_MIN) throw full(file);
}
