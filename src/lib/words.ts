import type { Catalogue, PluralForms } from "./catalogue.ts";

/** A value in a sentence. Numbers are written as the language writes them; what must not be, such as a year, is text. */
export type WordsValue = string | number | Message;

/** Values by the names that stand for them in braces. */
export type WordsValues = Readonly<Record<string, WordsValue>>;

/** Text for people: a message that has its translations, or what somebody wrote. */
export type Words = string | Message;

/** In whose words messages are said just now. Set by `inWords` alone, for as long as one call takes. */
const speaker: { catalogue: Catalogue | undefined } = { catalogue: undefined };

/**
 * A sentence of the interface, known by its English. Printed while a page is rendered it is in the page's language; in a
 * log, in an answer to a program and wherever else it is made a string of, it is English.
 */
export class Message {
  /** The English, with names in braces; of a counted one that for many. */
  readonly id: string;
  readonly values: WordsValues;
  readonly #one: string | undefined;

  constructor(id: string, values: WordsValues = {}, one?: string) {
    this.id = id;
    this.values = values;
    this.#one = one;
  }

  toString(): string {
    return this.#one === undefined ? t(this.id, this.values) : tn(this.#one, this.id, this.values);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Makes a message of a template. Behind it `At most ${limit} are allowed.` has the id `At most {0} are allowed.` */
export function said(text: TemplateStringsArray, ...values: readonly WordsValue[]): Message {
  const id = text.reduce((before, part, index) => `${before}{${index - 1}}${part}`);
  return new Message(id, Object.fromEntries(values.entries()));
}

/** Makes a message that has a form for one and a form for many of `count`, which stands for itself in both. */
export function counted(one: string, many: string, values: WordsValues & { readonly count: number }): Message {
  return new Message(many, values, one);
}

/** Does what makes text, in the words of a catalogue; undefined: in English. It must not wait for anything. */
export function inWords<Made>(catalogue: Catalogue | undefined, make: () => Made): Made {
  const before = speaker.catalogue;
  speaker.catalogue = catalogue;
  try {
    return make();
  } finally {
    speaker.catalogue = before;
  }
}

/** What views call `t`: the sentence for its English, in the language of the page. */
export function t(id: string, values?: WordsValues): string {
  const known = speaker.catalogue?.find(id);
  return fill(typeof known === "string" ? known : id, values);
}

/** What views call `tn`: the same with the form for `values.count`. Its translations are found by the English for many. */
export function tn(one: string, many: string, values: WordsValues & { count?: WordsValue }): string {
  const { catalogue } = speaker;
  const count = Number(values.count);
  const forms = catalogue?.find(many);
  const english = count === 1 ? one : many;
  if (catalogue === undefined || forms === undefined || typeof forms === "string") return fill(english, values);
  return fill(forms[catalogue.pluralOf(count)] ?? forms.other, values);
}

/** All forms of a counted sentence, with the count still in braces: for scripts, which choose by what they count. */
export function formsOf(one: string, many: string): PluralForms {
  const forms = speaker.catalogue?.find(many);
  return forms === undefined || typeof forms === "string" ? { one, other: many } : forms;
}

/** A sentence with its values in place. What has no value stays as it is, so that a mistake shows. */
export function fill(sentence: string, values: WordsValues | undefined): string {
  if (values === undefined || !sentence.includes("{")) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (found, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return found;
    return typeof value === "number" ? writeNumber(value) : value.toString();
  });
}

/**
 * A number in the language of the page, with so many decimals where they are said. English needs no `Intl`, whose first
 * use costs 10 MiB.
 */
export function writeNumber(value: number, decimals?: number): string {
  if (speaker.catalogue !== undefined) return speaker.catalogue.writeNumber(value, decimals);
  const [whole = "", fraction] = (decimals === undefined ? String(value) : value.toFixed(decimals)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number that keeps its decimals: `4.0`, in German `4,0`. */
export function decimal(value: number, decimals: number): Message {
  return new Decimal(value, decimals);
}

class Decimal extends Message {
  readonly #value: number;
  readonly #decimals: number;

  constructor(value: number, decimals: number) {
    super(value.toFixed(decimals));
    this.#value = value;
    this.#decimals = decimals;
  }

  override toString(): string {
    return writeNumber(this.#value, this.#decimals);
  }
}
