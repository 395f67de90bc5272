import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { encodeVariants } from "../../src/media/encode-variants.ts";
import { testFolder } from "../support/context.ts";
import { animation, EXIF, picture } from "../support/images.ts";

const HASH = "a-b_cdefghijklmnopqrst";

function encode(bytes: Buffer, type: "jpeg" | "png" | "webp") {
  const dir = testFolder();
  const [media, variants] = [join(dir, "media"), join(dir, "variants")];
  mkdirSync(media);
  const name = `${HASH}.${type}`;
  writeFileSync(join(media, name), bytes);
  const request = { mediaFolder: media, variantsFolder: variants, name, mediaType: `image/${type}` };
  return { variants, made: encodeVariants(request) };
}

test("a photo is made in three formats, each file whole, with the size that is said", async () => {
  const bytes = await picture(1200, 600).jpeg({ quality: 95 }).toBuffer();

  const { variants, made } = encode(bytes, "jpeg");

  const list = await made;
  sharp.unblock({ operation: ["VipsForeignLoadHeif"] }); // Nobody but this test ever reads an AVIF.
  expect(list.map(({ name }) => name)).toEqual([
    ...[1200, 960, 480].map((width) => `${HASH}-${width}.avif`),
    ...[1200, 960, 480].map((width) => `${HASH}-${width}.webp`),
    ...[960, 480].map((width) => `${HASH}-${width}.jpg`), // The widest JPEG is the photo itself.
  ]);
  expect(readdirSync(variants).sort()).toEqual(list.map(({ name }) => name).sort());
  for (const { name, width, height, sizeBytes, mediaType } of list) {
    const file = readFileSync(join(variants, name));
    const { format, ...size } = await sharp(file).metadata();
    expect([size.width, size.height, file.length]).toEqual([width, height, sizeBytes]);
    expect(height).toBe(width / 2);
    expect(mediaType).toBe(`image/${format === "heif" ? "avif" : format}`);
    expect(sizeBytes).toBeLessThan(bytes.length);
  }
});

test("a photo that lies on its side stands upright in its variants, which say nothing of where it was taken", async () => {
  const bytes = await picture(600, 300)
    .jpeg({ quality: 95 })
    .withExif(EXIF)
    .withMetadata({ orientation: 6 })
    .toBuffer();

  const { variants, made } = encode(bytes, "jpeg");

  const first = (await made).find(({ mediaType }) => mediaType === "image/webp");
  expect([first?.width, first?.height]).toEqual([300, 600]);
  expect((await sharp(readFileSync(join(variants, first?.name ?? ""))).metadata()).exif).toBeUndefined();
});

test("what is transparent stays so, in every format", async () => {
  const pixels = randomBytes(600 * 100 * 4).map((value, index) => (index % 4 === 3 ? 128 : value));
  const bytes = await sharp(pixels, { raw: { width: 600, height: 100, channels: 4 } })
    .png()
    .toBuffer();

  const { variants, made } = encode(bytes, "png");

  const list = await made;
  sharp.unblock({ operation: ["VipsForeignLoadHeif"] });
  expect(new Set(list.map(({ mediaType }) => mediaType))).toEqual(new Set(["image/avif", "image/webp", "image/png"]));
  for (const { name } of list) {
    expect((await sharp(readFileSync(join(variants, name))).metadata()).hasAlpha).toBe(true);
  }
});

test("a format that would be no smaller than the image is left out", async () => {
  const bytes = await sharp({ create: { width: 700, height: 500, channels: 3, background: "#fff" } })
    .png({ palette: true, compressionLevel: 9 })
    .toBuffer();

  const { made } = encode(bytes, "png");

  for (const { sizeBytes } of await made) expect(sizeBytes).toBeLessThan(bytes.length);
});

test("an animation has no variants", async () => {
  const { variants, made } = encode(await animation(600, 400, 3).webp().toBuffer(), "webp");

  expect(await made).toEqual([]);
  expect(existsSync(variants)).toBe(false);
});

test("a damaged image has none, and leaves nothing", async () => {
  const bytes = await picture(900, 600).jpeg().toBuffer();

  const { variants, made } = encode(bytes.subarray(0, bytes.length / 2), "jpeg");

  await expect(made).rejects.toThrow();
  expect(existsSync(variants)).toBe(false);
});
