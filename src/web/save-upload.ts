import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { MediaFile } from "../media/media-store.ts";
import type { TakenTypes } from "../media/save-file.ts";
import { saveFiles } from "../media/save-file.ts";
import type { UploadedFile } from "./multipart.ts";

type UploadContext = Pick<Context, "db" | "config" | "clock">;

/** What became of the files of a form. */
export type SavedUploads = {
  /** Of each, in their order: what it is now, or why it was refused. */
  readonly outcomes: readonly (MediaFile | AppError)[];
  /** For all of them: why one was refused, or how many were and why the first; undefined: none was. */
  readonly refusal: AppError | undefined;
};

/** Characters of the name of a file in a sentence about it. */
const NAME_LENGTH = 100;

/** Stores a file that came with a form: see `saveFile`. Throws what was wrong with it on its way, too. */
export async function saveUpload(ctx: UploadContext, file: UploadedFile, types: TakenTypes = {}): Promise<MediaFile> {
  const [saved] = (await saveUploads(ctx, [file], types)).outcomes;
  if (saved === undefined || saved instanceof AppError) throw saved;
  return saved;
}

/** Stores the files that came with a form: see `saveFiles`. One that is refused takes no other with it. */
export async function saveUploads(
  ctx: UploadContext,
  files: readonly UploadedFile[],
  types: TakenTypes = {},
): Promise<SavedUploads> {
  const arrived = files.filter(({ problem }) => problem === undefined);
  const uploads = arrived.map(({ name, path, sizeBytes, sourceHash }) => ({
    path,
    sizeBytes,
    sourceHash,
    originalName: name,
  }));
  const stored = await saveFiles(ctx, uploads, types);
  const outcomes = files.flatMap((file) => file.problem ?? stored[arrived.indexOf(file)] ?? []);
  return { outcomes, refusal: refusalOf(files, outcomes) };
}

function refusalOf(files: readonly UploadedFile[], outcomes: readonly (MediaFile | AppError)[]): AppError | undefined {
  const refused = outcomes.filter((outcome) => outcome instanceof AppError);
  const [first] = refused;
  if (first === undefined || files.length === 1) return first;
  const file = files[outcomes.indexOf(first)];
  // A file that was too large on its way is named already.
  const why = file?.problem === undefined ? said`${file?.name.slice(0, NAME_LENGTH) ?? ""}: ${first.said}` : first.said;
  const sentence =
    refused.length === 1
      ? said`One of ${files.length} files was not taken; the others are stored. ${why}`
      : said`${refused.length} of ${files.length} files were not taken; the others are stored. The first, ${why}`;
  return new AppError(first.code, sentence, { field: first.field ?? "image", cause: first });
}
