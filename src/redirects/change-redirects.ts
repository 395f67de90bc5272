import type { Context } from "../context/context.ts";
import { AppError, invalid, notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { forgetMissing } from "./missing-store.ts";
import type { RedirectRule, WrittenRedirect } from "./redirect.ts";
import { isPrefix, MAX_REDIRECTS, parseRedirect } from "./redirect.ts";
import { findRedirect, insertRedirect, listRedirects, removeRedirect, updateRedirect } from "./redirect-store.ts";
import type { Rules } from "./rules.ts";
import { createRules } from "./rules.ts";

type RedirectsContext = Pick<Context, "db" | "clock" | "config">;

/** Stores a new redirect. Throws `invalid` with the field: also for a loop, a chain, a second one from the same address. */
export async function addRedirect(ctx: RedirectsContext, written: WrittenRedirect): Promise<void> {
  const rule = parseRedirect(written, ctx.config.SITE_URL);
  const now = ctx.clock();
  await ctx.db.write(() => {
    const rules = readRules(ctx);
    refuseRule(rules, rule);
    insertRedirect(ctx.db, rule, now);
    if (!isPrefix(rule.source)) forgetMissing(ctx.db, rule.source);
  });
}

/** Changes a stored one. Throws `not_found`, else as `addRedirect`. */
export async function changeRedirect(ctx: RedirectsContext, id: number, written: WrittenRedirect): Promise<void> {
  const rule = parseRedirect(written, ctx.config.SITE_URL);
  await ctx.db.write(() => {
    if (findRedirect(ctx.db, id) === undefined) throw notFound("redirect");
    refuseRule(readRules(ctx, id), rule);
    updateRedirect(ctx.db, { ...rule, id });
  });
}

/** Removes one. Throws `not_found`. */
export async function deleteRedirect(ctx: Pick<Context, "db">, id: number): Promise<void> {
  await ctx.db.write(() => {
    if (!removeRedirect(ctx.db, id)) throw notFound("redirect");
  });
}

/** All rules that are stored, but for one. */
export function readRules({ db }: Pick<Context, "db">, exceptId = 0): Rules {
  const all = listRedirects(db, { after: "", limit: MAX_REDIRECTS });
  return createRules(all.filter(({ id }) => id !== exceptId));
}

/** Throws `invalid` where a rule may not join others. */
export function refuseRule(rules: Rules, rule: RedirectRule): void {
  const same = rules.find(rule.source);
  if (same !== undefined) throw invalid("from", alreadyThere(same));
  const problem = rules.problemWith(rule);
  if (problem !== undefined) throw invalid("to", problem);
  if (rules.size < MAX_REDIRECTS) return;
  throw new AppError("invalid", said`There are ${MAX_REDIRECTS} redirects, as many as may be. Delete some.`, {
    field: "from",
  });
}

function alreadyThere({ source, target }: RedirectRule): string {
  return target === undefined
    ? `“${source}” is marked as gone already. Change that one.`
    : `“${source}” leads to “${target}” already. Change that one.`;
}
