import type { Timestamp } from "../lib/clock.ts";
import { changeKeys } from "../notes/public-changes-store.ts";
import type { Coding } from "./coding.ts";
import { SharedTexts } from "./shared-texts.ts";

/** Most bytes that cached pages may hold together, all their codings and keys included. */
export const MAX_CACHE_BYTES = 32 * 1024 * 1024;

/** Largest page that is cached, in bytes before coding; a larger one is made anew each time. */
export const MAX_PAGE_BYTES = 1024 * 1024;

/** What one cached page costs besides its bodies, in bytes: headers, keys, places in maps. Measured, rounded up. */
export const PAGE_OVERHEAD_BYTES = 1664;

/** Pages of one key up to which their list has no room for more: V8 gives one that grows sixteen places ahead. */
const FEW_PAGES = 8;

/** A finished page for everyone, by its address. There may be thousands, so it has nothing twice. */
export type CachedPage = {
  /** Path, with the place in a list where it has one: `/tags/web?before=…`. */
  readonly address: string;
  /** Whether `before` and `after` lead to other pages of it. */
  readonly isPaged: boolean;
  /** Pattern of the route that made it, for log and metrics. */
  readonly route: string;
  /** Keys of `public_changes` that make it stale. */
  readonly keys: readonly string[];
  readonly etag: string;
  readonly lastModified: Timestamp | undefined;
  /** The same as its header says it. */
  readonly modifiedDate: string | undefined;
  /** The lines of the other headers that every answer has, 304 too. The cache keeps one of those that are equal. */
  head: string;
  readonly mediaType: string;
  readonly body: Buffer;
  /** Codings that somebody has asked for; a promise while one is made. */
  coded: Map<Coding, Buffer | Promise<Buffer>> | undefined;
};

/** A page as it is kept: what it takes, and whether somebody asked for it since room was last looked for. */
type Kept = { readonly page: CachedPage; bytes: number; isWanted: boolean };

/**
 * Finished pages by address, bounded in bytes: where there is no room, pages go that nobody asked for since the last
 * time, those that came first before others. (Second chance: it comes near to "asked for longest ago", and costs a hit
 * nothing.) It knows nothing of the database; `web/freshness.ts` tells it which keys went stale.
 */
export class PageCache {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Kept>();
  readonly #byKey = new Map<string, Kept[]>();
  /** A handful, unless each page names its keys to a cache in front. */
  readonly #heads = new SharedTexts();
  #bytes = 0;
  #hits = 0;
  #made = 0;

  constructor(maxBytes: number = MAX_CACHE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The page at an address, which thereby counts as asked for. */
  get(address: string): CachedPage | undefined {
    const kept = this.#kept.get(address);
    if (kept === undefined) return undefined;
    kept.isWanted = true;
    this.#hits += 1;
    return kept.page;
  }

  /** Keeps a page, in place of an older one at its address, and lets go of others where there is no room. */
  set(page: CachedPage): void {
    const old = this.#kept.get(page.address);
    if (old !== undefined) this.#remove(old);
    this.#made += 1;
    page.head = this.#heads.share(page.head);
    const kept = { page, bytes: 0, isWanted: false };
    this.#kept.set(page.address, kept);
    for (const key of page.keys) this.#addKey(key, kept);
    this.#grow(kept, PAGE_OVERHEAD_BYTES + page.address.length + page.body.length);
  }

  /** Keeps a coding of a page that was made on demand; nothing happens when the page has gone meanwhile. */
  addCoding(page: CachedPage, coding: Coding, body: Buffer): void {
    page.coded?.set(coding, body);
    const kept = this.#kept.get(page.address);
    if (kept?.page === page) this.#grow(kept, body.length);
  }

  /** Lets go of every page that depends on one of these keys. */
  drop(keys: Iterable<string>): void {
    for (const key of keys) {
      if (key === changeKeys.site) this.clear();
      else for (const kept of [...(this.#byKey.get(key) ?? [])]) this.#remove(kept);
    }
  }

  /** Lets go of everything. */
  clear(): void {
    this.#kept.clear();
    this.#byKey.clear();
    this.#heads.clear();
    this.#bytes = 0;
  }

  /** How much it holds now; how many times a page was found in it and how many were put into it since the start. */
  statistics(): { pages: number; bytes: number; hits: number; made: number } {
    return { pages: this.#kept.size, bytes: this.#bytes, hits: this.#hits, made: this.#made };
  }

  /** Addresses of all pages, those that go first at the beginning. */
  addresses(): string[] {
    return [...this.#kept.keys()];
  }

  #grow(growing: Kept, bytes: number): void {
    growing.bytes += bytes;
    this.#bytes += bytes;
    // A page that is moved to the end comes up once more, and goes if nobody asked for it. The loop ends: each one is
    // moved at most once.
    for (const kept of this.#kept.values()) {
      if (this.#bytes <= this.#maxBytes) return;
      if (kept.isWanted) this.#moveToEnd(kept);
      else if (kept !== growing) this.#remove(kept);
    }
    if (this.#bytes > this.#maxBytes) this.#remove(growing);
  }

  #moveToEnd(kept: Kept): void {
    kept.isWanted = false;
    this.#kept.delete(kept.page.address);
    this.#kept.set(kept.page.address, kept);
  }

  #remove(kept: Kept): void {
    this.#bytes -= kept.bytes;
    this.#kept.delete(kept.page.address);
    for (const key of kept.page.keys) this.#removeKey(key, kept);
  }

  // Lists and not sets: most keys have a page or two.
  #removeKey(key: string, kept: Kept): void {
    const others = this.#byKey.get(key)?.filter((other) => other !== kept);
    if (others === undefined || others.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, others);
  }

  #addKey(key: string, kept: Kept): void {
    if (key === changeKeys.site) return; // Every page has it: there is nothing to look up.
    const others = this.#byKey.get(key);
    if (others === undefined) this.#byKey.set(key, [kept]);
    else if (others.length < FEW_PAGES) this.#byKey.set(key, others.concat(kept));
    else others.push(kept);
  }
}
