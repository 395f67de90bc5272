import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportFolder } from "../../src/backup/export-folder.ts";
import type { ImportResult } from "../../src/backup/import-folder.ts";
import { importFolder } from "../../src/backup/import-folder.ts";
import type { Context } from "../../src/context/context.ts";
import { testFolder } from "./context.ts";

/** Exports a site into a folder that goes away with the running test; the folder is returned. */
export async function exportSite(ctx: Context, root = join(testFolder(), "site")): Promise<string> {
  await exportFolder(ctx, root, { isUpdate: false });
  return root;
}

/** Imports an export, and returns what was not simply created. */
export async function importSite(ctx: Context, root: string): Promise<ImportResult[]> {
  const results = await importFolder(ctx, root, { overwrite: false, dryRun: false });
  return results.filter(({ result }) => result !== "created");
}

/** Path and content of every file below a folder, in the order of their paths. */
export function readTree(root: string): Record<string, string> {
  const files = readdirSync(root, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(root.length + 1), readFileSync(path, "latin1")]));
}

/** All of a site that an export is to keep, notes in the order of the lists; without what a new database makes anew. */
export function readSite(ctx: Context): unknown {
  const notes = ctx.db.all(
    `SELECT uid, slug, kind, status, restore_status, visibility, published_at, published_offset, updated_at,
            first_public_at, created_at, trashed_at, content_format, language, title, tags, properties, unspaced_text,
            content_text, content, replace(content_html, anchor, 'anchor') AS html
       FROM notes
      ORDER BY published_at, id`,
  );
  const aliases = ctx.db.all(
    "SELECT path, notes.uid FROM note_aliases JOIN notes ON notes.id = note_aliases.note_id ORDER BY path",
  );
  const media = ctx.db.all(
    "SELECT name, media_type, size_bytes, width, height, original_name FROM media ORDER BY name",
  );
  const copies = ctx.db.all("SELECT url, media_name FROM remote_images WHERE media_name IS NOT NULL ORDER BY url");
  const settings = ctx.db.all("SELECT name, value FROM settings ORDER BY name");
  const desk = ctx.db.all("SELECT kind, name, fields FROM desk_items ORDER BY kind, name");
  const redirects = ctx.db.all("SELECT source, target, status FROM redirects ORDER BY source");
  const sections = ctx.db.all(
    "SELECT tag, title, description, description_html, description_text, pinned_notes FROM sections ORDER BY tag",
  );
  return { notes, aliases, media, copies, settings, desk, redirects, sections };
}
