import { setImmediate } from "node:timers/promises";
import type { Reader } from "../db/connection.ts";
import { isIndexFailure } from "../db/damage.ts";
import type { DigestSource } from "./digest-store.ts";
import { countListedUpTo, listIdsWithTag, listInLists } from "./digest-store.ts";
import { listMatchingIds } from "./match-store.ts";
import { listRelatingTerms } from "./related-terms.ts";
import { isIndexMarked } from "./search-index-store.ts";

/** Most notes that stand under a permalink as related. */
export const MAX_RELATED = 5;

/** A word that more notes have says nothing about one of them; of a tag so many of the newest notes are looked at. */
export const FREQUENT_NOTES = 200;

/** Words that are looked up before others have their turn. */
const TERMS_AT_ONCE = 8;
/** Notes with the best scores that are asked whether they are listed. */
const CANDIDATES = 40;
/** How many signs two notes must share: a word is one, a tag is two. */
const LEAST_SIGNS = 2;
const SIGNS_OF_TAG = 2;
/** What a tag weighs beside a word: it was chosen. */
const TAG_WEIGHT = 3;

type Score = { score: number; signs: number };

/**
 * Finds the listed notes that share the rarest words and the tags of a note, the most related first. However many notes
 * there are, the work is bounded: so many words and tags, so many notes of each; and in between others have their turn.
 */
export async function findRelated(db: Reader, noteId: number, source: DigestSource): Promise<number[]> {
  const scores = new Map<number, Score>();
  for (const { name } of source.tags) {
    const ids = listIdsWithTag(db, name, FREQUENT_NOTES + 1);
    add(scores, ids, { weight: TAG_WEIGHT * rarity(ids.length), signs: SIGNS_OF_TAG });
  }
  await addWords(db, source, scores);
  scores.delete(noteId);
  const best = [...scores]
    .filter(([, { signs }]) => signs >= LEAST_SIGNS)
    .sort(([id, { score }], [otherId, other]) => other.score - score || otherId - id)
    .slice(0, CANDIDATES)
    .map(([id]) => id);
  const listed = new Set(listInLists(db, best));
  return best.filter((id) => listed.has(id)).slice(0, MAX_RELATED);
}

async function addWords(db: Reader, source: DigestSource, scores: Map<number, Score>): Promise<void> {
  if (isIndexMarked(db)) return;
  // On a small site a word that a quarter of the notes have is a frequent one.
  const most = Math.max(2, Math.min(FREQUENT_NOTES, Math.floor(countListedUpTo(db, 4 * FREQUENT_NOTES) / 4)));
  for (const [index, { phrase, weight }] of listRelatingTerms(source).entries()) {
    if (index % TERMS_AT_ONCE === TERMS_AT_ONCE - 1) await setImmediate();
    const ids = findWith(db, phrase, most + 1);
    if (ids === undefined) return;
    if (ids.length > 1 && ids.length <= most) add(scores, ids, { weight: weight * rarity(ids.length), signs: 1 });
  }
}

/** Undefined where the index cannot be read: then tags alone relate notes. */
function findWith(db: Reader, phrase: string, limit: number): number[] | undefined {
  try {
    return listMatchingIds(db, phrase, { limit });
  } catch (error) {
    if (!isIndexFailure(error)) throw error;
    return undefined;
  }
}

function rarity(notes: number): number {
  return Math.log(1 + (2 * FREQUENT_NOTES) / Math.max(1, notes));
}

function add(scores: Map<number, Score>, ids: readonly number[], { weight, signs }: { weight: number; signs: number }) {
  for (const id of ids) {
    const known = scores.get(id);
    if (known === undefined) scores.set(id, { score: weight, signs });
    else {
      known.score += weight;
      known.signs += signs;
    }
  }
}
