import type { Timestamp } from "../lib/clock.ts";
import type { Coding } from "./coding.ts";

/** Most bytes that cached pages may hold together, all their codings and keys included. */
export const MAX_CACHE_BYTES = 32 * 1024 * 1024;

/** Largest page that is cached, in bytes before coding; a larger one is made anew each time. */
export const MAX_PAGE_BYTES = 1024 * 1024;

/** What one cached page costs besides its bodies, in bytes: headers, keys, places in maps. Measured, rounded up. */
export const PAGE_OVERHEAD_BYTES = 2048;

/** A body in one coding, with its whole head but the request's own id, which comes last. */
export type Variant = {
  readonly body: Buffer;
  /** Names and values in turn, as `writeHead` takes them. Ends with the name of the id's header and a place for it. */
  readonly head: string[];
};

/** A finished page for everyone, by its address. */
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
  readonly identity: Variant;
  /** Codings that somebody has asked for; a promise while one is made. */
  readonly coded: Map<Coding, Variant | Promise<Variant>>;
  /** Head of a 304, like that of a variant. */
  readonly notModified: string[];
};

/**
 * Finished pages by address, bounded in bytes: the page that was asked for longest ago goes first. It knows nothing of
 * the database; `web/freshness.ts` tells it which keys went stale.
 */
export class PageCache {
  readonly #maxBytes: number;
  readonly #pages = new Map<string, CachedPage>();
  readonly #byKey = new Map<string, Set<CachedPage>>();
  readonly #sizes = new Map<CachedPage, number>();
  #bytes = 0;

  constructor(maxBytes: number = MAX_CACHE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The page at an address, which thereby counts as asked for just now. */
  get(address: string): CachedPage | undefined {
    const page = this.#pages.get(address);
    if (page === undefined) return undefined;
    // A map remembers the order of insertion: what was asked for moves to its end.
    this.#pages.delete(address);
    this.#pages.set(address, page);
    return page;
  }

  /** Keeps a page, in place of an older one at its address, and lets go of others where there is no room. */
  set(page: CachedPage): void {
    this.#remove(this.#pages.get(page.address));
    this.#pages.set(page.address, page);
    for (const key of page.keys) this.#pagesOf(key).add(page);
    this.#sizes.set(page, 0);
    this.#grow(page, PAGE_OVERHEAD_BYTES + 2 * page.address.length + page.identity.body.length);
  }

  /** Keeps a coding of a page that was made on demand; nothing happens when the page has gone meanwhile. */
  addCoding(page: CachedPage, coding: Coding, variant: Variant): void {
    page.coded.set(coding, variant);
    if (this.#sizes.has(page)) this.#grow(page, variant.body.length);
  }

  /** Lets go of every page that depends on one of these keys. */
  drop(keys: Iterable<string>): void {
    for (const key of keys) for (const page of [...(this.#byKey.get(key) ?? [])]) this.#remove(page);
  }

  /** Lets go of everything. */
  clear(): void {
    this.#pages.clear();
    this.#byKey.clear();
    this.#sizes.clear();
    this.#bytes = 0;
  }

  /** How much it holds now. */
  statistics(): { pages: number; bytes: number } {
    return { pages: this.#pages.size, bytes: this.#bytes };
  }

  /** Addresses of all pages, those asked for longest ago first. */
  addresses(): string[] {
    return [...this.#pages.keys()];
  }

  #grow(page: CachedPage, bytes: number): void {
    this.#sizes.set(page, (this.#sizes.get(page) ?? 0) + bytes);
    this.#bytes += bytes;
    for (const oldest of this.#pages.values()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#remove(oldest);
    }
  }

  #remove(page: CachedPage | undefined): void {
    if (page === undefined || !this.#sizes.has(page)) return;
    this.#bytes -= this.#sizes.get(page) ?? 0;
    this.#sizes.delete(page);
    if (this.#pages.get(page.address) === page) this.#pages.delete(page.address);
    for (const key of page.keys) this.#removeKey(key, page);
  }

  #removeKey(key: string, page: CachedPage): void {
    const pages = this.#byKey.get(key);
    pages?.delete(page);
    if (pages?.size === 0) this.#byKey.delete(key);
  }

  #pagesOf(key: string): Set<CachedPage> {
    const pages = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, pages);
    return pages;
  }
}
