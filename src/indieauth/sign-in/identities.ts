import type { Doing } from "../../audit/record.ts";
import { record } from "../../audit/record.ts";
import type { Context } from "../../context/context.ts";
import { invalid, notFound } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { insertIdentity, listIdentities, removeIdentityRow } from "./identity-store.ts";
import { isSameSite, parseProfileUrl } from "./profile-url.ts";

/** Addresses whose owner may enter the admin, at most: each is another door. */
export const MAX_IDENTITIES = 10;

/**
 * Lets whoever proves to own this address enter the admin; returns it as it is kept. Throws `invalid` for what is no
 * address of a person, for one of this site itself, and past `MAX_IDENTITIES`.
 */
export async function addIdentity(ctx: Doing<"db" | "clock" | "config">, typed: string): Promise<string> {
  const me = parseProfileUrl(typed);
  refuseOwn(ctx, me);
  const now = ctx.clock();
  await ctx.db.write(() => {
    const known = listIdentities(ctx.db);
    if (known.length >= MAX_IDENTITIES && !known.some((identity) => identity.me === me)) {
      throw invalid("me", said`There are ${MAX_IDENTITIES} addresses already. Remove one that you do not use.`);
    }
    if (insertIdentity(ctx.db, me, now)) record(ctx, { kind: "identity.add", detail: me });
  });
  return me;
}

/** Takes an address out, and ends the logins that it opened. Throws `not_found` when there is none of this id. */
export async function removeIdentity(ctx: Doing<"db" | "clock">, id: number): Promise<void> {
  const removed = await ctx.db.write(() => {
    const identity = listIdentities(ctx.db).find((each) => each.id === id);
    if (identity === undefined) return false;
    removeIdentityRow(ctx.db, id);
    record(ctx, { kind: "identity.remove", detail: identity.me });
    return true;
  });
  if (!removed) throw notFound("address");
}

/** Throws `invalid` for an address of this site: it would ask itself who the author is, and send her round in circles. */
export function refuseOwn(ctx: Pick<Context, "config">, me: string): void {
  if (!isSameSite(me, ctx.config.SITE_URL)) return;
  throw invalid(
    "me",
    said`That is this site itself, which would ask itself who you are. Use the address of another site.`,
  );
}
