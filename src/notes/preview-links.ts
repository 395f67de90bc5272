import { secondsLeft } from "../auth/time-left.ts";
import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { createSecret, hashSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote } from "./note-store.ts";
import type { PreviewLink } from "./preview-link-store.ts";
import {
  findPreviewLink,
  insertPreviewLink,
  listPreviewLinks,
  removePreviewLink,
  removePreviewLinks,
} from "./preview-link-store.ts";
import { requireNote } from "./save.ts";

/** Days for which a link can be made. */
export const PREVIEW_DAYS: readonly number[] = [1, 7, 30];

/** Most links of one note that work at once. */
export const MAX_PREVIEW_LINKS = 20;

const DAY_SECONDS = 24 * 3600;
const LONGEST_SECONDS = Math.max(...PREVIEW_DAYS) * DAY_SECONDS;

type LinkContext = Pick<Context, "db" | "clock">;

/**
 * Makes a link by which anyone who has it reads the note, whatever its status, for so many days. Returns its secret, which
 * is nowhere else. Throws `not_found`, `gone` for a note in the trash or erased, `invalid` for other days, or too many.
 */
export async function createPreviewLink(
  ctx: LinkContext,
  noteId: number,
  days: number,
): Promise<{ secret: string; link: PreviewLink }> {
  if (!PREVIEW_DAYS.includes(days))
    throw invalid("days", said`A link works for 1 day, 7 days or 30 days. Choose one of these.`);
  const secret = createSecret();
  const createdAt = ctx.clock();
  const made = { noteId, createdAt, expiresAt: addSeconds(createdAt, days * DAY_SECONDS) };
  const id = await ctx.db.write(() => {
    if (requireNote(ctx.db, noteId).status === "trashed") {
      throw new AppError("gone", said`This note is in the trash. Restore it before you share it.`);
    }
    const links = listPreviewLinks(ctx.db, noteId);
    for (const link of links) if (!isOpen(ctx, link)) removePreviewLink(ctx.db, link.id);
    if (listPreviewLinks(ctx.db, noteId).length >= MAX_PREVIEW_LINKS) {
      throw invalid("days", said`A note has at most ${MAX_PREVIEW_LINKS} links. Revoke them before you make another.`);
    }
    return insertPreviewLink(ctx.db, { ...made, secretHash: hashSecret(secret) });
  });
  const link = { ...made, id };
  isOpen(ctx, link); // Looked at once, its time passes also while the clock is set.
  return { secret, link };
}

/** The links of a note that work, the newest first. */
export function listOpenPreviewLinks(ctx: LinkContext, noteId: number): PreviewLink[] {
  return listPreviewLinks(ctx.db, noteId).filter((link) => isOpen(ctx, link));
}

/** Ends all links of a note, at once and for good. */
export function revokePreviewLinks(ctx: Pick<Context, "db">, noteId: number): Promise<void> {
  return ctx.db.write(() => removePreviewLinks(ctx.db, noteId));
}

/** The note that a link's secret opens; undefined when it was revoked, has run out or never was, or the note is away. */
export function findPreviewedNote(
  ctx: LinkContext,
  secret: string,
): { note: StoredNote; link: PreviewLink } | undefined {
  // The index is asked for the hash of 256 random bits: how long that takes tells nothing about a secret.
  const link = findPreviewLink(ctx.db, hashSecret(secret));
  if (link === undefined || !isOpen(ctx, link)) return undefined;
  const note = findNote(ctx.db, link.noteId);
  return note === undefined || note.status === "trashed" || note.status === "erased" ? undefined : { note, link };
}

function isOpen(ctx: LinkContext, { id, expiresAt }: PreviewLink): boolean {
  return secondsLeft(ctx, `preview ${id}`, { endsAt: expiresAt, longestSeconds: LONGEST_SECONDS }) > 0;
}
