import { expect, test } from "vitest";
import type { ImageChoice } from "../../src/lib/markdown.ts";
import { placeImages } from "../../src/lib/markdown.ts";
import { queryAll } from "../support/dom.ts";

/** A note whose images are of this size, by the number in their address: even ones wide, odd ones tall. */
function place(html: string, isPhotoPost = true): string {
  const choose = (src: string): ImageChoice => {
    const isWide = Number(/\d+/u.exec(src)?.[0] ?? 0) % 2 === 0;
    const [width, height] = isWide ? [1600, 1000] : [1000, 1600];
    const srcset = `${src}-480.avif 480w`;
    return { show: "image", src, width, height, variants: { sources: [{ type: "image/avif", srcset }], srcset: "" } };
  };
  return placeImages(html, choose, { isPhotoPost });
}

function photos(...numbers: number[]): string {
  return `<p>${numbers.map((number) => `<img src="/media/${number}.jpg" alt="Photo ${number}">`).join("\n")}</p>`;
}

test.each([
  [[0, 2], "gallery wide", [25, 25]],
  [[1, 3], "gallery tall", [25, 25]],
  [[0, 1, 2], "gallery", [19, 19, 19]],
  [[0, 1, 2, 3], "gallery", [25, 25, 25, 25]],
  [[0, 1, 2, 3, 4], "gallery", [25, 25, 19, 19, 19]],
  [[0, 2, 4, 6, 8, 10, 12], "gallery wide", [25, 25, 25, 25, 19, 19, 19]],
] as const)("%j photos of one paragraph are a gallery, each in its cell and size", (numbers, name, widths) => {
  const html = place(photos(...numbers));

  expect(queryAll(html, "div").map(({ attributes }) => attributes.class)).toEqual([name]);
  expect(queryAll(html, "div figure a picture img.u-photo")).toHaveLength(numbers.length);
  const drawn = queryAll(html, "source").map(({ attributes }) =>
    Number(/(\d+)rem$/u.exec(attributes.sizes ?? "")?.[1]),
  );
  expect(drawn).toEqual(widths);
  for (const { attributes } of queryAll(html, "img"))
    expect(attributes).toMatchObject({ width: expect.anything(), height: expect.anything() });
});

test("a photo of a gallery leads to itself, is called by what it shows, and has its title as caption", () => {
  const html = place(
    '<p><img src="/media/0.jpg" alt="A cat" title="On the wall"><br><img src="/media/2.jpg" alt=""></p>',
  );

  expect(queryAll(html, "a").map(({ attributes }) => [attributes.href, attributes["aria-label"]])).toEqual([
    ["/media/0.jpg", undefined],
    ["/media/2.jpg", "Photo 2 of 2"],
  ]);
  expect(html).toContain("</a><figcaption>On the wall</figcaption></figure>");
  expect(html).not.toContain(" title=");
});

test("one photo with a title is a figure; one without stays as it is", () => {
  const html = place(
    '<p><img src="/media/0.jpg" alt="" title="A &lt;b&gt;"></p><p><img src="/media/2.jpg" alt=""></p>',
    false,
  );

  expect(html).toMatch(/^<figure><picture>.*<\/picture><figcaption>A &lt;b&gt;<\/figcaption><\/figure><p><picture>/u);
  expect(html).not.toContain("u-photo");
});

test.each([
  ["text beside them", '<p>See <img src="/media/0.jpg" alt=""><img src="/media/2.jpg" alt=""></p>'],
  ["a link around one", '<p><a href="/"><img src="/media/0.jpg" alt=""></a><img src="/media/2.jpg" alt=""></p>'],
  ["one from elsewhere", '<p><img src="https://a.example/0.jpg" alt=""><img src="/media/2.jpg" alt=""></p>'],
  ["no paragraph", '<blockquote><p><img src="/media/0.jpg" alt=""><img src="/media/2.jpg" alt=""></p></blockquote>'],
])("images with %s are no gallery", (_, html) => {
  expect(place(html)).not.toMatch(/figure|gallery|u-photo/u);
});

test("a gallery that is placed again is the same", () => {
  const once = place(photos(0, 1, 2));

  expect(placeImages(once, (src) => ({ show: "image", src }))).toBe(once);
});

test("a film takes the place of its image, with its size and its name; sound, and what can only be downloaded, too", () => {
  const choose = (src: string): ImageChoice => {
    if (src.endsWith("mp4")) return { show: "video", src, width: 640, height: 360 };
    if (src.endsWith("mp3")) return { show: "audio", src, alt: "A song" };
    return { show: "link", href: src, note: " (PDF, 2 KiB)" };
  };

  const html = placeImages(
    '<p><img src="/media/a.mp4" alt="The sea" loading="lazy"></p><p><img src="/media/a.mp3" alt=""></p><p><img src="/media/a.pdf" alt="Paper"></p><video src="/media/a.mp4" preload="none"></video>',
    choose,
  );

  expect(html).toBe(
    '<p><video class="u-video" src="/media/a.mp4" aria-label="The sea" controls="" preload="metadata" width="640" height="360"></video></p>' +
      '<p><audio class="u-audio" src="/media/a.mp3" aria-label="A song" controls="" preload="metadata"></audio></p>' +
      '<p><a href="/media/a.pdf">Paper (PDF, 2 KiB)</a></p>' +
      '<video class="u-video" src="/media/a.mp4" controls="" preload="metadata" width="640" height="360"></video>',
  );
});
