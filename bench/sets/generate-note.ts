import type { Random } from "./random.ts";
import { createRandom, gaussian, oneOf, wholeBetween } from "./random.ts";
import { randomWord } from "./words.ts";

/** A note as someone might have written it. */
export type GeneratedNote = {
  readonly title: string | undefined;
  /** Markdown. */
  readonly content: string;
  readonly tags: readonly string[];
  /** RFC 3339, UTC, with milliseconds. */
  readonly publishedAt: string;
};

/** One note of so many is an article with a title and code. */
const ARTICLE_EVERY = 10;

/** Length of an article, in characters. */
const ARTICLE_LENGTH = 4_000;

/** Median length of what is no article, in characters: with the articles that makes 292. */
const NOTE_LENGTH = 262;

const SHORTEST = 40;
const LONGEST = 1_500;
/** Spread of the lengths: the standard deviation of their logarithm. */
const SPREAD = 0.6;

const TAGS = Array.from({ length: 40 }, (_, index) => `topic ${index + 1}`);

const FIRST_AT = Date.UTC(2012, 0, 1, 6);
const HOUR_MS = 3_600_000;

/** Makes the note with this number, from 0; always the same one. Later numbers are published later, an hour each. */
export function generateNote(index: number): GeneratedNote {
  const random = createRandom(index * 2_654_435_761 + 12_345);
  const isArticle = index % ARTICLE_EVERY === ARTICLE_EVERY - 1;
  return {
    title: isArticle ? capital(words(random, wholeBetween(random, 3, 8))) : undefined,
    content: isArticle ? article(random) : note(random),
    tags: Array.from({ length: wholeBetween(random, 0, 3) }, () => oneOf(random, TAGS)),
    publishedAt: new Date(FIRST_AT + index * HOUR_MS).toISOString(),
  };
}

function note(random: Random): string {
  const length = Math.round(NOTE_LENGTH * Math.exp(SPREAD * gaussian(random)));
  const text = prose(random, Math.min(LONGEST, Math.max(SHORTEST, length)));
  const hashtag = random() < 0.15 ? ` #${randomWord(random)}` : "";
  return text + hashtag;
}

function article(random: Random): string {
  let text = prose(random, 600);
  while (text.length < ARTICLE_LENGTH - 400) {
    text += `\n\n## ${capital(words(random, 3))}\n\n${prose(random, 500)}\n\n${list(random)}\n\n${code(random)}`;
  }
  return `${text}\n\n${prose(random, Math.max(100, ARTICLE_LENGTH - text.length))}`;
}

/** Sentences up to about `length` characters; a long text falls into paragraphs. */
function prose(random: Random, length: number): string {
  let text = sentence(random);
  while (text.length < length) text += (random() < 0.12 ? "\n\n" : " ") + sentence(random);
  const end = text.lastIndexOf(" ", length);
  return text.length > length && end > 0 && isPlain(text.slice(end)) ? `${text.slice(0, end)}.` : text;
}

function isPlain(cut: string): boolean {
  return !/[*`[\]()]/.test(cut);
}

function sentence(random: Random): string {
  const begin = capital(words(random, wholeBetween(random, 3, 7)));
  const end = words(random, wholeBetween(random, 3, 7));
  return `${begin} ${marked(random)}${end}.`;
}

/** Now and then something that Markdown has a mark for. Links lead to this site only: nothing may ask others. */
function marked(random: Random): string {
  const chance = random();
  if (chance < 0.06) return `**${words(random, 2)}** `;
  if (chance < 0.1) return `[${words(random, 2)}](/archive) `;
  if (chance < 0.13) return `\`${randomWord(random)}()\` `;
  return "";
}

function list(random: Random): string {
  return Array.from({ length: 3 }, () => `- ${words(random, 5)}`).join("\n");
}

function code(random: Random): string {
  const line = () =>
    `  const ${randomWord(random)} = ${randomWord(random)}("${words(random, 2)}", ${wholeBetween(random, 0, 99)});`;
  const lines = Array.from({ length: 8 }, line).join("\n");
  return `\`\`\`js\nfunction ${randomWord(random)}(value) {\n${lines}\n  return value; // ${words(random, 3)}\n}\n\`\`\``;
}

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => randomWord(random)).join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
