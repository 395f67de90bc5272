import type { Context } from "../context/context.ts";
import type { StagedFile } from "../media/stage.ts";
import { createStage, uploadsFolder } from "../media/stage.ts";
import { openImportFile, tooLargeFile } from "./import-files.ts";

/** A file of an import: where it lies, and how large it may be. */
export type ImportedFile = { readonly root: string; readonly path: string; readonly maxBytes: number };

/**
 * Copies a file below `root` to a stage, as uploads lie there, and gives it to `use`; nothing of the copy is left after that.
 * Throws what `openImportFile` throws, and `too_large` past `maxBytes`.
 */
export async function withStagedFile<Result>(
  { config }: Pick<Context, "config">,
  { root, path, maxBytes }: ImportedFile,
  use: (staged: StagedFile) => Promise<Result>,
): Promise<Result> {
  const stage = createStage(uploadsFolder(config));
  try {
    const { stream, sizeBytes } = await openImportFile(root, path, maxBytes);
    const tooLarge = () => tooLargeFile(sizeBytes, maxBytes);
    return await use(await stage.write(stream, { maxBytes: () => maxBytes, tooLarge }));
  } finally {
    await stage.clear();
  }
}
