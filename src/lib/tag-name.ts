/** Longest name of a tag, in characters (code points). */
export const MAX_TAG_NAME_CHARACTERS = 80;

/** A run of letters and digits of any script with the marks that belong to them; a mark alone is no word. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/**
 * Converts what the author wrote (`Web Dev`) to the tag's place in URLs (`web-dev`): NFC, lower case, letters, digits
 * and marks of every script, single hyphens for everything between. Empty where nothing of that is left (`!!!`, emoji).
 * Applying it twice changes nothing. A longer name is cut at a word where there is one.
 */
export function tagName(label: string): string {
  const words = lowerCase(label).match(WORD);
  return words === null ? "" : cut(words.join("-"));
}

/** `İ` becomes `i`: with the plain rule a combining dot would stay on it, which no one can type. */
function lowerCase(label: string): string {
  return label.normalize("NFC").replaceAll("İ", "i").toLowerCase().normalize("NFC");
}

function cut(name: string): string {
  const characters = [...name];
  if (characters.length <= MAX_TAG_NAME_CHARACTERS) return name;
  const fitting = characters.slice(0, MAX_TAG_NAME_CHARACTERS).join("");
  const hyphen = characters[MAX_TAG_NAME_CHARACTERS] === "-" ? fitting.length : fitting.lastIndexOf("-");
  return hyphen > 0 ? fitting.slice(0, hyphen) : fitting;
}
