import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { saveImage } from "../../src/media/save-image.ts";
import { ORPHAN_AGE_SECONDS, sweepMedia } from "../../src/media/sweep-media.ts";
import { NOW, testContext } from "../support/context.ts";
import { picture } from "../support/images.ts";

const ORPHAN = `${"a".repeat(22)}.jpg`;
const UNFINISHED = `.${"b".repeat(22)}.png.0123456789abcdef.part`;

async function openFolder() {
  const { ctx, dir } = await testContext();
  const folder = join(dir, "media");
  mkdirSync(folder);
  return {
    ctx,
    folder,
    put(name: string, ageSeconds: number) {
      writeFileSync(join(folder, name), "x");
      const then = Date.parse(NOW) / 1000 - ageSeconds;
      utimesSync(join(folder, name), then, then);
    },
  };
}

test("files without a row go once they are an hour old, finished or not", async () => {
  const { ctx, folder, put } = await openFolder();
  put(ORPHAN, ORPHAN_AGE_SECONDS + 1);
  put(UNFINISHED, ORPHAN_AGE_SECONDS + 1);
  put(`${"c".repeat(22)}.gif`, ORPHAN_AGE_SECONDS);

  const removed = await sweepMedia(ctx);

  expect(removed).toBe(2);
  expect(readdirSync(folder)).toEqual([`${"c".repeat(22)}.gif`]);
});

test("files with a row stay, and so does what others have put there", async () => {
  const { ctx, folder, put } = await openFolder();
  const image = await saveImage(ctx, { bytes: await picture(5, 5).png().toBuffer() });
  put(image.name, 10 * ORPHAN_AGE_SECONDS);
  for (const name of [".nomedia", "README.txt", "short.jpg", `${ORPHAN}.bak`]) put(name, 10 * ORPHAN_AGE_SECONDS);

  const removed = await sweepMedia(ctx);

  expect(removed).toBe(0);
  expect(readdirSync(folder)).toHaveLength(5);
});

test("many orphans go in pieces", async () => {
  const { ctx, folder, put } = await openFolder();
  for (let index = 0; index < 450; index += 1) put(`${String(index).padStart(22, "0")}.jpg`, 2 * ORPHAN_AGE_SECONDS);

  expect(await sweepMedia(ctx)).toBe(450);
  expect(readdirSync(folder)).toEqual([]);
});

test("a site without uploads has nothing to sweep", async () => {
  const { ctx, dir } = await testContext();

  expect(await sweepMedia(ctx)).toBe(0);
  expect(existsSync(join(dir, "media"))).toBe(false);
});
