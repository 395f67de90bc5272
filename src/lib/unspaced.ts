// A mark of such a script that stands on no letter of one is none of its characters.
const UNSPACED =
  /(?:(?!\p{M})[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]\p{M}*)+/gu;
/** Thai is the first of these scripts in Unicode; most texts have nothing from there on. */
const BEYOND_SPACED = /[\u0e01-\uffff]/;
const CHARACTER = /\P{M}\p{M}*/gu;

/** A word of its own between runs, of private use, which no query has: so no phrase reaches from one run into the next. */
const BORDER = " \ue000 ";

/** The runs of scripts that are written without spaces between words (Chinese, Japanese, Thai …), in order. */
export function unspacedRuns(text: string): string[] {
  if (!BEYOND_SPACED.test(text)) return [];
  return text.match(UNSPACED) ?? [];
}

/** A run with a space between its characters, each with its marks: an index takes them for words. */
export function spacedRun(run: string): string {
  return (run.match(CHARACTER) ?? []).join(" ");
}

/** All runs of a text, spaced, for an index; undefined where there is none. */
export function unspacedIndex(text: string): string | undefined {
  const runs = unspacedRuns(text);
  return runs.length === 0 ? undefined : runs.map(spacedRun).join(BORDER);
}
