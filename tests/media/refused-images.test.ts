import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { cleanImage, MAX_IMAGE_BYTES, MAX_IMAGE_FRAMES, MAX_IMAGE_PIXELS } from "../../src/media/clean-image.ts";
import type { ImageType } from "../../src/media/file-type.ts";
import { animation, picture, pngBomb, pngChunk, tinyGif } from "../support/images.ts";

const TYPES: readonly ImageType[] = ["jpeg", "png", "gif", "webp", "avif"];

test.each([
  ["an empty file", Buffer.alloc(0), "The file is empty."],
  ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), "an SVG drawing"],
  [
    "an SVG with a prologue",
    Buffer.from('\ufeff<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg width="1">'),
    "an SVG drawing",
  ],
  ["a web page", Buffer.from("\n<!DOCTYPE html><html><body>hello"), "a web page"],
  ["a web page that begins with a comment", Buffer.from("<!-- GIF89a --><script>1</script>"), "a web page"],
  ["an XML document", Buffer.from('<?xml version="1.0"?><rss/>'), "an XML document"],
  ["a PDF", Buffer.from("%PDF-1.7\n"), "a PDF document"],
  ["an AVIF animation", Buffer.from("\0\0\0\x20ftypavis\0\0\0\0"), "an AVIF animation"],
  ["a QuickTime film", Buffer.from("\0\0\0\x14ftypqt  \0\0\0\0"), "a QuickTime film"],
  ["a HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0"), "a HEIC photo"],
  ["an MP4", Buffer.from("\0\0\0\x20ftypisom\0\0\0\0"), "an MP4 film"],
  ["a TIFF", Buffer.from("II*\0\x08\0\0\0"), "a TIFF image"],
  ["a BMP", Buffer.from("BM\x36\0\0\0\0\0\0\0"), "a BMP image"],
  ["a ZIP", Buffer.from("PK\x03\x04abc"), "an archive"],
  ["plain text", Buffer.from("hello"), "of a type that is not known here"],
  ["a RIFF that is no WebP", Buffer.from("RIFF\x10\0\0\0WAVEfmt "), "of a type that is not known here"],
])("%s is refused by its content, and the sentence says what is taken", async (_, bytes, what) => {
  const refusal = cleanImage(bytes);

  await expect(refusal).rejects.toMatchObject({ name: "AppError", code: "invalid", field: "image" });
  await expect(refusal).rejects.toThrow(what);
  await expect(refusal).rejects.toThrow("JPEG, PNG, GIF, WebP and AVIF images are taken.");
});

test.each([
  ["GIF89a/*<svg onload=alert(1)>*/=1;", "a GIF"],
  ["\xff\xd8\xff<script>alert(1)</script>", "a JPEG"],
  ["\x89PNG\r\n\x1a\n<html>", "a PNG"],
  ["RIFF\x40\0\0\0WEBPVP8 <html>", "a WebP"],
  ["GIF89a", "a GIF"],
])("%j only begins like an image", async (text, name) => {
  await expect(cleanImage(Buffer.from(text, "latin1"))).rejects.toThrow(
    `The file begins like ${name} image but is damaged or cut short.`,
  );
});

test.each(TYPES)("a %s that is cut short anywhere is refused", async (type) => {
  const bytes = await picture(64, 64).toFormat(type).toBuffer();
  const cuts = [0.1, 0.3, 0.5, 0.7, 0.9, 0.97].map((part) => bytes.subarray(0, Math.floor(bytes.length * part)));

  const results = await Promise.allSettled(cuts.map((cut) => cleanImage(cut)));

  expect(results.map((result) => (result.status === "rejected" ? (result.reason as AppError).code : "taken"))).toEqual(
    cuts.map(() => "invalid"),
  );
});

test("an animated GIF that ends between two frames is taken with those that are whole", async () => {
  const bytes = tinyGif(3).subarray(0, -1);

  const image = await cleanImage(bytes);

  expect(image.bytes).toEqual(tinyGif(3));
});

test.each(TYPES)(
  "a %s with flipped or missing bytes is taken or refused with a sentence, nothing else",
  async (type) => {
    const bytes = await animation(12, 12, type === "gif" || type === "webp" ? 3 : 1)
      .toFormat(type)
      .toBuffer();
    const place = fc.nat(bytes.length - 1);
    const damage = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });

    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: bytes.length }), async (changes, length) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const result = await cleanImage(damaged.subarray(0, length)).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toMatchObject({ name: "AppError", code: "invalid" });
      }),
      { numRuns: 150 },
    );
  },
);

test("an image at the limit of bytes is taken, one byte more is too large", async () => {
  const png = await picture(10, 10).png().toBuffer();
  const fill = MAX_IMAGE_BYTES - png.length - 12;
  const padded = Buffer.concat([png.subarray(0, 33), pngChunk("tEXt", Buffer.alloc(fill, 65)), png.subarray(33)]);

  const image = await cleanImage(padded);
  const past = cleanImage(Buffer.concat([padded, Buffer.alloc(1)]));

  expect(padded.length).toBe(MAX_IMAGE_BYTES);
  expect(image.bytes).toEqual(png);
  await expect(past).rejects.toMatchObject({
    code: "too_large",
    message: "The image has 10.1 MB; at most 10 MB are taken. Make it smaller and try again.",
  });
});

test("an image at the limit of pixels is taken, one more row is refused", async () => {
  const [width, height] = [10_000, MAX_IMAGE_PIXELS / 10_000];
  const create = { width, height, channels: 3, background: "#345" } as const;
  const bytes = await sharp({ create }).png({ compressionLevel: 1 }).toBuffer();

  const image = await cleanImage(bytes);

  expect(image).toMatchObject({ width, height });
  await expect(cleanImage(pngBomb(width, height + 1))).rejects.toMatchObject({
    code: "invalid",
    message: "The image has 50.1 million pixels; at most 50 million are taken. Make it smaller and try again.",
  });
});

test.each([
  ["a PNG of 2,500 million pixels", pngBomb(50_000, 50_000)],
  ["a PNG as wide as can be", pngBomb(2_147_483_647, 2_147_483_647)],
  ["a GIF on a canvas of 4,295 million pixels", tinyGif(1, 65_535, 65_535)],
  ["a GIF whose frames make 100 million pixels", tinyGif(100, 1_000, 1_000)],
])("%s is refused before it takes memory", async (_, bytes) => {
  const before = process.memoryUsage.rss();

  await expect(cleanImage(bytes)).rejects.toMatchObject({ code: "invalid" });

  expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
});

test("an animation at the limit of frames is taken, one more is refused", async () => {
  const image = await cleanImage(tinyGif(MAX_IMAGE_FRAMES));

  expect(image).toMatchObject({ width: 1, height: 1 });
  await expect(cleanImage(tinyGif(MAX_IMAGE_FRAMES + 1))).rejects.toThrow(
    "The animation has 2,001 frames; at most 2,000 are taken. Make it shorter and try again.",
  );
});

test("an error of the image library is the cause, never the sentence", async () => {
  const bytes = await picture(64, 64).jpeg().toBuffer();

  const error = await cleanImage(bytes.subarray(0, bytes.length / 2)).catch((reason: unknown) => reason as AppError);

  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ cause: expect.any(Error), message: expect.not.stringMatching(/vips/iu) });
});
