import { Message } from "./words.ts";

/** A number that stands by itself in a sentence. */
const NUMBER = /(?<=\s)\d[\d,]*(?:\.\d+)?(?=[\s.,;:)]|$)/gu;

/**
 * The message of a sentence that was stored in English, such as why a note was left out. It is in the language of the page
 * where it is a known one that has no values but numbers; anything else stays as it is.
 */
export function storedWords(text: string): Message {
  if (text.includes("{")) return new Message(text);
  const numbers = text.match(NUMBER) ?? [];
  let index = 0;
  const id = text.replace(NUMBER, () => `{${index++}}`);
  return new Message(id, Object.fromEntries(numbers.entries()));
}
