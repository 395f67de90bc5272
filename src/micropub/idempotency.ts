import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { hashSecret } from "../lib/secrets.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { hasOldSubmissions, removeOldSubmissions } from "../notes/submission-store.ts";

/** Characters of an Idempotency-Key. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;
/** How long the answer to a key is given again, in seconds: a day. */
export const IDEMPOTENCY_SECONDS = 86_400;

/** What the keys of apps begin with, among those of forms. */
const PREFIX = "app ";

/** Who sends a post, and under which key; undefined: without one. */
export type KeyedSender = { readonly grantId: number; readonly idempotencyKey?: string | undefined };

/**
 * Makes a post at most once under its Idempotency-Key, which counts for this grant and a day. `create` is given the form
 * key to save the note with, so note and key are one transaction. Throws `invalid` for a key that is too long, and for
 * one that came with another post before.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export async function createOnce(
  ctx: Pick<Context, "db" | "clock">,
  { grantId, idempotencyKey: key }: KeyedSender,
  create: (formKey: string | undefined) => Promise<StoredNote>,
): Promise<StoredNote> {
  if (key === undefined) return create(undefined);
  if (key === "" || key.length > MAX_IDEMPOTENCY_KEY_LENGTH) {
    throw invalid("Idempotency-Key", `Idempotency-Key has 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} characters.`);
  }
  await forgetOldKeys(ctx);
  try {
    return await create(`${PREFIX}${grantId} ${hashSecret(key)}`);
  } catch (error) {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
    throw invalid("Idempotency-Key", "This Idempotency-Key came with another post before. Send a fresh one.");
  }
}

async function forgetOldKeys(ctx: Pick<Context, "db" | "clock">): Promise<void> {
  const old = { prefix: PREFIX, before: addSeconds(ctx.clock(), -IDEMPOTENCY_SECONDS) };
  // A look first: a write is a synced commit.
  if (hasOldSubmissions(ctx.db, old)) await ctx.db.write(() => removeOldSubmissions(ctx.db, old));
}
