import { AppError } from "../lib/errors.ts";
import { readSettings } from "../site/settings-store.ts";
import { importDesk } from "./export-desk.ts";
import { importSections } from "./export-sections.ts";
import { countAllNotes } from "./export-store.ts";
import { importExportedRedirects, importMedia, importSettings, isExport, listExportFiles } from "./import-export.ts";
import type { ImportContext, ImportResult, ImportRules } from "./import-file.ts";
import { importFile } from "./import-file.ts";
import { listImportFiles } from "./import-files.ts";
import { planImport } from "./plan-import.ts";

export type { ImportContext, ImportResult } from "./import-file.ts";

/** How a folder is imported. */
export type ImportOptions = Pick<ImportRules, "overwrite" | "dryRun"> & {
  /** Whether the settings of an export are taken too; those of one that goes into a site without notes always are. */
  readonly withSettings?: boolean;
  /** Told after each file. */
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Imports all Markdown files below a folder, oldest first: new ones are published (drafts kept as drafts), changed ones
 * revised, unchanged ones left alone. What `starpunk export` wrote is made exactly as it was, media and settings included.
 * A file that cannot be taken is skipped with the reason and stops none of the rest; only a full disk or a database that
 * cannot be written ends the import. Throws AppError when `root` is no folder, or an export that is not whole.
 * Returns what became of each file, in the order of their paths.
 */
export async function importFolder(ctx: ImportContext, root: string, options: ImportOptions): Promise<ImportResult[]> {
  const isOurs = await isExport(root);
  const { files, refused } = isOurs ? { files: await listExportFiles(root), refused: [] } : await listImportFiles(root);
  const refusedParts = isOurs && !options.dryRun ? await importSite(ctx, root, options) : [];
  const folder = { root, timeZone: readSettings(ctx.db).timeZone, isExport: isOurs };
  const { order, slugs } = await planImport(ctx, folder, files);
  const { overwrite, dryRun, onProgress } = options;

  const results: ImportResult[] = [];
  for (const path of order) {
    const result = await importFile(ctx, path, { ...folder, overwrite, dryRun, slugs }).catch((error: unknown) => {
      throw toStop(error, results.length, order.length);
    });
    results.push(result);
    onProgress?.(results.length, order.length);
  }
  const skipped = refused.map((each) => ({ ...each, result: "skipped" as const }));
  return [...results, ...skipped, ...refusedParts].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** What an export has beside notes; before them, which are rendered with it. */
async function importSite(ctx: ImportContext, root: string, options: ImportOptions): Promise<ImportResult[]> {
  const isEmpty = countAllNotes(ctx.db) === 0;
  const media = await importMedia(ctx, root);
  const settings = isEmpty || options.withSettings === true ? await importSettings(ctx, root) : [];
  const desk = isEmpty || options.withSettings === true ? await importDesk(ctx, root) : [];
  const sections = isEmpty || options.withSettings === true ? await importSections(ctx, root) : [];
  return [...media, ...settings, ...desk, ...sections, ...(await importExportedRedirects(ctx, root))];
}

/** Says how far the import came: what was done before stays done. */
function toStop(error: unknown, done: number, total: number): unknown {
  if (!(error instanceof AppError)) return error;
  const stopped = `The import stopped after ${done} of ${total} files, which are kept`;
  const remedy = error.code === "storage_full" ? "The disk is full: make room" : error.message.replace(/\.$/u, "");
  return new AppError(error.code, `${stopped}. ${remedy}, then import again.`, { cause: error });
}
