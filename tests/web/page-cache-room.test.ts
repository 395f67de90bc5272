import { expect, test } from "vitest";
import type { CachedPage } from "../../src/web/page-cache.ts";
import { MAX_CACHE_BYTES, PAGE_OVERHEAD_BYTES, PageCache } from "../../src/web/page-cache.ts";

function pageOf(address: string, bytes: number, keys: string[] = []): CachedPage {
  return {
    address,
    isPaged: false,
    route: "",
    keys,
    etag: "",
    lastModified: undefined,
    modifiedDate: undefined,
    head: "",
    mediaType: "text/html",
    body: Buffer.alloc(bytes),
    coded: undefined,
  };
}

test("the cache holds as many bytes as it may, codings included, and lets go of what nobody asked for", () => {
  const room = 3 * (PAGE_OVERHEAD_BYTES + 2 + 1000);
  const cache = new PageCache(room);
  for (const address of ["/a", "/b", "/c"]) cache.set(pageOf(address, 1000));
  const full = cache.statistics();

  cache.get("/a");
  const c = cache.get("/c");
  if (c !== undefined) cache.addCoding(c, "gzip", Buffer.alloc(1));

  expect(full).toMatchObject({ pages: 3, bytes: room });
  expect(cache.addresses().sort()).toEqual(["/a", "/c"]);
  expect(cache.statistics().bytes).toBeLessThanOrEqual(room);
  expect(MAX_CACHE_BYTES).toBe(32 * 1024 * 1024);
});

test("where every page is asked for, the newest finds room and the one that came first goes", () => {
  const cache = new PageCache(3 * (PAGE_OVERHEAD_BYTES + 2 + 1000));
  for (const address of ["/a", "/b", "/c"]) cache.set(pageOf(address, 1000));
  for (const address of ["/a", "/b", "/c"]) cache.get(address);

  cache.set(pageOf("/d", 1000));

  expect(cache.addresses().sort()).toEqual(["/b", "/c", "/d"]);
});

test("a page that is larger than the whole cache is not kept, and nothing else is", () => {
  const cache = new PageCache(PAGE_OVERHEAD_BYTES + 2 + 1000);
  cache.set(pageOf("/a", 1000));

  cache.set(pageOf("/b", 1001));

  expect(cache.statistics()).toMatchObject({ pages: 0, bytes: 0 });
});

test("a coding that comes after its page has gone is not counted", () => {
  const cache = new PageCache();
  const page = pageOf("/a", 10, ["k"]);
  cache.set(page);

  cache.drop(["k"]);
  cache.addCoding(page, "br", Buffer.alloc(5));

  expect(cache.statistics()).toMatchObject({ pages: 0, bytes: 0 });
});
