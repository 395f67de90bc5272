import { changeKeys } from "../notes/public-changes-store.ts";

/** Longest key that edges are told, in characters; a longer one, of a tag in a distant script, becomes `list`. */
export const MAX_EDGE_KEY_LENGTH = 200;

/** Longest list of keys on one answer, in characters; a longer one becomes `list`, and with it what any write changes. */
export const MAX_ANSWER_KEYS_LENGTH = 1_000;

/** Longest list of keys in one purge, in characters, since caches bound the lines of a request; a longer one: `site`. */
export const MAX_PURGE_KEYS_LENGTH = 4_000;

/** Key of answers that there is no such page: each change may be the one that makes the page. */
export const MISSING_KEY = "missing";

/**
 * Keys of `public_changes` as edges get them: letters, digits and `: - _ %` only, so that they may stand in lists, and
 * in a regular expression as they are. Each once; every answer has `site` among them.
 */
export function answerKeys(keys: readonly string[]): readonly string[] {
  const all = [...new Set([...keys.map(toEdgeKey), changeKeys.site])];
  return isWithin(all, MAX_ANSWER_KEYS_LENGTH) ? all : [changeKeys.list, changeKeys.site];
}

/** The same for what changed: what a purge lists. `site` stands for everything and then alone. */
export function purgeKeys(changed: Iterable<string>): readonly string[] {
  const all = [...new Set([...[...changed].map(toEdgeKey), MISSING_KEY])];
  return all.includes(changeKeys.site) || !isWithin(all, MAX_PURGE_KEYS_LENGTH) ? [changeKeys.site] : all;
}

function toEdgeKey(key: string): string {
  const encoded = key.replace(/[^\w:-]+/gu, (part) => encodeURIComponent(part).replace(/[!'()*.~]/g, percent));
  return encoded.length <= MAX_EDGE_KEY_LENGTH ? encoded : changeKeys.list;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** With one character between each two. */
function isWithin(keys: readonly string[], length: number): boolean {
  return keys.join(" ").length <= length;
}
