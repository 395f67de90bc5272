import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { cleanFile } from "../../src/media/clean-file.ts";
import { pageChecksum } from "../../src/media/clean-ogg.ts";
import { testFolder } from "../support/context.ts";
import { avif, mp3, mp4, ogg, pdf, SECRET, webm } from "../support/films.ts";

/** Cleans a file, and says what it is now and what lies in the folder. */
async function clean(bytes: Buffer) {
  const dir = testFolder();
  const [path, mediaFolder] = [join(dir, "upload"), join(dir, "media")];
  writeFileSync(path, bytes);
  const file = await cleanFile({ path, mediaFolder, maxImageBytes: 10_000_000 }).catch(
    (error: unknown) => error as AppError,
  );
  const names = existsSync(mediaFolder) ? readdirSync(mediaFolder) : [];
  return { file, names, stored: names[0] === undefined ? undefined : readFileSync(join(mediaFolder, names[0])) };
}

test.each([
  ["an MP4", mp4(), "mp4", "video/mp4", [640, 360]],
  ["a film held upright", mp4({ isTurned: true }), "mp4", "video/mp4", [360, 640]],
  ["an MP4 of sound", mp4({ handlers: ["soun"] }), "m4a", "audio/mp4", []],
  ["a WebM", webm(), "webm", "video/webm", [640, 360]],
  ["a WebM that was recorded live", webm({ isLive: true }), "webm", "video/webm", [640, 360]],
  ["a WebM of sound", webm({ hasPicture: false }), "weba", "audio/webm", []],
  ["an MP3", mp3(), "mp3", "audio/mpeg", []],
  ["an Ogg of Opus", ogg("opus"), "ogg", "audio/ogg", []],
  ["an Ogg of Vorbis", ogg("vorbis"), "ogg", "audio/ogg", []],
] as const)(
  "%s is taken by its content and loses place, camera, names and times",
  async (_, bytes, ending, mediaType, size) => {
    const { file, names, stored } = await clean(bytes);

    const [width, height] = size;
    expect(file).toEqual({ name: names[0], mediaType, width, height, sizeBytes: stored?.length });
    expect(names).toEqual([expect.stringMatching(new RegExp(`^[\\w-]{22}\\.${ending}$`, "u"))]);
    expect(bytes.includes(SECRET)).toBe(true);
    expect(stored?.includes(SECRET)).toBe(false);
    expect(stored?.includes(Buffer.from("e1234567", "hex"))).toBe(false);
    expect(bytes.length - (stored?.length ?? 0)).toBe(ending === "mp3" ? 128 + 32 + SECRET.length : 0);
  },
);

test.each([
  ["an MP4", mp4(), "U".repeat(64)],
  ["a WebM", webm(), "frame"],
  ["an Ogg", ogg(), "sound"],
] as const)("of %s sound and picture stay where they were", async (_, bytes, data) => {
  const { stored } = await clean(bytes);

  expect(stored?.indexOf(data)).toBe(bytes.indexOf(data));
  expect(stored?.lastIndexOf(data)).toBe(bytes.lastIndexOf(data));
});

test.each([mp4(), webm(), webm({ isLive: true }), mp3(), ogg("opus"), ogg("vorbis"), pdf()])(
  "to clean a clean file again changes nothing: %#",
  async (bytes) => {
    const once = await clean(bytes);

    const twice = await clean(once.stored ?? Buffer.alloc(0));

    expect(twice.names).toEqual(once.names);
  },
);

test("the pages of an Ogg have right checksums after it was cleaned", async () => {
  const { stored = Buffer.alloc(0) } = await clean(ogg("vorbis"));

  const starts = [...stored.toString("latin1").matchAll(/OggS/gu)].map(({ index }) => index);
  const pages = starts.map((start, index) => Buffer.from(stored.subarray(start, starts[index + 1])));
  const said = pages.map((page) => page.readUInt32LE(22));
  for (const page of pages) page.writeUInt32LE(0, 22);
  expect(pages).toHaveLength(4);
  expect(pages.map(pageChecksum)).toEqual(said);
});

test("an AVIF keeps its picture and loses EXIF and XMP", async () => {
  const bytes = await avif();

  const { file, stored } = await clean(bytes);

  expect(file).toMatchObject({ mediaType: "image/avif", width: 64, height: 40 });
  expect(bytes.toString("latin1").split(SECRET)).toHaveLength(3);
  expect(stored?.includes(SECRET)).toBe(false);
  expect(stored?.length).toBe(bytes.length);
});

test("a PDF is stored as it is", async () => {
  const { file, stored } = await clean(pdf());

  expect(file).toMatchObject({ mediaType: "application/pdf", name: expect.stringMatching(/\.pdf$/u) });
  expect(stored).toEqual(pdf());
});

test.each([
  ["a film with a track of notes", mp4({ handlers: ["vide", "meta"] }), "a track of notes by the camera"],
  ["a Matroska film", webm({ type: "matroska" }), "The file is a Matroska film."],
  ["a WebM with a track of its own kind", webm({ trackType: 33 }), "neither picture, sound nor subtitles"],
  [
    "an Ogg of pictures",
    Buffer.from(ogg().toString("latin1").replace("OpusHead", "fishead\0"), "latin1"),
    "no sound of",
  ],
  ["nothing", Buffer.alloc(0), "The file is empty."],
  ["an SVG called a film", Buffer.from("<svg onload=alert(1)>"), "an SVG drawing, which can carry scripts"],
  ["an MP4 of no track", mp4({ handlers: [] }), "damaged or cut short"],
  ["a PDF that is cut short", pdf().subarray(0, -8), "damaged or cut short"],
  ["sound that ends", mp3(2).subarray(0, 600), "damaged or cut short"],
  [
    "a box that says it is larger than the file",
    Buffer.concat([mp4(), Buffer.from("\x7f\xff\xff\xffmdat")]),
    "damaged",
  ],
] as const)("%s is refused with the reason, and leaves nothing in the folder", async (_, bytes, reason) => {
  const { file, names } = await clean(bytes);

  expect(file).toMatchObject({ name: "AppError", code: "invalid", message: expect.stringContaining(reason) });
  expect(names).toEqual([]);
});

test.each([
  ["MP4", mp4()],
  ["WebM", webm()],
  ["Ogg", ogg()],
] as const)("an %s that is cut short anywhere is refused", async (_, bytes) => {
  const cuts = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map((part) => bytes.subarray(0, Math.floor(bytes.length * part)));

  const results = await Promise.all(cuts.map(clean));

  for (const { file, names } of results) {
    expect(file).toBeInstanceOf(AppError);
    expect(names).toEqual([]);
  }
});

test("a file that is damaged anywhere is taken without the secret or refused in words, and never is an error of ours", async () => {
  const whole = [mp4(), webm(), webm({ isLive: true }), mp3(), ogg("vorbis"), await avif(), pdf()];

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...whole),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
      async (bytes, changes) => {
        const damaged = Buffer.from(bytes);
        for (const [place, value] of changes) damaged[place % damaged.length] = value;

        const { file } = await clean(damaged);

        if (file instanceof Error) expect(file).toBeInstanceOf(AppError);
        else expect(file.sizeBytes).toBeGreaterThan(0);
      },
    ),
    { numRuns: 150 },
  );
});
