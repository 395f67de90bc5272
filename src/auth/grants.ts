import type { Context } from "../context/context.ts";
import { notFound } from "../lib/errors.ts";
import type { StoredGrant } from "./grant-store.ts";
import { endGrant, updateWritesMarkdown } from "./grant-store.ts";
import { secondsLeft } from "./time-left.ts";

/** The longest that a grant with an end may hold, in seconds: a year. */
export const MAX_GRANT_SECONDS = 365 * 86_400;

/** Whether tokens of a grant work: it was not revoked, and its time is not over. */
export function isGrantOpen(ctx: Pick<Context, "db" | "clock">, grant: StoredGrant): boolean {
  return grant.revokedAt === undefined && hasTimeLeft(ctx, grant);
}

/** Whether the time of a grant is not over, whatever was done to the clock meanwhile. */
export function hasTimeLeft(
  ctx: Pick<Context, "db" | "clock">,
  { id, expiresAt }: Pick<StoredGrant, "id" | "expiresAt">,
): boolean {
  if (expiresAt === undefined) return true;
  return secondsLeft(ctx, `grant ${id}`, { endsAt: expiresAt, longestSeconds: MAX_GRANT_SECONDS }) > 0;
}

/** Revokes a grant, with all its tokens, at once and for good. Throws `not_found` when there is none of this id that holds. */
export async function revokeGrant(ctx: Pick<Context, "db" | "clock">, id: number): Promise<void> {
  const now = ctx.clock();
  const held = await ctx.db.write(() => endGrant(ctx.db, { id, now, reason: "author" }));
  if (!held) throw notFound("token that works");
}

/** Says whether an app's texts are Markdown, from its next one on. Throws `not_found` when there is no grant of this id. */
export async function setWritesMarkdown(ctx: Pick<Context, "db">, id: number, writesMarkdown: boolean): Promise<void> {
  const wasThere = await ctx.db.write(() => updateWritesMarkdown(ctx.db, id, writesMarkdown));
  if (!wasThere) throw notFound("token");
}
