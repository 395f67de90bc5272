import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IS_SOURCE, ROOT } from "./root.ts";

/** A sentence by the count that stands in it: the categories of `Intl.PluralRules`. */
export type PluralForms = { readonly [Category in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** The words of one language: sentences by their English, and counted ones by their English for many. */
export type Messages = Readonly<Record<string, string | PluralForms>>;

/** Says things in one language. */
export type Catalogue = {
  /** BCP 47, as it was asked for: `de-AT`. */
  readonly language: string;
  /** The sentence for its English; undefined: there is none. */
  readonly find: (id: string) => string | PluralForms | undefined;
  readonly pluralOf: (count: number) => Intl.LDMLPluralRule;
  /** `decimals` undefined: as many as the number has, up to three. */
  readonly writeNumber: (value: number, decimals?: number) => string;
};

/** The folder of catalogues, a folder of JSON files for each language. */
export const LOCALES_FOLDER = join(ROOT, "locales");

/** Languages kept, so that no list of languages fills the memory. There is one catalogue, and a site has one language. */
const MAX_KEPT = 20;

const kept = new Map<string, Catalogue | undefined>();

/**
 * The catalogue for a language tag: that of the language itself for `de-AT`. Undefined where there is none, and for
 * English, which is in the code: such a site reads no file and starts no `Intl`.
 */
export function findCatalogue(language: string): Catalogue | undefined {
  if (isEnglish(language)) return undefined;
  if (kept.has(language)) return kept.get(language);
  if (kept.size >= MAX_KEPT) kept.clear();
  const catalogue = createCatalogue(language);
  kept.set(language, catalogue);
  return catalogue;
}

/** The language tag of the words that pages in `language` have: itself, or `en` where there is no catalogue for it. */
export function wordsLanguage(language: string): string {
  return isEnglish(language) || findCatalogue(language) !== undefined ? language : "en";
}

function isEnglish(language: string): boolean {
  return /^en(?:-|$)/i.test(language);
}

function createCatalogue(language: string): Catalogue | undefined {
  const [name] = /^[a-z]{2,3}(?=-|$)/i.exec(language) ?? [];
  const messages = name === undefined ? undefined : readMessages(name.toLowerCase());
  if (messages === undefined) return undefined;
  const words = new Map(Object.entries(messages));
  const plurals = new Intl.PluralRules(language);
  const numbers = createNumbers(language);
  return {
    language,
    find: (id) => words.get(id),
    pluralOf: (count) => plurals.select(count),
    writeNumber: (value, decimals) => numbers(decimals).format(value),
  };
}

/** One format for each count of decimals: making one takes longer than all that it writes. */
function createNumbers(language: string): (decimals: number | undefined) => Intl.NumberFormat {
  const formats = new Map<number | undefined, Intl.NumberFormat>();
  return (decimals) => {
    const known = formats.get(decimals);
    if (known !== undefined) return known;
    const exact = decimals === undefined ? {} : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    const format = new Intl.NumberFormat(language, exact);
    formats.set(decimals, format);
    return format;
  };
}

/** All messages of a language, by subject in the source and in one file of the build. */
export function readMessages(language: string): Messages | undefined {
  const built = join(ROOT, "dist", "locales", `${language}.json`);
  if (!IS_SOURCE) return existsSync(built) ? (JSON.parse(readFileSync(built, "utf8")) as Messages) : undefined;
  const folder = join(LOCALES_FOLDER, language);
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Messages));
}
