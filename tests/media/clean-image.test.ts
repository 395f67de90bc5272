import sharp from "sharp";
import { expect, test } from "vitest";
import { cleanImage } from "../../src/media/clean-image.ts";
import type { ImageType } from "../../src/media/file-type.ts";
import { animation, EXIF, picture, pngChunk, withComment, XMP } from "../support/images.ts";

const TYPES: readonly ImageType[] = ["jpeg", "png", "gif", "webp"];

/** Every pixel, of all frames. */
function pixels(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes, { animated: true }).ensureAlpha().raw().toBuffer();
}

test.each(TYPES)("a %s comes out as one, with its size and the name of its type", async (type) => {
  const bytes = await picture(60, 40).toFormat(type).toBuffer();

  const image = await cleanImage(bytes);

  const extension = type === "jpeg" ? "jpg" : type;
  expect(image).toMatchObject({ extension, mediaType: `image/${type}`, width: 60, height: 40 });
  expect(await sharp(image.bytes).metadata()).toMatchObject({ format: type, width: 60, height: 40 });
});

test.each(["jpeg", "png", "webp"] as const)("a %s loses place, camera, XMP and comments", async (type) => {
  const plain = await picture(64, 64).withExif(EXIF).withXmp(XMP).toFormat(type).toBuffer();
  const bytes = type === "webp" ? plain : withComment(plain, type);
  const before = await sharp(bytes).metadata();

  const image = await cleanImage(bytes);

  expect([before.exif, before.xmp]).toEqual([expect.any(Buffer), expect.any(Buffer)]);
  const after = await sharp(image.bytes).metadata();
  expect(after).not.toHaveProperty("exif");
  expect(after).not.toHaveProperty("xmp");
  expect(image.bytes.toString("latin1")).not.toMatch(/Secret|GPS|51,30/iu);
});

test("a GIF loses comments, XMP and texts, and keeps how often it repeats", async () => {
  const plain = await animation(20, 20, 3)
    .gif({ loop: 4, delay: [50, 100, 150] })
    .toBuffer();
  const xmp = Buffer.concat([
    Buffer.from("!\xff\x0bXMP DataXMP", "latin1"),
    Buffer.of(9),
    Buffer.from("SecretXmp"),
    Buffer.of(0),
  ]);
  const text = Buffer.concat([
    Buffer.of(0x21, 0x01, 12),
    Buffer.alloc(12),
    Buffer.of(6),
    Buffer.from("Secret"),
    Buffer.of(0),
  ]);
  const bytes = Buffer.concat([withComment(plain, "gif").subarray(0, -1), xmp, text, Buffer.from(";")]);

  const image = await cleanImage(bytes);

  expect(image.bytes.toString("latin1")).not.toContain("Secret");
  expect(await sharp(image.bytes, { animated: true }).metadata()).toMatchObject({
    pages: 3,
    loop: 4,
    delay: [50, 100, 150],
  });
});

test.each(TYPES)("what follows the end of a %s is dropped", async (type) => {
  const bytes = await picture(30, 30).toFormat(type).toBuffer();

  const image = await cleanImage(Buffer.concat([bytes, Buffer.from("<script>alert(1)</script>PK\x03\x04")]));

  expect(image.bytes.toString("latin1")).not.toContain("script");
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "a photo with orientation %d stands upright without saying so",
  async (orientation) => {
    const upright = await picture(48, 32).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
    const bytes = await sharp(upright).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
    const expected = await sharp(bytes).autoOrient().raw().toBuffer({ resolveWithObject: true });

    const image = await cleanImage(bytes);

    expect(image).toMatchObject({ width: expected.info.width, height: expected.info.height });
    expect((await sharp(image.bytes).metadata()).orientation).toBeUndefined();
    const actual = await sharp(image.bytes).raw().toBuffer();
    const difference = actual.reduce((sum, value, index) => sum + Math.abs(value - (expected.data[index] ?? 0)), 0);
    expect(difference / actual.length).toBeLessThan(6);
  },
);

test.each([
  ["png", {}],
  ["webp", { lossless: true }],
] as const)("a %s is turned upright without loss", async (type, options) => {
  const plain = await picture(48, 32).toFormat(type, options).toBuffer();
  const bytes = await sharp(plain).withMetadata({ orientation: 6 }).toFormat(type, options).toBuffer();

  const image = await cleanImage(bytes);

  expect(image).toMatchObject({ width: 32, height: 48 });
  expect(await pixels(image.bytes)).toEqual(
    await pixels(await sharp(bytes).autoOrient().toFormat(type, options).toBuffer()),
  );
});

test.each([
  ["a PNG", picture(40, 30).png()],
  ["a PNG with a palette", picture(40, 30).png({ palette: true, colours: 16 })],
  ["a grey PNG", picture(40, 30).toColourspace("b-w").png()],
  ["a PNG with transparency", picture(40, 30).ensureAlpha(0.5).png()],
  ["a PNG of 16 bits", picture(40, 30).toColourspace("rgb16").png()],
  ["a lossy WebP", picture(40, 30).webp({ quality: 30 })],
  ["a lossless WebP", picture(40, 30).webp({ lossless: true })],
  ["a WebP with transparency", picture(40, 30).ensureAlpha(0.5).webp()],
  ["an animated WebP", animation(40, 30, 5).webp({ loop: 2, delay: [40, 50, 60, 70, 80] })],
  ["a GIF", picture(40, 30).gif()],
  ["an animated GIF", animation(40, 30, 5).gif({ loop: 2, delay: [40, 50, 60, 70, 80] })],
])("%s keeps every pixel, and stays as it is where there was nothing to remove", async (_, source) => {
  const plain = await source.toBuffer();
  const bytes = await sharp(plain, { animated: true }).metadata();

  const image = await cleanImage(plain);
  const again = await cleanImage(image.bytes);

  const after = await sharp(image.bytes, { animated: true }).metadata();
  expect(await pixels(image.bytes)).toEqual(await pixels(plain));
  expect(after).toMatchObject({ depth: bytes.depth, space: bytes.space, isPalette: bytes.isPalette });
  expect([after.pages, after.loop, after.delay]).toEqual([bytes.pages, bytes.loop, bytes.delay]);
  expect(image.bytes.length).toBeLessThanOrEqual(plain.length + 8);
  expect(again.bytes).toEqual(image.bytes);
});

test("an animated PNG keeps its frames", async () => {
  const still = await picture(8, 8).png().toBuffer();
  const control = pngChunk("acTL", Buffer.of(0, 0, 0, 1, 0, 0, 0, 0));
  const bytes = Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]);

  const image = await cleanImage(bytes);

  expect(image.bytes.includes("acTL")).toBe(true);
});

test.each(["4:4:4", "4:2:0"])(
  "a photo with colours %s is one that nobody can tell from the first",
  async (chromaSubsampling) => {
    const bytes = await picture(400, 300).blur(2).jpeg({ quality: 95, chromaSubsampling }).toBuffer();

    const image = await cleanImage(bytes);

    const [before, after] = [await sharp(bytes).raw().toBuffer(), await sharp(image.bytes).raw().toBuffer()];
    const squares = before.reduce((sum, value, index) => sum + (value - (after[index] ?? 0)) ** 2, 0);
    expect(10 * Math.log10(255 ** 2 / (squares / before.length))).toBeGreaterThan(36);
    expect((await sharp(image.bytes).metadata()).chromaSubsampling).toBe(chromaSubsampling);
  },
);

test("a photo in the colours of print or of a wide screen becomes one for every screen", async () => {
  const print = await picture(30, 30).toColourspace("cmyk").jpeg().toBuffer();
  const wide = await picture(30, 30).withIccProfile("p3").jpeg().toBuffer();

  const images = [await cleanImage(print), await cleanImage(wide)];

  const after = await Promise.all(images.map(({ bytes }) => sharp(bytes).metadata()));
  expect(after).toMatchObject([
    { space: "srgb", hasProfile: false },
    { space: "srgb", hasProfile: false },
  ]);
});

test("the same bytes come out of the same bytes", async () => {
  const bytes = await picture(100, 80).withExif(EXIF).jpeg().toBuffer();

  const [one, other] = await Promise.all([cleanImage(bytes), cleanImage(Buffer.from(bytes))]);

  expect(one.bytes).toEqual(other.bytes);
});
