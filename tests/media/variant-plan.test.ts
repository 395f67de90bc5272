import { expect, test } from "vitest";
import {
  heightAt,
  MAX_VARIANT_PIXELS,
  MIN_SOURCE_BYTES,
  VARIANT_NAME,
  variantFormats,
  variantName,
  variantWidths,
  wantsVariants,
} from "../../src/media/variant-plan.ts";

const HASH = "a-b_cdefghijklmnopqrst";

test.each([
  [4000, [480, 960, 1600]],
  [1601, [480, 960, 1600]],
  [1600, [480, 960, 1600]],
  [1200, [480, 960, 1200]],
  [1152, [480, 960, 1152]],
  [1151, [480, 960]],
  [481, [480]],
  [480, [480]],
  [300, [300]],
])("an image %d pixels wide is made in the widths %j, none above its own", (width, widths) => {
  expect(variantWidths({ width, height: 100 })).toEqual(widths);
});

test("a long strip is made only in widths that stay below the most pixels", () => {
  const height = MAX_VARIANT_PIXELS / 480;

  expect(variantWidths({ width: 960, height: 2 * height })).toEqual([480]);
  expect(variantWidths({ width: 960, height: 2 * height + 2 })).toEqual([]);
});

test("the height follows the width, and is never nothing", () => {
  expect(heightAt({ width: 4000, height: 3000 }, 480)).toBe(360);
  expect(heightAt({ width: 4000, height: 1 }, 480)).toBe(1);
});

test.each([
  ["image/jpeg", MIN_SOURCE_BYTES, 100, true],
  ["image/jpeg", MIN_SOURCE_BYTES - 1, 100, false],
  ["image/gif", 1_000_000, 100, false],
  ["audio/mpeg", 1_000_000, undefined, false],
])("of %s with %d bytes and width %s variants are made: %s", (mediaType, sizeBytes, width, expected) => {
  expect(wantsVariants({ mediaType, sizeBytes, width, height: width })).toBe(expected);
});

test.each([
  ["image/jpeg", false, ["avif", "webp", "jpeg"]],
  ["image/webp", false, ["avif", "webp", "jpeg"]],
  ["image/webp", true, ["avif", "webp", "png"]],
  ["image/png", false, ["avif", "webp", "png"]],
])("of %s (transparent: %s) there are %j", (mediaType, hasAlpha, formats) => {
  expect(variantFormats({ mediaType, hasAlpha })).toEqual(formats);
});

test("a variant is called after its image, so its address never changes", () => {
  expect(variantName(`${HASH}.jpg`, 960, "jpeg")).toBe(`${HASH}-960.jpg`);
  expect(`${HASH}-960.avif`).toMatch(VARIANT_NAME);
  expect(`${HASH}.avif`).not.toMatch(VARIANT_NAME);
});
