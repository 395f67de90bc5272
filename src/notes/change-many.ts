import { tagName } from "../lib/tag-name.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { BulkOrder } from "./bulk-act.ts";
import { parseBulkOrder } from "./bulk-act.ts";
import { doMany } from "./do-many.ts";
import { chosenLabels } from "./note.ts";
import type { Origin } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import { publishDraft, reviseNote } from "./revise.ts";
import type { NotesContext } from "./save.ts";
import { restoreNote, trashNote } from "./trash.ts";

/**
 * Does one thing to many notes, each by its own operation with a revision of its own, so that readers and writers go on
 * meanwhile. What each note was stays for `undoMany`; what is left out, with the reason. The same key is done once:
 * returns false where it was. Throws `invalid` as parseBulkOrder, else as `doMany`.
 */
export async function changeMany(ctx: NotesContext, asked: BulkOrder, origin: Origin): Promise<boolean> {
  const order = parseBulkOrder(asked);
  const act = { order, origin: { ...origin, actKey: order.key } };
  return await doMany(ctx, order, (note) => ACTS[order.action](ctx, note, act));
}

type Act = { readonly order: BulkOrder; readonly origin: Origin };

const IN_TRASH = said`It is in the trash.`;

type Change = (ctx: NotesContext, note: StoredNote, act: Act) => Promise<Words | undefined>;

/** What each act does to a note; each answers why it left one out. */
const ACTS: Readonly<Record<BulkOrder["action"], Change>> = {
  async tag(ctx, note, { order, origin }) {
    if (note.status === "trashed") return IN_TRASH;
    const names = new Set(note.tags.map(({ name }) => name));
    const missing = order.tags.filter((label) => !names.has(tagName(label)));
    if (missing.length === 0) return said`It had them already.`;
    return await retag(ctx, note, { labels: [...chosenLabels(note), ...missing], origin });
  },
  async untag(ctx, note, { order, origin }) {
    if (note.status === "trashed") return IN_TRASH;
    const unwanted = new Set(order.tags.map(tagName));
    const found = note.tags.filter(({ name }) => unwanted.has(name));
    const kept = chosenLabels(note).filter((label) => !unwanted.has(tagName(label)));
    if (found.length === 0) return said`It had none of them.`;
    if (found.every(({ inText }) => inText === true)) return said`Its text has the hashtag: take it out there.`;
    return await retag(ctx, note, { labels: kept, origin });
  },
  async publish(ctx, note, { origin }) {
    if (note.status === "published") return said`It was out already.`;
    await publishDraft(ctx, note.id, { origin });
    return undefined;
  },
  async unlist(ctx, note, { origin }) {
    if (note.status === "trashed") return IN_TRASH;
    if (note.visibility === "unlisted") return said`It was unlisted already.`;
    if (note.visibility === "private") return said`It is private: unlisted, others could read it.`;
    await reviseNote(ctx, note.id, { visibility: "unlisted", expectedVersion: note.version, origin });
    return undefined;
  },
  async trash(ctx, note, { origin }) {
    if (note.status === "trashed") return said`It was in the trash already.`;
    await trashNote(ctx, note.id, origin);
    return undefined;
  },
  async restore(ctx, note, { origin }) {
    if (note.status !== "trashed") return said`It is not in the trash.`;
    await restoreNote(ctx, note.id, origin);
    return undefined;
  },
};

async function retag(
  ctx: NotesContext,
  note: StoredNote,
  { labels, origin }: { labels: readonly string[]; origin: Origin },
): Promise<undefined> {
  await reviseNote(ctx, note.id, { tags: labels, expectedVersion: note.version, origin });
}
