import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { invalid, notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { StoredGrant } from "./grant-store.ts";
import { endGrant, findGrant, updateGrantScope, updateWritesMarkdown } from "./grant-store.ts";
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
export async function revokeGrant(ctx: Doing<"db" | "clock">, id: number): Promise<void> {
  const now = ctx.clock();
  const held = await ctx.db.write(() => {
    const isEnded = endGrant(ctx.db, { id, now, reason: "author" });
    if (isEnded) record(ctx, { kind: "grant.revoke", detail: describeGrant(ctx, id) });
    return isEnded;
  });
  if (!held) throw notFound("token that works");
}

/** Says whether an app's texts are Markdown, from its next one on. Throws `not_found` when there is no grant of this id. */
export async function setWritesMarkdown(
  ctx: Doing<"db" | "clock">,
  id: number,
  writesMarkdown: boolean,
): Promise<void> {
  const wasThere = await ctx.db.write(() => {
    const isThere = updateWritesMarkdown(ctx.db, id, writesMarkdown);
    const texts = writesMarkdown ? "texts are Markdown" : "texts are plain";
    if (isThere) record(ctx, { kind: "grant.change", detail: `${describeGrant(ctx, id)}, ${texts}` });
    return isThere;
  });
  if (!wasThere) throw notFound("token");
}

/**
 * Takes one scope away from a grant for good: its tokens lack it from their next request on, and no refresh brings it
 * back. A scope that it does not have changes nothing. Throws `not_found` when there is no grant of this id that holds,
 * and `invalid` for its last scope: a grant that allows nothing is a revoked one.
 */
export async function narrowGrant(ctx: Doing<"db" | "clock">, id: number, scope: string): Promise<StoredGrant> {
  return ctx.db.write(() => {
    const grant = findGrant(ctx.db, id);
    if (grant === undefined || !isGrantOpen(ctx, grant)) throw notFound("token that works");
    const scopes = grant.scopes.filter((name) => name !== scope);
    if (scopes.length === 0) throw invalid("scope", said`This is all that the app may do. Revoke its access instead.`);
    record(ctx, { kind: "grant.narrow", detail: `${describeGrant(ctx, id)}, without ${scope}` });
    updateGrantScope(ctx.db, id, scopes.join(" "));
    return { ...grant, scopes };
  });
}

/** A grant in the words of the audit log: whose it is, and its number. */
export function describeGrant({ db }: Pick<Context, "db">, id: number): string {
  return `${findGrant(db, id)?.clientId ?? ""} (grant ${id})`;
}
