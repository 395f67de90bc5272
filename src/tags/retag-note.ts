import { hashtagOf, replaceMarkdownHashtags, replaceTextHashtags } from "../lib/replace-hashtags.ts";
import { tagName } from "../lib/tag-name.ts";
import { said } from "../lib/words.ts";
import type { Tag } from "../notes/note.ts";
import { chosenLabels } from "../notes/note.ts";
import { parseTags } from "../notes/note-input.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { unspacedTextOf } from "../notes/render-note.ts";
import type { Composition, NotesContext } from "../notes/save.ts";
import { compose } from "../notes/save.ts";
import type { TagOrder } from "./tag-act.ts";

/** A note as it shall be, and what was rendered where its text changed too. */
export type Retagged = { readonly after: StoredNote; readonly composition: Composition | undefined };

/**
 * Puts one tag in the place of others, or of nothing: among those that its author chose, and as a hashtag in its text.
 * Returns the reason where the text cannot be changed. Throws `invalid` where the note breaks a rule with it.
 */
export async function retagNote(
  ctx: NotesContext,
  note: StoredNote,
  order: Pick<TagOrder, "sources" | "target">,
): Promise<Retagged | string> {
  const names = new Set(order.sources);
  const word = order.target === undefined ? "" : hashtagOf(order.target);
  const content = note.content.includes("#") ? rewrite(note, { names, word }) : note.content;
  const tags = chosenAfter(note, order, word);
  if (content === note.content) {
    if (note.tags.some((tag) => tag.inText === true && goes(tag, order))) return IN_TEXT;
    const kept = note.tags.filter((tag) => tag.inText === true && !names.has(tag.name)).map(({ label }) => label);
    const after = { ...note, tags: parseTags(tags, kept) };
    return { after: { ...after, unspacedText: unspacedTextOf(after) }, composition: undefined };
  }
  const { contentFormat, title, language, properties, anchor } = note;
  const composition = await compose(ctx, { content, contentFormat, title, tags, language, properties }, anchor);
  if (composition.tags.some((tag) => goes(tag, order))) return IN_TEXT;
  const { remoteImages: _images, aliases: _aliases, ...written } = composition;
  return { after: { ...note, ...written }, composition };
}

/** Stored in English. */
const IN_TEXT = said`Its text has the hashtag where it cannot be changed by itself: change it there.`.toString();

function rewrite({ content, contentFormat }: StoredNote, change: { names: ReadonlySet<string>; word: string }): string {
  if (contentFormat === "markdown") return replaceMarkdownHashtags(content, change);
  return contentFormat === "text" ? replaceTextHashtags(content, change) : content;
}

/** The chosen tags with the new one in the place of the first that goes; one that only stood in the text may become chosen. */
function chosenAfter(
  note: StoredNote,
  { sources, target }: Pick<TagOrder, "sources" | "target">,
  word: string,
): string[] {
  const isSource = (label: string) => sources.includes(tagName(label));
  const labels = chosenLabels(note).map((label) => (isSource(label) ? target : label));
  // As a hashtag it would be written otherwise than its author does.
  const isLost = word !== target && note.tags.some((tag) => tag.inText === true && sources.includes(tag.name));
  return [...labels, ...(isLost ? [target] : [])].filter((label) => label !== undefined);
}

/** Whether a note must not have a tag after the act. */
function goes(tag: Tag, { sources, target }: Pick<TagOrder, "sources" | "target">): boolean {
  return sources.includes(tag.name) && (target === undefined || tag.name !== tagName(target));
}
