import { expect, test } from "vitest";
import { MAX_SOURCES_LENGTH, sourcesIn } from "../../src/web/elsewhere.ts";

function images(...urls: string[]) {
  const html = urls.map((url) => `<img src="${url.replaceAll("&", "&amp;")}">`).join("");
  const shown = urls.map((url) => ({ url, shownAs: "image" as const }));
  return sourcesIn(html, shown)?.images;
}

test("a page is allowed what its HTML shows, each as what it is, and nothing else that some note shows", () => {
  const html = '<img class="u-photo" src="https://a.example/1.jpg?a=1&amp;b=2"><video src="https://a.example/2.mp4">';

  const sources = sourcesIn(html, [
    { url: "https://a.example/1.jpg?a=1&b=2", shownAs: "image" },
    { url: "https://a.example/2.mp4", shownAs: "media" },
    { url: "https://b.example/3.jpg", shownAs: "image" },
  ]);

  expect(sources).toEqual({ images: ["https://a.example/1.jpg"], media: ["https://a.example/2.mp4"] });
  expect(sourcesIn("<p>https://b.example/3.jpg", [{ url: "https://b.example/3.jpg", shownAs: "image" }])).toBe(
    undefined,
  );
});

test("nothing in an address ends its source or begins another directive", () => {
  expect(images("https://a.example/x;script-src,*/y.jpg")).toEqual(["https://a.example/x%3Bscript-src%2C*/y.jpg"]);
});

test("addresses as long as the limit stand for themselves, one character more for their servers", () => {
  const address = (length: number) => `https://a.example/${"x".repeat(length - "https://a.example/".length)}`;
  const half = address(MAX_SOURCES_LENGTH / 2 - 1);

  expect(images(half, address(MAX_SOURCES_LENGTH / 2))).toHaveLength(2);
  expect(images(half, address(MAX_SOURCES_LENGTH / 2 + 1))).toEqual(["https://a.example"]);
});

test("of more servers than fit only so many are named", () => {
  const urls = Array.from({ length: 200 }, (_, index) => `https://server-${index}.example/x.jpg`);

  expect(images(...urls)?.join(" ").length).toBeLessThanOrEqual(MAX_SOURCES_LENGTH);
});
