import { AppError, invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";

/** Every scope that a token may have, and what it allows, for the author. */
export const SCOPES = {
  create: said`Publish new notes`,
  update: said`Change notes`,
  delete: said`Put notes into the trash`,
  undelete: said`Take notes out of the trash`,
  draft: said`Save drafts, which are never published`,
  media: said`Upload images`,
  profile: said`See your name, photo and address`,
  metrics: said`Read what the server measures of itself`,
} as const;

/** Name of a scope. */
export type Scope = keyof typeof SCOPES;

/** Throws `forbidden` when there is none of these scopes among those of a token; the first is the one to ask for. */
export function requireScope({ scopes }: { readonly scopes: ReadonlySet<string> }, ...any: readonly string[]): void {
  if (any.some((scope) => scopes.has(scope))) return;
  throw new AppError("forbidden", `This token lacks the scope ${any.join(" or ")}.`, { scope: any[0] });
}

/**
 * Reads scopes with spaces between. Throws `invalid` when there is none (Micropub §5.4), or one that is not known here:
 * it would promise a right that no request ever asks for.
 */
export function parseScope(value: unknown): Scope[] {
  const names = typeof value === "string" ? value.split(/\s+/).filter((name) => name !== "") : [];
  const known = Object.keys(SCOPES).join(", ");
  if (names.length === 0) throw invalid("scope", said`A token needs at least one scope. There are ${known}.`);
  const unknown = names.find((name) => !Object.hasOwn(SCOPES, name));
  if (unknown !== undefined) {
    throw invalid("scope", said`There is no scope “${unknown.slice(0, 40)}”. There are ${known}.`);
  }
  return [...new Set(names)] as Scope[];
}
