import { expect, test } from "vitest";
import { placeImages } from "../../src/lib/markdown.ts";

const SHOWN = { show: "image", src: "/media/x.jpg" } as const;
const LAZY = 'loading="lazy" decoding="async"';

test("an image is shown from where it was placed, with its size", () => {
  const html = `<p><img src="https://a.example/b.png" alt="c" ${LAZY}></p>`;

  const placed = placeImages(html, () => ({ show: "image", src: "/media/x.png", width: 640, height: 480 }));

  expect(placed).toBe(`<p><img src="/media/x.png" alt="c" ${LAZY} width="640" height="480"></p>`);
});

test.each([
  ["of one side sets the other", 'width="320"', 'src="/x" width="320" height="240"'],
  ["of the other side, too", 'height="120"', 'src="/x" width="160" height="120"'],
  ["of both sides stands", 'width="10" height="99"', 'width="10" height="99" src="/x"'],
])("a size that the author gave %s", (_name, size, expected) => {
  const placed = placeImages(`<img ${size} src="a.png">`, () => ({
    show: "image",
    src: "/x",
    width: 640,
    height: 480,
  }));

  expect(attributesOf(placed)).toEqual(attributesOf(`<img ${expected}>`));
});

const VARIANTS = {
  sources: [
    { type: "image/avif", srcset: "/media/x-480.avif 480w" },
    { type: "image/webp", srcset: "/media/x-480.webp 480w" },
  ],
  srcset: "/media/x-480.jpg 480w, /media/x.jpg 900w",
};

test("an image in several sizes is a picture, lightest format first, and its src is the image itself", () => {
  const html = '<p>a <img class="u-photo" src="x.jpg" alt="b"> c</p>';
  const sizes = 'sizes="(max-width: 40rem) 100vw, 38rem"';

  const placed = placeImages(html, () => ({ ...SHOWN, width: 900, height: 600, variants: VARIANTS }));

  expect(placed).toBe(
    `<p>a <picture><source type="image/avif" srcset="/media/x-480.avif 480w" ${sizes}>` +
      `<source type="image/webp" srcset="/media/x-480.webp 480w" ${sizes}>` +
      '<img class="u-photo" src="/media/x.jpg" alt="b" width="900" height="600" ' +
      `srcset="${VARIANTS.srcset}" ${sizes}></picture> c</p>`,
  );
});

test.each([
  ['width="200"', 'sizes="min(200px, 100vw)"'],
  ['width="607"', 'sizes="min(607px, 100vw)"'],
  ['width="608"', 'sizes="(max-width: 40rem) 100vw, 38rem"'],
])("an image that the author made %s says so to browsers: %s", (size, sizes) => {
  const choice = { ...SHOWN, width: 900, height: 600, variants: { ...VARIANTS, sources: [] } };

  const placed = placeImages(`<img src="x.jpg" ${size}>`, () => choice);

  expect(placed).toContain(sizes);
  expect(placed).not.toContain("<picture>");
});

test("an image whose formats all have sources needs no srcset of its own", () => {
  const placed = placeImages('<img src="x.jpg">', () => ({ ...SHOWN, variants: { ...VARIANTS, srcset: "" } }));

  expect(placed).toMatch(/<img src="\/media\/x\.jpg"><\/picture>$/u);
});

test("an image of unknown size has none", () => {
  expect(placeImages('<img src="a.png">', (src) => ({ show: "image", src: `/${src}` }))).toBe('<img src="/a.png">');
});

test.each([
  [
    "says what the description says",
    '<img src="https://a.example/b.png" alt=" A cat ">',
    '<a href="https://a.example/b.png">A cat</a>',
  ],
  [
    "says its address without a description",
    '<img src="https://a.example/b.png" alt="">',
    '<a href="https://a.example/b.png">https://a.example/b.png</a>',
  ],
  [
    "is escaped",
    '<img src="https://a.example/?b&amp;c" alt="&lt;b&gt;">',
    '<a href="https://a.example/?b&amp;c">&lt;b&gt;</a>',
  ],
  [
    "is only the words within a link",
    '<a href="/d"><em><img src="https://a.example/b.png" alt="A cat"></em></a>',
    '<a href="/d"><em>A cat</em></a>',
  ],
  ["is only the words where nothing may be linked", '<img src="b.png" alt="A cat">', "A cat"],
])("a link in place of an image %s", (_name, html, expected) => {
  expect(placeImages(html, (href) => ({ show: "link", href }))).toBe(expected);
});

test("each image is decided for itself, and what is not an image stays as it was", () => {
  const html =
    '<pre tabindex="0">\n\n&lt;img src="no"&gt;</pre><p title="&lt;img&gt;"><img src="a" alt="x"> <img src="https://b.example" alt="y"></p>';

  const placed = placeImages(html, (src) => (src === "a" ? { show: "image", src: "/a" } : { show: "link", href: src }));

  expect(placed).toBe(
    '<pre tabindex="0">\n\n&lt;img src="no"&gt;</pre><p title="&lt;img&gt;"><img src="/a" alt="x"> <a href="https://b.example">y</a></p>',
  );
});

test("a text without images is not touched", () => {
  const html = "<p>not <well formed";

  expect(placeImages(html, () => ({ show: "link", href: "/" }))).toBe(html);
});

function attributesOf(image: string): string[] {
  return [...image.matchAll(/(\w+)="([^"]*)"/g)].map((match) => match[0]).sort();
}
