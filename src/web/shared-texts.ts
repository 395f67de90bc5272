/** Most different texts that are shared. */
export const MAX_SHARED_TEXTS = 100;

/** Texts that many have alike, each in memory once; those past the limit are as they come. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  /** The first text that was equal to this one. */
  share(text: string): string {
    const shared = this.#texts.get(text);
    if (shared === undefined && this.#texts.size < MAX_SHARED_TEXTS) this.#texts.set(text, text);
    return shared ?? text;
  }

  clear(): void {
    this.#texts.clear();
  }

  /** How many there are. */
  get size(): number {
    return this.#texts.size;
  }
}
