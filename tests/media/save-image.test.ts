import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { AppError } from "../../src/lib/errors.ts";
import { mediaFolder } from "../../src/media/media-files.ts";
import { findMedia, findMediaNames } from "../../src/media/media-store.ts";
import { MAX_ORIGINAL_NAME_LENGTH } from "../../src/media/record-file.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { testContext } from "../support/context.ts";
import { EXIF, picture, pngBomb } from "../support/images.ts";

function files({ config }: Pick<Context, "config">): string[] {
  const folder = mediaFolder(config);
  return existsSync(folder) ? readdirSync(folder) : [];
}

function countRows({ db }: Pick<Context, "db">): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM media")?.count ?? 0;
}

test("an image is stored under the hash of its bytes, for the server alone, and recorded", async () => {
  const { ctx, dir } = await testContext();
  const bytes = await picture(30, 20).jpeg().withExif(EXIF).toBuffer();

  const file = await saveImage(ctx, { bytes, originalName: "holiday.jpg" });

  const stored = readFileSync(join(dir, "media", file.name));
  const hash = createHash("sha256").update(stored).digest("base64url");
  expect(file).toEqual({
    name: `${hash.slice(0, 22)}.jpg`,
    mediaType: "image/jpeg",
    sizeBytes: stored.length,
    width: 30,
    height: 20,
    originalName: "holiday.jpg",
  });
  expect(findMedia(ctx.db, file.name)).toEqual(file);
  expect(findMediaNames(ctx.db, [file.name, "nothing.png"])).toEqual(new Map([[file.name, file]]));
  expect(statSync(join(dir, "media", file.name)).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, "media")).mode & 0o777).toBe(0o700);
});

test.each(["jpeg", "png", "gif", "webp", "avif"] as const)(
  "a %s gets the extension of its type, whatever it was called",
  async (type) => {
    const { ctx } = await testContext();
    const bytes = await picture(10, 10).toFormat(type).toBuffer();

    const file = await saveImage(ctx, { bytes, originalName: "evil.html" });

    expect(file.name).toMatch(new RegExp(`^[A-Za-z0-9_-]{22}\\.${type === "jpeg" ? "jpg" : type}$`, "u"));
    expect(file.mediaType).toBe(`image/${type}`);
  },
);

test("the same upload is stored once, one after the other and all at once", async () => {
  const { ctx } = await testContext();
  const bytes = await picture(50, 50).jpeg().toBuffer();

  const first = await saveImage(ctx, { bytes, originalName: "a.jpg" });
  const others = await Promise.all(
    [1, 2, 3].map(() => saveImage(ctx, { bytes: Buffer.from(bytes), originalName: "b.jpg" })),
  );

  expect(others).toEqual([first, first, first]);
  expect(files(ctx)).toEqual([first.name]);
  expect(countRows(ctx)).toBe(1);
});

test("two uploads that differ only in their metadata are one file", async () => {
  const { ctx } = await testContext();
  const plain = await picture(20, 20).png().toBuffer();
  const tagged = await picture(20, 20).png().withExif(EXIF).toBuffer();

  const [one, other] = [await saveImage(ctx, { bytes: plain }), await saveImage(ctx, { bytes: tagged })];

  expect(tagged).not.toEqual(plain);
  expect(other.name).toBe(one.name);
  expect(countRows(ctx)).toBe(1);
});

test("a file that was lost comes back with the same upload", async () => {
  const { ctx, dir } = await testContext();
  const bytes = await picture(20, 20).webp().toBuffer();
  const file = await saveImage(ctx, { bytes });
  rmSync(join(dir, "media", file.name));

  const again = await saveImage(ctx, { bytes });

  expect(again).toEqual(file);
  expect(files(ctx)).toEqual([file.name]);
});

test.each([
  ["C:\\Users\\me\\cat.jpg", "cat.jpg"],
  ["../../etc/passwd", "passwd"],
  ["Фото\u0000 1\u202e.jpg", "Фото 1\u202e.jpg"],
  ["a\r\nSet-Cookie: x", "Set-Cookie: x"],
  ["x".repeat(MAX_ORIGINAL_NAME_LENGTH), "x".repeat(MAX_ORIGINAL_NAME_LENGTH)],
  ["x".repeat(MAX_ORIGINAL_NAME_LENGTH + 1), "x".repeat(MAX_ORIGINAL_NAME_LENGTH)],
  ["", undefined],
  ["images/", undefined],
])("of the name %j is kept %j", async (originalName, kept) => {
  const { ctx } = await testContext();

  const file = await saveImage(ctx, { bytes: await picture(4, 4).png().toBuffer(), originalName });

  expect(file.originalName).toBe(kept);
});

test.each([
  ["nothing", Buffer.alloc(0), "invalid"],
  ["a drawing", Buffer.from("<svg/>"), "invalid"],
  ["a bomb", pngBomb(60_000, 60_000), "invalid"],
  ["too much", Buffer.alloc(10_000_001), "too_large"],
])("%s leaves neither file nor row", async (_, bytes, code) => {
  const { ctx } = await testContext();

  await expect(saveImage(ctx, { bytes })).rejects.toMatchObject({ code });

  expect(files(ctx)).toEqual([]);
  expect(countRows(ctx)).toBe(0);
});

test("a row that cannot be written leaves no file", async () => {
  const { ctx } = await testContext();
  let writes = 0;
  const db = new Proxy(ctx.db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "write") writes += 1;
      if (name === "write" && writes === 1) return () => Promise.reject(new AppError("storage_full", "Full."));
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

  const saving = saveImage({ ...ctx, db }, { bytes: await picture(9, 9).png().toBuffer() });

  await expect(saving).rejects.toMatchObject({ code: "storage_full" });
  expect(files(ctx)).toEqual([]);
});

test("a row never stands without its file, even if that was swept just now", async () => {
  const { ctx, dir } = await testContext();
  const bytes = await picture(9, 9).png().toBuffer();
  const db = new Proxy(ctx.db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "write") for (const file of files(ctx)) rmSync(join(dir, "media", file));
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

  const saving = saveImage({ ...ctx, db }, { bytes });

  await expect(saving).rejects.toMatchObject({ code: "unavailable" });
  expect(countRows(ctx)).toBe(0);
});

test("a media folder that is a file is an error, and no row is written", async () => {
  const { ctx, dir } = await testContext();
  writeFileSync(join(dir, "media"), "in the way");

  await expect(saveImage(ctx, { bytes: await picture(9, 9).png().toBuffer() })).rejects.toMatchObject({
    code: "EEXIST",
  });

  expect(countRows(ctx)).toBe(0);
});
