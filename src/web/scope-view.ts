import { SCOPES } from "../auth/scope.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** A scope by its name and in plain words, and whether this site knows it. */
export type ScopeView = { name: string; meaning: Words; isKnown: boolean };

/** What a scope allows, for the author, who also reads those that mean nothing here. */
export function scopeView(name: string): ScopeView {
  const isKnown = Object.hasOwn(SCOPES, name);
  const meaning = isKnown
    ? SCOPES[name as keyof typeof SCOPES]
    : said`Not known to this site, where it allows nothing; another server may ask for it.`;
  return { name, meaning, isKnown };
}
