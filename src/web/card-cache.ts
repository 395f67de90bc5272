import { changeKeys } from "../notes/public-changes-store.ts";

/** Most bytes that cards may hold together, each character counted as two of them. */
export const MAX_CARDS_BYTES = 2 * 1024 * 1024;

/** Longest card that is kept, in characters. */
export const MAX_CARD_LENGTH = 16 * 1024;

/** What a card costs besides its text, in bytes: its object, and its place in the map. Rounded up. */
export const CARD_OVERHEAD_BYTES = 256;

/** A note as lists show it, finished. */
export type Card = {
  readonly cardHtml: string;
  /** Whether the page needs the style of what a note is besides its text. */
  readonly showsKind: boolean;
};

/**
 * Finished cards of listed notes by row id, bounded in bytes: where there is no room, those go that nobody asked for
 * longest. It knows nothing of the database; `web/freshness.ts` tells it what changed: a card shows what `note:ID` and
 * `site` stand for, and nothing else.
 */
export class CardCache {
  readonly #maxBytes: number;
  readonly #kept = new Map<number, Card>();
  #bytes = 0;

  constructor(maxBytes: number = MAX_CARDS_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The card of a note, which thereby is the last that goes. */
  get(id: number): Card | undefined {
    const card = this.#kept.get(id);
    if (card === undefined) return undefined;
    this.#kept.delete(id);
    this.#kept.set(id, card);
    return card;
  }

  /** Keeps a card, in place of an older one of the same note, and lets go of others where there is no room. */
  set(id: number, { cardHtml, showsKind }: Card): void {
    this.#remove(id);
    if (cardHtml.length > MAX_CARD_LENGTH) return;
    // Made anew of its bytes: what a template has put together still has all the pieces that it was put together of.
    const card = { cardHtml: Buffer.from(cardHtml).toString(), showsKind };
    this.#kept.set(id, card);
    this.#bytes += bytesOf(card);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#remove(oldest);
    }
  }

  /** Lets go of every card that shows what one of these keys of `public_changes` stands for. */
  drop(keys: Iterable<string>): void {
    for (const key of keys) {
      if (key === changeKeys.site) this.clear();
      else if (key.startsWith(NOTE)) this.#remove(Number(key.slice(NOTE.length)));
    }
  }

  /** Lets go of everything. */
  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  /** How much it holds now. */
  statistics(): { cards: number; bytes: number } {
    return { cards: this.#kept.size, bytes: this.#bytes };
  }

  #remove(id: number): void {
    const card = this.#kept.get(id);
    if (card === undefined) return;
    this.#kept.delete(id);
    this.#bytes -= bytesOf(card);
  }
}

/** What `changeKeys.note` begins with. */
const NOTE = "note:";

function bytesOf({ cardHtml }: Card): number {
  return CARD_OVERHEAD_BYTES + 2 * cardHtml.length;
}
