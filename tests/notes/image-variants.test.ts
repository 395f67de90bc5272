import { expect, test } from "vitest";
import { imageVariants } from "../../src/notes/image-variants.ts";

const FORMATS = { avif: "image/avif", webp: "image/webp", jpg: "image/jpeg" };

function variants(format: keyof typeof FORMATS, ...widths: number[]) {
  return widths.map((width) => ({
    name: `x-${width}.${format}`,
    mediaType: FORMATS[format],
    width,
    height: width,
    sizeBytes: 1,
  }));
}

function image(width: number) {
  return { name: "x.jpg", mediaType: "image/jpeg", sizeBytes: 9, width, height: width, originalName: undefined };
}

test("each light format is a source of all its widths; the last format stands on the image", () => {
  const all = [...variants("avif", 480, 960), ...variants("webp", 480), ...variants("jpg", 480, 960, 1600)];

  expect(imageVariants(image(4000), all)).toEqual({
    sources: [
      { type: "image/avif", srcset: "/media/x-480.avif 480w, /media/x-960.avif 960w" },
      { type: "image/webp", srcset: "/media/x-480.webp 480w" },
    ],
    srcset: "/media/x-480.jpg 480w, /media/x-960.jpg 960w, /media/x-1600.jpg 1600w",
  });
});

test("an image between two widths is a size of its own", () => {
  expect(imageVariants(image(1200), variants("jpg", 480, 960)).srcset).toBe(
    "/media/x-480.jpg 480w, /media/x-960.jpg 960w, /media/x.jpg 1200w",
  );
});

test("a format without variants is left out", () => {
  expect(imageVariants(image(700), variants("webp", 480))).toEqual({
    sources: [{ type: "image/webp", srcset: "/media/x-480.webp 480w" }],
    srcset: "",
  });
});
