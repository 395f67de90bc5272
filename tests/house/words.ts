import type { Messages, PluralForms } from "../../src/lib/catalogue.ts";
import type { Source } from "./sources.ts";
import { withoutComments } from "./sources.ts";

/** What the interface says in English, and where: the form for one is known of what is counted. */
export type Said = { readonly id: string; readonly one?: string; readonly path: string };

const STRING = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/.source;

/** What templates say: `t("…")`, `tn("…", "…", …)`, `tforms("…", "…")` and `rich("…")`. */
export function findSaidInView({ path, text }: Source): Said[] {
  const code = text.replace(/\{#[\s\S]*?#\}/g, "");
  const plain = matchesOf(code, `(?<![\\w.])(?:t|rich)\\(\\s*(?:${STRING})`).map(([id = ""]) => ({ id, path }));
  return [...plain, ...countedIn(code, "(?:tn|tforms)", path)];
}

/** What code says: said`…`, `t("…")`, `counted("…", "…", …)`, and what the two errors with a word in them say. */
export function findSaidInCode({ path, text }: Source): Said[] {
  const code = withoutComments(text);
  const missing = matchesOf(code, `\\bnotFound\\(\\s*(?:${STRING})`).map(([word]) => `There is no such ${word}.`);
  const often = matchesOf(code, `\\bthrottled\\(\\s*(?:${STRING})`).map(
    ([word]) => `There were too many ${word}. Wait {time}, then try again.`,
  );
  const plain = matchesOf(code, `(?<![\\w.])t\\(\\s*(?:${STRING})`).map(([id = ""]) => id);
  const all = [...taggedIn(code), ...plain, ...missing, ...often].map((id) => ({ id, path }));
  return [...all, ...countedIn(code, "counted", path)];
}

/** Calls of templates with something else than a text that stands there: nobody could find its translation. */
export function findUnknownWords({ path, text }: Source): string[] {
  return [...text.matchAll(/(?<![\w.])(?:t|tn|tforms|rich)\((?!\s*["'])[^)]*\)?/g)].map(([call]) => `${path}: ${call}`);
}

function countedIn(code: string, name: string, path: string): Said[] {
  const found = matchesOf(code, `(?<![\\w.])${name}\\(\\s*(?:${STRING}),\\s*(?:${STRING})`);
  return found.map(([one = "", id = ""]) => ({ id, one, path }));
}

/** The strings of each match. */
function matchesOf(code: string, pattern: string): string[][] {
  return [...code.matchAll(new RegExp(pattern, "g"))].map(([, ...strings]) =>
    strings.filter((text) => text !== undefined).map((text) => text.replace(/\\(.)/g, "$1")),
  );
}

/** The ids of templates behind `said`, whose values may hold braces and templates themselves. */
function taggedIn(text: string): string[] {
  return [...text.matchAll(/\bsaid`/g)].map(({ index }) => readTemplate(text, index + "said`".length));
}

function readTemplate(text: string, start: number): string {
  let id = "";
  let values = 0;
  for (let at = start; text[at] !== "`" && at < text.length; at += 1) {
    if (text[at] === "\\") {
      at += 1;
      id += text[at];
    } else if (text.startsWith("${", at)) {
      at = endOfValue(text, at + 2);
      id += `{${values}}`;
      values += 1;
    } else id += text[at];
  }
  return id;
}

/** Where the brace stands that ends a value. */
function endOfValue(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    else if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** Text of scripts that a reader of another language could not read: it belongs into the page, see static/words.js. */
export function findBareWords({ path, text }: Source): string[] {
  const code = withoutComments(text);
  const strings = [...code.matchAll(new RegExp(STRING, "g")), ...code.matchAll(/`((?:[^`\\\n]|\\.)*)`/g)].filter(
    ({ index }) => !code.slice(0, index).endsWith("new Error("),
  );
  const sentences = strings
    .flatMap(([, double, single]) => (double ?? single ?? "").split(/\$\{[^}]*\}/))
    .filter(isSentence);
  const shown = [...code.matchAll(/\b(?:textContent|ariaLabel|title|placeholder) = [^;]*("[A-Z][a-z]+")/g)];
  return [...sentences, ...shown.map(([, word]) => word ?? "")].map((words) => `${path}: ${words}`);
}

/** "Not reached.", "Login ended", " s ago"; not a selector, a unit or the name of a key. */
function isSentence(text: string): boolean {
  return /^\W*[A-Z][a-z’']* (?:[a-z]|$)|^\W*[A-Z][a-z]+[.:…?!]|^\W* [a-z]+ [a-z]/.test(text);
}

/** What is wrong with a catalogue, given all that is said: what it lacks, what nobody says, values that differ. */
export function findFaultyMessages(said: readonly Said[], messages: Messages): string[] {
  const ids = new Map(said.map((each) => [each.id, each]));
  const missing = [...ids.values()].filter(({ id }) => !Object.hasOwn(messages, id));
  const unsaid = Object.keys(messages).filter((id) => !ids.has(id));
  return [
    ...missing.map(({ id, path }) => `${path}: has no translation: ${id}`),
    ...unsaid.map((id) => `nobody says this any more: ${id}`),
    ...[...ids.values()].flatMap((each) => findFaultyForms(each, messages[each.id])),
  ];
}

function findFaultyForms({ id, one }: Said, message: string | PluralForms | undefined): string[] {
  if (message === undefined) return [];
  const isCounted = typeof message !== "string";
  if (isCounted !== (one !== undefined)) return [`counted in one language only: ${id}`];
  // The form for one may say "a minute".
  const forms = isCounted ? [message.other] : [message];
  return forms
    .filter((form) => placesOf(form) !== placesOf(id))
    .map((form) => `other values or elements than in English: ${form}`);
}

/** The values in braces and the elements of a sentence, in one order. */
function placesOf(sentence: string): string {
  return [...sentence.matchAll(/\{\w+\}|<\/?\w+>/g)]
    .map(([place]) => place)
    .sort()
    .join(" ");
}
