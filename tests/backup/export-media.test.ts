import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportFolder } from "../../src/backup/export-folder.ts";
import { describeMedia } from "../../src/notes/library.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { testContext, testFolder } from "../support/context.ts";
import { avif, mp3, mp4, ogg, pdf, webm } from "../support/films.ts";
import { importLines, writeFolder } from "../support/import.ts";
import { upload } from "../support/uploads.ts";

const ROWS = "SELECT name, media_type, size_bytes, width, height, original_name, alt FROM media ORDER BY name";

test("films, recordings, documents and what images show come through an export and back, byte for byte", async () => {
  const [from, to] = [await testContext(), await testContext()];
  const made = [await avif(), mp4(), webm(), mp3(), ogg("vorbis"), pdf()];
  const files = [];
  for (const [index, bytes] of made.entries()) files.push(await upload(from.ctx, bytes, `${index}.bin`));
  await describeMedia(from.ctx, files[0]?.name ?? "", "A cat");
  const content = files.map(({ name }) => `![x](/media/${name})`).join("\n\n");
  const note = await publishNote(from.ctx, { content }, { madeBy: "admin" });
  const folder = join(testFolder(), "export");

  const result = await exportFolder(from.ctx, folder, { isUpdate: false });
  await importLines(to.ctx, folder);

  expect(result).toMatchObject({ media: made.length, missing: [] });
  expect(to.ctx.db.all(ROWS)).toEqual(from.ctx.db.all(ROWS));
  for (const { name } of files) {
    expect(readFileSync(join(to.dir, "media", name))).toEqual(readFileSync(join(from.dir, "media", name)));
  }
  expect(to.ctx.db.all("SELECT content_html FROM notes")).toEqual([{ content_html: note.contentHtml }]);
  expect(readdirSync(join(to.dir, "uploads"))).toEqual([]);
});

test("a film that a text names by a relative path is taken along by an import of plain Markdown", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "![The sea](sea.mp4)", "sea.mp4": mp4() });

  await importLines(ctx, root);

  const html = ctx.db.get<{ html: string }>("SELECT content_html AS html FROM notes")?.html;
  expect(html).toMatch(/<video class="u-video" src="\/media\/[\w-]{22}\.mp4" aria-label="The sea"/u);
});
