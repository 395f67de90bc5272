import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { excerpt } from "../lib/text.ts";
import { paths } from "../lib/urls.ts";
import type { NavigationEntry } from "../site/navigation.ts";
import { MAX_ENTRY_LABEL_LENGTH } from "../site/navigation.ts";
import { findInMenu, placeInMenu } from "../site/place-in-menu.ts";
import type { Note } from "./note.ts";
import { isReadable } from "./note.ts";
import { wantsMenu } from "./page-options.ts";

/** A page before and after a save, and whether its author just said that it is to stand in the menu. */
export type MenuChange = {
  readonly before?: Note | undefined;
  readonly after: Note;
  readonly wanted?: boolean | undefined;
};

/** Whether the menu leads to a page. */
export function isInMenu(db: Database, page: Pick<Note, "slug" | "kind">): boolean {
  return findInMenu(db, [paths.note(page)]) !== undefined;
}

/**
 * Lets the menu follow a page: its entry goes along with its address and its title, goes when others cannot read it any
 * more, and comes when they can. Runs inside the transaction of the save. Throws `invalid` where the author wants it in a
 * menu that is full.
 */
export function keepMenu(db: Database, change: MenuChange, now: Timestamp): void {
  const { before, after, wanted } = change;
  if (before?.kind !== "page" && after.kind !== "page") return;
  const addresses = [...(before ? [paths.note(before)] : []), paths.note(after)];
  const present = findInMenu(db, addresses);
  const entry = stands(after) && isWished(change, present !== undefined) ? toEntry(present, before, after) : undefined;
  placeInMenu(db, { addresses, entry, isAsked: wanted === true }, now);
}

/** What the author just said; else what the menu says; else, where the page just came out, what was said of it before. */
function isWished({ before, after, wanted }: MenuChange, isPresent: boolean): boolean {
  return wanted ?? (isPresent || (!stands(before) && wantsMenu(after)));
}

function stands(note: Note | undefined): boolean {
  return note !== undefined && note.kind === "page" && isReadable(note);
}

/** What the author called the entry stays; what the page called it follows its title. */
function toEntry(present: NavigationEntry | undefined, before: Note | undefined, after: Note): NavigationEntry {
  const isOwn = present !== undefined && present.label !== (before && labelOf(before));
  return { label: isOwn ? present.label : labelOf(after), address: paths.note(after) };
}

function labelOf(page: Note): string {
  return excerpt(page.title ?? (page.contentText.trim() || page.slug), MAX_ENTRY_LABEL_LENGTH);
}
