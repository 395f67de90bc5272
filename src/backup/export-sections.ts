import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import type { Reader } from "../db/connection.ts";
import { AppError } from "../lib/errors.ts";
import { tagName } from "../lib/tag-name.ts";
import { parsePinned } from "../site/pinned.ts";
import { restoreSection } from "../tags/save-section.ts";
import type { Section } from "../tags/section.ts";
import { listSections } from "../tags/section-store.ts";
import { EXPORT_SECTIONS } from "./export-layout.ts";
import type { ImportResult } from "./import-file.ts";

type KeptSection = Pick<Section, "tag" | "title" | "description" | "pinnedNotes">;

/** What the author has made of tags, as an export has it. */
export function listExportedSections(db: Reader): KeptSection[] {
  return listSections(db).map(({ tag, title, description, pinnedNotes }) => ({ tag, title, description, pinnedNotes }));
}

/**
 * Takes the sections of an export over those that are there. Returns what breaks a rule, with the reason. An export from
 * before there were sections has none.
 */
export async function importSections(
  ctx: Pick<Context, "db" | "clock" | "config" | "metrics">,
  root: string,
): Promise<ImportResult[]> {
  const skipped: ImportResult[] = [];
  for (const section of await readSections(root)) {
    const reason = await takeSection(ctx, section);
    if (reason !== undefined) skipped.push({ path: EXPORT_SECTIONS, result: "skipped", reason });
  }
  return skipped;
}

async function takeSection(
  ctx: Pick<Context, "db" | "clock" | "config" | "metrics">,
  { tag, title = "", description = "", pinnedNotes = [] }: Partial<KeptSection>,
): Promise<string | undefined> {
  const name = tagName(String(tag));
  try {
    if (name !== tag) throw new AppError("invalid", "There is no such tag.");
    await restoreSection(ctx, { tag: name, title, description, pinnedNotes: parsePinned(pinnedNotes) });
    return undefined;
  } catch (error) {
    // One that breaks a rule stops none of the others; a full disk does.
    if (!(error instanceof AppError) || error.code === "storage_full") throw error;
    return `${name}: ${error.message}`;
  }
}

async function readSections(root: string): Promise<readonly Partial<KeptSection>[]> {
  const file = join(root, EXPORT_SECTIONS);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "[]";
    throw error;
  });
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list as Partial<KeptSection>[];
  } catch {
    // JSON says only by throwing that a text is none.
  }
  throw new AppError("invalid", `${file} cannot be read. Export the site again.`);
}
