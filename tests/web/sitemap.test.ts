import { describe, expect, test } from "vitest";
import { writeSitemap, writeSitemapPart } from "../../src/feeds/sitemap.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { testContext } from "../support/context.ts";
import { storeNote, storeNotes } from "../support/stored-note.ts";
import { childText, elements, parseXml } from "../support/strict-xml.ts";

const at = (text: string) => text as Timestamp;

describe("/sitemap.xml", () => {
  test("names every page for readers with the time of its last change", async () => {
    const { ctx, http } = await testApp();
    await storeNotes(ctx, [
      { slug: "old", publishedAt: at("2025-01-01T00:00:00.000Z"), tags: [{ name: "café", label: "Café" }] },
      { slug: "日本", publishedAt: at("2025-06-01T00:00:00.000Z"), updatedAt: at("2025-07-01T12:00:00.000Z") },
    ]);

    const { headers, text } = await http.get("/sitemap.xml").buffer(true);

    expect(headers["content-type"]).toBe("application/xml; charset=utf-8");
    expect(listUrls(text)).toEqual([
      ["/", "2026-03-01T09:30:00+00:00"],
      ["/archive", "2026-03-01T09:30:00+00:00"],
      ["/tags", "2026-03-01T09:30:00+00:00"],
      ["/tags/caf%C3%A9", "2026-03-01T09:30:00+00:00"],
      ["/notes/%E6%97%A5%E6%9C%AC", "2025-07-01T12:00:00+00:00"],
      ["/notes/old", "2025-01-01T00:00:00+00:00"],
    ]);
  });

  test("names nothing that is in no list", async () => {
    const { ctx, http } = await testApp();
    await storeNotes(ctx, [
      { status: "draft", tags: [{ name: "a", label: "a" }] },
      { visibility: "unlisted", tags: [{ name: "b", label: "b" }] },
      { visibility: "private" },
      { status: "scheduled" },
    ]);

    const { text } = await http.get("/sitemap.xml").buffer(true);

    expect(listUrls(text).map(([path]) => path)).toEqual(["/", "/archive"]);
  });

  test("is valid while the site is empty", async () => {
    const { http } = await testApp();

    const { text } = await http.get("/sitemap.xml").buffer(true);

    expect(listUrls(text)).toEqual([
      ["/", undefined],
      ["/archive", undefined],
    ]);
  });

  test("answers 304 until something is published", async () => {
    const { ctx, http } = await testApp();
    await storeNote(ctx);
    const { headers } = await http.get("/sitemap.xml");

    const before = await http.get("/sitemap.xml").set("If-None-Match", headers.etag ?? "");
    await storeNote(ctx);
    const after = await http.get("/sitemap.xml").set("If-None-Match", headers.etag ?? "");

    expect([before.status, after.status]).toEqual([304, 200]);
  });

  test("reads many notes in pieces, each once", async () => {
    const { ctx, http } = await testApp();
    const inputs = Array.from({ length: 1_234 }, (_, i) => ({
      slug: `n${i}`,
      publishedAt: at("2025-01-01T00:00:00.000Z"),
    }));
    await storeNotes(ctx, inputs);

    const { text } = await http.get("/sitemap.xml").buffer(true);

    const paths = listUrls(text).map(([path]) => path);
    expect(paths).toHaveLength(2 + 1_234);
    expect(new Set(paths).size).toBe(paths.length);
  });
});

describe("a site with more pages than one file may name", () => {
  async function source(urlsMax: number) {
    const { ctx } = await testContext();
    const times = [
      "2024-12-31T23:59:59.999Z",
      "2025-01-01T00:00:00.000Z",
      "2025-12-31T23:59:59.999Z",
      "2026-01-01T00:00:00.000Z",
    ];
    await storeNotes(
      ctx,
      times.map((time, i) => ({ slug: `n${i}`, publishedAt: at(time) })),
    );
    return { db: ctx.db, siteUrl: SITE_URL, changedAt: ctx.clock(), urlsMax };
  }

  test("has one sitemap at the limit, and an index past it", async () => {
    const [atLimit, past] = [await source(6), await source(5)].map((from) =>
      parseXml([...writeSitemap(from)].join("")),
    );

    expect(atLimit?.name).toBe("urlset");
    expect(past?.name).toBe("sitemapindex");
    expect(elements(past!, "loc").map(({ text }) => text)).toEqual(
      ["pages", "2026", "2025", "2024"].map((part) => `${SITE_URL}/sitemap-${part}.xml`),
    );
  });

  test("has the notes of a year in its part, and the other pages in theirs", async () => {
    const from = await source(5);

    const parts = ["pages", "2026", "2025", "2024"].map((part) => listUrls([...writeSitemapPart(from, part)].join("")));

    expect(parts.map((urls) => urls.map(([path]) => path))).toEqual([
      ["/", "/archive"],
      ["/notes/n3"],
      ["/notes/n2", "/notes/n1"],
      ["/notes/n0"],
    ]);
  });

  test("never names more in a part than a file may", async () => {
    const from = await source(1);

    expect(listUrls([...writeSitemapPart(from, "2025")].join(""))).toHaveLength(1);
  });

  test.each(["1999", "2026", "pages.xml", "x", "__proto__"])("has no part %s when nothing is in it", async (part) => {
    const { http } = await testApp();

    expect((await http.get(`/sitemap-${part}.xml`)).status).toBe(404);
  });
});

test("robots.txt keeps search engines from the author's pages and leads them to the sitemap", async () => {
  const { http } = await testApp();

  const { headers, text } = await http.get("/robots.txt");

  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(text).toBe(
    `User-agent: *\nDisallow: /admin\nDisallow: /login\nDisallow: /setup\nDisallow: /search\nDisallow: /random\n\nSitemap: ${SITE_URL}/sitemap.xml\n`,
  );
});

function listUrls(text: string): [path: string, lastmod: string | undefined][] {
  const root = parseXml(text);
  expect(root.attributes.xmlns).toBe("http://www.sitemaps.org/schemas/sitemap/0.9");
  return elements(root, "url").map((url) => {
    const loc = childText(url, "loc") ?? "";
    expect(loc.startsWith(SITE_URL)).toBe(true);
    return [loc.slice(SITE_URL.length), childText(url, "lastmod")];
  });
}
