/** What ends a line elsewhere: CRLF and CR of old systems, NEL of mainframes. */
const FOREIGN_LINE_END = /\r\n?|\u0085/g;

/** Everything that XML 1.0 forbids, the C1 controls and the non-characters of every plane. Lone surrogates match too. */
const UNWANTED = /[^\t\n -~\u00a0-\u{10ffff}]|\p{Cs}|\p{Noncharacter_Code_Point}/gu;

/** ASCII that is clean already. */
const IN_ORDER = /^[\t\n -~]*$/;

/**
 * Cleans text at entry, so that slugs, pages, feeds and logs are always valid: NFC, lines ended by LF, and only
 * characters of XML 1.0 without C1 controls, non-characters and lone surrogates. Cleaning twice changes nothing.
 */
export function cleanText(text: string): string {
  if (IN_ORDER.test(text)) return text;
  return text.replace(FOREIGN_LINE_END, "\n").replace(UNWANTED, "").normalize("NFC");
}

/** Code units that one character of people is allowed: families and flags are of about 30. */
const LONGEST_CHARACTER = 64;

/**
 * The beginning of a text in one line: white space collapsed, at most `maxCharacters` code points with the `…` that
 * marks the cut. Cuts between words where there are some near the end, else between characters as people count them.
 */
export function excerpt(text: string, maxCharacters: number): string {
  const line = beginning(text, 2 * maxCharacters + 2 + LONGEST_CHARACTER);
  if (line.length <= maxCharacters) return line;
  const characters = toCharacters(line.slice(0, 2 * maxCharacters + 2));
  if (characters.length <= maxCharacters) return line;
  const fitting = characters.slice(0, Math.max(0, maxCharacters - 1));
  return `${cutAtWord(typeof fitting === "string" ? fitting : fitting.join(""), line).replace(/[\s,;:–—-]+$/u, "")}…`;
}

/** A text whose code units are its code points needs no list of them, which is dear. */
function toCharacters(text: string): string | string[] {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

/** The text in one line, or at least `minLength` of it: most of a long text is not worth a look. */
function beginning(text: string, minLength: number): string {
  if (text.length > 2 * minLength) {
    const line = inOneLine(text.slice(0, 2 * minLength));
    if (line.length >= minLength) return line;
  }
  return inOneLine(text);
}

/** White space that is not one space between words. Most texts have none, and to look is a tenth of replacing. */
const UNEVEN = /[^\S ]| {2}/u;

function inOneLine(text: string): string {
  return UNEVEN.test(text) ? text.replace(/\s+/gu, " ").trim() : text.trim();
}

function cutAtWord(fitting: string, line: string): string {
  if (line[fitting.length] === " ") return fitting;
  const space = fitting.lastIndexOf(" ");
  if (space >= fitting.length / 2) return fitting.slice(0, space);
  return cutAtCharacter(fitting, line);
}

/** Drops a last character that the cut has split (an emoji of several code points, a letter and its accents). */
function cutAtCharacter(fitting: string, line: string): string {
  let end = 0;
  for (const { index } of new Intl.Segmenter().segment(line.slice(0, fitting.length + LONGEST_CHARACTER))) {
    if (index > fitting.length) break;
    end = index;
  }
  return fitting.slice(0, end);
}
