import type { Database } from "../db/database.ts";
import { isUrl } from "../lib/is-url.ts";
import { plainPath } from "../lib/plain-path.ts";
import { findNoteByAlias } from "./alias-store.ts";
import type { StoredNote } from "./note-store.ts";
import { findNoteBySlug } from "./note-store.ts";

/**
 * The note that an address of this site leads to, or an old one, whatever its status: a whole address, a path, or the slug
 * alone. Undefined for any other text. `siteUrl` is the origin.
 */
export function findNoteAt(db: Database, text: string, siteUrl: string): StoredNote | undefined {
  const address = text.trim();
  const path = plainPath(pathOf(address, siteUrl));
  if (path === undefined) return undefined;
  const [, folder, slug = ""] = /^\/(notes\/)?([^/]+)$/u.exec(path) ?? [];
  const note = findNoteBySlug(db, slug);
  const isThere = note !== undefined && (isSlug(address) || (note.kind === "page") === (folder === undefined));
  if (isThere) return note;
  return (isSlug(address) ? findNoteByAlias(db, `/notes${path}`) : undefined) ?? findNoteByAlias(db, path);
}

function pathOf(address: string, siteUrl: string): string {
  if (isSlug(address)) return `/${encodeURIComponent(address)}`;
  if (address.startsWith("/") || !isUrl(address)) return address;
  const url = new URL(address);
  return url.origin === new URL(siteUrl).origin ? url.pathname : "";
}

function isSlug(address: string): boolean {
  return !address.includes("/");
}
