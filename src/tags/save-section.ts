import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { invalid, notFound } from "../lib/errors.ts";
import { excerpt } from "../lib/text.ts";
import { paths } from "../lib/urls.ts";
import { said } from "../lib/words.ts";
import { isInLists } from "../notes/note.ts";
import { findNote } from "../notes/note-store.ts";
import type { PinMove } from "../notes/pins.ts";
import { movePinned } from "../notes/pins.ts";
import { renderNote } from "../notes/render-note.ts";
import { MAX_ENTRY_LABEL_LENGTH } from "../site/navigation.ts";
import { MAX_PINNED_NOTES } from "../site/pinned.ts";
import { findInMenu, placeInMenu } from "../site/place-in-menu.ts";
import type { Section, TypedSection } from "./section.ts";
import { parseSection } from "./section.ts";
import { listSectionPins } from "./section-pins.ts";
import { findSection, removeSection, writeSection } from "./section-store.ts";
import { findUsedTag } from "./tag-store.ts";

type SectionContext = Pick<Context, "db" | "clock" | "config" | "metrics">;

/**
 * Saves title and description of the section of a tag; `inMenu`, where it is said, brings it into the menu or takes it
 * out. With nothing of it left the tag has no section. Throws `invalid` with the field, also for a menu that is full, and
 * `not_found` for a tag that nothing has.
 */
export async function saveSection(
  ctx: SectionContext,
  tag: string,
  typed: TypedSection & { readonly inMenu?: boolean | undefined },
): Promise<void> {
  const section = { tag, ...(await render(ctx, tag, parseSection(typed))) };
  const now = ctx.clock();
  await ctx.db.write(() => {
    const label = requireTag(ctx.db, tag);
    const { pinnedNotes } = findSection(ctx.db, tag) ?? EMPTY;
    keepSection(ctx.db, { ...section, pinnedNotes }, now);
    const { inMenu } = typed;
    if (inMenu !== undefined) keepMenu(ctx.db, { tag, label: section.title || label, inMenu }, now);
  });
}

/** Stores a section whole, as an export has it. Throws `invalid` with the field. */
export async function restoreSection(
  ctx: SectionContext,
  section: TypedSection & Pick<Section, "tag" | "pinnedNotes">,
): Promise<void> {
  const { tag, pinnedNotes } = section;
  const rendered = await render(ctx, tag, parseSection(section));
  await ctx.db.write(() => keepSection(ctx.db, { tag, ...rendered, pinnedNotes }, ctx.clock()));
}

/** Renders a description again, after something about an image in it changed. Nothing happens to one that is gone. */
export async function rerenderSection(ctx: SectionContext, tag: string): Promise<void> {
  const before = findSection(ctx.db, tag);
  if (before === undefined) return;
  const { descriptionHtml, descriptionText } = await render(ctx, tag, before);
  await ctx.db.write(() => {
    const current = findSection(ctx.db, tag);
    if (current?.description !== before.description) return; // It was saved meanwhile, and rendered with that.
    keepSection(ctx.db, { ...current, descriptionHtml, descriptionText }, ctx.clock());
  });
}

/**
 * Changes which notes stand first on the page of a tag. Pins of notes that are in its list no more go with it. Throws
 * `not_found`, and `invalid` for a note that is not in its list, and past MAX_PINNED_NOTES.
 */
export async function moveSectionPin(
  ctx: Pick<Context, "db" | "clock">,
  tag: string,
  { noteId, move }: { readonly noteId: number; readonly move: PinMove },
): Promise<void> {
  const now = ctx.clock();
  await ctx.db.write(() => {
    const note = findNote(ctx.db, noteId);
    if (note === undefined) throw notFound("note");
    if (move === "pin" && !(isInLists(note) && note.tags.some(({ name }) => name === tag))) {
      throw invalid("note", said`Only a published note with this tag can stand first on its page.`);
    }
    const section = findSection(ctx.db, tag) ?? { ...EMPTY, tag };
    const pinned = listSectionPins(ctx.db, section).map(({ uid }) => uid);
    const pinnedNotes = movePinned(pinned, note.uid, move);
    if (pinnedNotes.length > MAX_PINNED_NOTES) {
      throw invalid("note", `${MAX_PINNED_NOTES} notes are pinned, as many as may be. Unpin one first.`);
    }
    keepSection(ctx.db, { ...section, pinnedNotes }, now);
  });
}

/** Whether the menu leads to the page of a tag. */
export function isTagInMenu(db: Database, tag: string): boolean {
  return findInMenu(db, [paths.tag({ name: tag })]) !== undefined;
}

const EMPTY: Section = {
  tag: "",
  title: "",
  description: "",
  descriptionHtml: "",
  descriptionText: "",
  pinnedNotes: [],
};

async function render(
  ctx: SectionContext,
  tag: string,
  typed: TypedSection,
): Promise<Omit<Section, "tag" | "pinnedNotes">> {
  if (typed.description === "") return { ...typed, descriptionHtml: "", descriptionText: "" };
  // The same text gives the same ids, so that an export of it gives the same bytes.
  const anchor = `t${createHash("sha256").update(tag).digest("hex").slice(0, 10)}`;
  const { contentHtml, contentText } = await renderNote(ctx, {
    content: typed.description,
    contentFormat: "markdown",
    anchor,
    properties: {},
  });
  return { ...typed, descriptionHtml: contentHtml, descriptionText: contentText };
}

function requireTag(db: Database, name: string): string {
  const label = findUsedTag(db, name)?.label ?? findSection(db, name)?.title;
  if (label === undefined) throw notFound("tag");
  return label || name;
}

/** What equals the present section is no change: no page goes stale. */
function keepSection(db: Database, section: Section, now: Timestamp): void {
  const before = findSection(db, section.tag);
  const { title, description, pinnedNotes } = section;
  const isEmpty = title === "" && description === "" && pinnedNotes.length === 0;
  if (isEmpty && before !== undefined) removeSection(db, section.tag, now);
  if (isEmpty || isDeepStrictEqual(before, section)) return;
  writeSection(db, section, now);
}

/** What the entry says stays while it stands there: the author may have changed it. */
function keepMenu(db: Database, wish: { tag: string; label: string; inMenu: boolean }, now: Timestamp): void {
  const address = paths.tag({ name: wish.tag });
  const present = findInMenu(db, [address]) ?? { label: excerpt(wish.label, MAX_ENTRY_LABEL_LENGTH), address };
  placeInMenu(db, { addresses: [address], entry: wish.inMenu ? present : undefined, isAsked: true }, now);
}
