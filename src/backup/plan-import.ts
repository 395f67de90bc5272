import type { Context } from "../context/context.ts";
import { isSlugFree } from "../notes/alias-store.ts";
import { listImportedSlugs } from "../notes/note-store.ts";
import { slugify, slugVariant } from "../notes/slug.ts";
import { slugOfPath } from "./imported-note.ts";
import type { ImportFolder } from "./read-import.ts";
import { publicationOf, readNote, recordedNote } from "./read-import.ts";

/** In which order files are taken, and where each will stand. */
export type ImportPlan = {
  /** Paths, the oldest note first. */
  readonly order: readonly string[];
  /** Path → slug. A file whose note will be called by its text or its time has none. */
  readonly slugs: ReadonlyMap<string, string>;
};

/**
 * Plans an import before anything is written: oldest first, so that row ids follow time, and with the slug of each file,
 * so that links between files can be led to notes that do not exist yet.
 */
export async function planImport(
  ctx: Pick<Context, "db">,
  folder: ImportFolder,
  files: readonly string[],
): Promise<ImportPlan> {
  const dated: DatedFile[] = [];
  for (const path of files) dated.push(await dateFile(folder, path));
  dated.sort((one, other) => (one.at === other.at ? 0 : one.at < other.at ? -1 : 1));
  return { order: dated.map(({ path }) => path), slugs: planSlugs(ctx.db, dated) };
}

type DatedFile = { readonly path: string; readonly at: string; readonly wanted: string };

async function dateFile(folder: ImportFolder, path: string): Promise<DatedFile> {
  try {
    const read = await readNote(folder, path);
    const { slug, title = "" } = read.note.input;
    const number = recordedNote(read)?.number;
    // An export numbers its notes, by which those of the same time stay in their order.
    const at = number === undefined ? publicationOf(read).publishedAt : ` ${String(number).padStart(16, "0")}`;
    return { path, at, wanted: slugify(slug) || slugify(title) };
  } catch {
    // It comes last; the reason is told when it is the file's turn.
    return { path, at: "~", wanted: slugify(slugOfPath(path)) };
  }
}

function planSlugs(db: Context["db"], files: readonly DatedFile[]): Map<string, string> {
  const slugs = new Map(listImportedSlugs(db));
  const taken = new Set(slugs.values());
  for (const { path, wanted } of files) {
    if (slugs.has(path) || wanted === "") continue;
    const slug = firstFree(wanted, (candidate) => !taken.has(candidate) && isSlugFree(db, candidate, { id: 0 }));
    slugs.set(path, slug);
    taken.add(slug);
  }
  return slugs;
}

function firstFree(base: string, isFree: (slug: string) => boolean): string {
  for (let attempt = 1; ; attempt += 1) {
    const slug = slugVariant(base, attempt);
    if (isFree(slug)) return slug;
  }
}
