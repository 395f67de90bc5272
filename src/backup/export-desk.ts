import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import type { Reader } from "../db/connection.ts";
import type { DeskKind } from "../desk/desk-item.ts";
import { DESK_FIELDS } from "../desk/desk-item.ts";
import { findDeskItemId, listDeskItems } from "../desk/desk-item-store.ts";
import { saveDeskItem } from "../desk/save-desk-item.ts";
import { AppError } from "../lib/errors.ts";
import { EXPORT_DESK } from "./export-layout.ts";
import type { ImportResult } from "./import-file.ts";

const KINDS = Object.keys(DESK_FIELDS) as DeskKind[];

type KeptItem = { readonly name: string; readonly fields: Readonly<Record<string, string>> };

/** Snippets, templates and saved searches, as an export has them. */
export function listExportedDesk(db: Reader): Record<DeskKind, KeptItem[]> {
  const lists = KINDS.map((kind) => [
    kind,
    listDeskItems(db, kind).map(({ name, fields }): KeptItem => ({ name, fields })),
  ]);
  return Object.fromEntries(lists) as Record<DeskKind, KeptItem[]>;
}

/**
 * Takes what the desk of an export has; what is there under the same name is changed. Returns what breaks a rule, with
 * the reason. An export from before there was a desk has none.
 */
export async function importDesk(ctx: Pick<Context, "db" | "clock">, root: string): Promise<ImportResult[]> {
  const lists = await readDesk(root);
  const skipped: ImportResult[] = [];
  for (const kind of KINDS) {
    for (const item of lists[kind] ?? []) {
      const reason = await takeItem(ctx, kind, item);
      if (reason !== undefined) skipped.push({ path: EXPORT_DESK, result: "skipped", reason });
    }
  }
  return skipped;
}

async function takeItem(
  ctx: Pick<Context, "db" | "clock">,
  kind: DeskKind,
  { name, fields }: KeptItem,
): Promise<string | undefined> {
  try {
    await saveDeskItem(ctx, kind, { id: findDeskItemId(ctx.db, kind, name), name, fields });
    return undefined;
  } catch (error) {
    // One that breaks a rule stops none of the others; a full disk does.
    if (!(error instanceof AppError) || error.code === "storage_full") throw error;
    return `${kind} ${name}: ${error.message}`;
  }
}

async function readDesk(root: string): Promise<Partial<Record<DeskKind, KeptItem[]>>> {
  const file = join(root, EXPORT_DESK);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return JSON.parse(text) as Partial<Record<DeskKind, KeptItem[]>>;
  } catch (error) {
    throw new AppError("invalid", `${file} cannot be read. Export the site again.`, { cause: error });
  }
}
