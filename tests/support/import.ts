import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ImportContext, ImportOptions, ImportResult } from "../../src/backup/import-folder.ts";
import { importFolder } from "../../src/backup/import-folder.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNoteByImportPath } from "../../src/notes/note-store.ts";
import { testFolder } from "./context.ts";

/** When the files were written that a test writes: before its clock. */
const WRITTEN_SECONDS = Date.UTC(2020, 0, 1) / 1000;

/** Writes files, by their paths, into a folder that goes away with the running test; the folder is returned. */
export function writeFolder(files: Readonly<Record<string, string | Buffer>>, root = testFolder()): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    utimesSync(join(root, path), WRITTEN_SECONDS, WRITTEN_SECONDS);
  }
  return root;
}

/** Imports a folder, and tells in one line each what became of its files: `created a.md`, `skipped b.md: why`. */
export async function importLines(
  ctx: ImportContext,
  root: string,
  options: Partial<ImportOptions> = {},
): Promise<string[]> {
  const results = await importFolder(ctx, root, { overwrite: false, dryRun: false, ...options });
  return results.map(toLine);
}

/** The note that was made of a file. Throws where there is none. */
export function importedNote(ctx: ImportContext, path: string): StoredNote {
  const note = findNoteByImportPath(ctx.db, path);
  if (note === undefined) throw new Error(`There is no note of ${path}.`);
  return note;
}

function toLine({ path, result, reason, missing = [] }: ImportResult): string {
  const why = reason === undefined ? "" : `: ${reason}`;
  return `${result} ${path}${why}${missing.map((target) => ` (missing ${target})`).join("")}`;
}
