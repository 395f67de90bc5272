import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { AppError } from "../../src/lib/errors.ts";
import { MAX_CLEANED_HERE_BYTES } from "../../src/media/clean-pool.ts";
import { recordFiles } from "../../src/media/record-file.ts";
import { saveFile, saveFiles, uploadLimit } from "../../src/media/save-file.ts";
import { createStage, sweepStages, uploadsFolder } from "../../src/media/stage.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { NOW, testContext } from "../support/context.ts";
import { mp3, mp4, SECRET } from "../support/films.ts";
import { picture, pngBomb } from "../support/images.ts";
import { upload } from "../support/uploads.ts";

/** What there is of files: names in the folders, rows. */
function left(ctx: Context, dir: string) {
  const list = (folder: string) => (existsSync(join(dir, folder)) ? readdirSync(join(dir, folder)) : []);
  const rows = ctx.db.all<{ name: string }>("SELECT name FROM media").map(({ name }) => name);
  return { media: list("media"), uploads: list("uploads"), rows };
}

test("a film is stored under its hash with its size, and the same upload is stored once", async () => {
  const { ctx, dir } = await testContext();

  const file = await upload(ctx, mp4(), "beach.mov");
  const again = await upload(ctx, mp4(), "other.mp4");

  expect(file).toMatchObject({ mediaType: "video/mp4", width: 640, height: 360, originalName: "beach.mov" });
  expect(again).toEqual(file);
  expect(left(ctx, dir)).toEqual({ media: [file.name], uploads: [], rows: [file.name] });
});

test("all files of a form are recorded at once, each once, so that readers wait for the disk once", async () => {
  const { ctx, dir } = await testContext();
  const stage = createStage(uploadsFolder(ctx.config));
  onTestFinished(() => stage.clear());
  const uploads = [];
  for (const [index, side] of [8, 9, 8, 10].entries()) {
    const bytes = await picture(side, side).png().toBuffer();
    const staged = await stage.write(Readable.from([bytes]), uploadLimit(readSettings(ctx.db)));
    uploads.push({ ...staged, originalName: `${index}.png` });
  }
  let looks = 0;
  const clock = () => {
    looks += 1;
    return addSeconds(NOW, looks);
  };

  const saved = await saveFiles({ ...ctx, clock }, uploads);

  const rows = ctx.db.all("SELECT original_name AS name, created_at AS at FROM media ORDER BY id");
  const at = addSeconds(NOW, 1);
  expect(saved.map((file) => (file instanceof AppError ? file : file.width))).toEqual([8, 9, 8, 10]);
  expect(saved[2]).toEqual(saved[0]);
  expect(rows).toEqual(["0.png", "1.png", "3.png"].map((name) => ({ name, at })));
  expect(left(ctx, dir).media).toHaveLength(3);
});

test("a file that is gone before it is recorded takes none of the others with it", async () => {
  const { ctx, dir } = await testContext();
  const file = await upload(ctx, await picture(8, 8).png().toBuffer());
  const others = ["b", "c"].map((letter) => ({ ...file, name: `${letter.repeat(22)}.png`, sourceHash: letter }));
  writeFileSync(join(dir, "media", others[1]?.name ?? ""), "c");

  const [lost, kept] = await recordFiles(ctx, others);

  expect(lost).toMatchObject({ code: "unavailable" });
  expect(kept).toMatchObject({ name: others[1]?.name });
  expect(left(ctx, dir).rows.sort()).toEqual([file.name, others[1]?.name].sort());
});

test("a large file is cleaned in a process of its own, and what that refuses says why", async () => {
  const { ctx, dir } = await testContext();
  const film = mp4({ dataBytes: MAX_CLEANED_HERE_BYTES });

  const file = await upload(ctx, film);
  const sound = await upload(ctx, mp4({ dataBytes: MAX_CLEANED_HERE_BYTES + 1, handlers: ["soun"] }));
  const refused = upload(ctx, mp4({ dataBytes: MAX_CLEANED_HERE_BYTES, handlers: ["vide", "meta"] }));

  await expect(refused).rejects.toMatchObject({
    code: "invalid",
    field: "image",
    message: expect.stringContaining("track of notes"),
  });
  expect(sound).toMatchObject({ mediaType: "audio/mp4", width: undefined, height: undefined });
  expect(file.sizeBytes).toBe(film.length);
  expect(left(ctx, dir).rows.sort()).toEqual([file.name, sound.name].sort());
  expect(left(ctx, dir).uploads).toEqual([]);
});

test.each([
  ["a zero-byte file", Buffer.alloc(0), "The file is empty."],
  ["a truncated film", mp4().subarray(0, 900), "damaged or cut short"],
  ["a disguised page", Buffer.from("<!doctype html><script>alert(1)</script>"), "a web page"],
  ["a drawing", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "an SVG drawing"],
  ["a bomb", pngBomb(60_000, 60_000), "million pixels"],
  [
    "too large an image",
    Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(1_000_000)]),
    "an image may have 1 MB",
  ],
  ["too large a film", mp4({ dataBytes: 2_000_000 }), "a film, a recording or a document may have 2 MB"],
] as const)("%s gets a clear message, and leaves neither file nor row", async (_, bytes, message) => {
  const { ctx, dir } = await testContext();
  await changeSettings(ctx, { maxImageMegabytes: 1, maxMediaMegabytes: 2 });

  await expect(upload(ctx, bytes)).rejects.toThrow(message);

  expect(left(ctx, dir)).toEqual({ media: [], uploads: [], rows: [] });
});

test("a file as large as the limit is taken, one byte more is not", async () => {
  const { ctx } = await testContext();
  await changeSettings(ctx, { maxMediaMegabytes: 1 });
  const spare = 1_000_000 - mp4({ dataBytes: 0 }).length;

  const file = await upload(ctx, mp4({ dataBytes: spare }));
  const past = upload(ctx, mp4({ dataBytes: spare + 1 }));

  await expect(past).rejects.toMatchObject({ code: "too_large", field: "image" });
  expect(file.sizeBytes).toBe(1_000_000);
});

test("where only an image will do, a film is refused before it is looked through", async () => {
  const { ctx, dir } = await testContext();
  const stage = createStage(uploadsFolder(ctx.config));
  const limit = uploadLimit(readSettings(ctx.db));

  const film = await stage.write(Readable.from([mp4()]), limit);
  const image = await stage.write(Readable.from([await picture(9, 9).png().toBuffer()]), limit);

  await expect(saveFile(ctx, film, { only: "image" })).rejects.toThrow("The file is an MP4 film or recording.");
  expect(await saveFile(ctx, image, { only: "image" })).toMatchObject({ mediaType: "image/png" });
  await stage.clear();
  expect(left(ctx, dir).uploads).toEqual([]);
});

test("a sweep leaves an upload alone that is on its way, and takes what nobody holds any more", async () => {
  const { ctx, dir } = await testContext();
  const uploads = uploadsFolder(ctx.config);
  const [living, dead] = [createStage(uploads), createStage(uploads)];
  const limit = uploadLimit(readSettings(ctx.db));
  const file = await living.write(Readable.from([mp3()]), limit);
  await dead.write(Readable.from([Buffer.from(SECRET)]), limit);
  const names = readdirSync(uploads).filter((name) => !name.endsWith(".lock"));

  const removed = await sweepStages(uploads);

  expect([names.length, removed]).toEqual([2, 0]);
  expect(await saveFile(ctx, file)).toMatchObject({ mediaType: "audio/mpeg" });
  await Promise.all([living.clear(), dead.clear(), living.clear()]);
  expect(left(ctx, dir).uploads).toEqual([]);
});
