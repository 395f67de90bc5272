import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportFolder } from "../../src/backup/export-folder.ts";
import { exportPath, MAX_FILE_NAME_BYTES } from "../../src/backup/export-layout.ts";
import { listExportFiles } from "../../src/backup/import-export.ts";
import { importFolder } from "../../src/backup/import-folder.ts";
import { paths } from "../../src/lib/urls.ts";
import { updateRemoteImage } from "../../src/media/remote-images-store.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { insertAliases } from "../../src/notes/alias-store.ts";
import { MAX_ALIASES } from "../../src/notes/note-input.ts";
import { findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { createAuthor } from "../support/author.ts";
import { testContext, testFolder } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";
import { exportSite, importSite, readSite, readTree } from "../support/export.ts";
import { picture } from "../support/images.ts";
import { writeFolder } from "../support/import.ts";
import { storeNotes } from "../support/stored-note.ts";

const ORIGIN = { madeBy: "admin", origin: { madeBy: "admin" } };
const REMOTE = "https://elsewhere.example/a.jpg";

/** A site with a note of every kind of place, written as an author writes them. */
async function writtenSite() {
  const context = await testContext();
  const { ctx, clock } = context;
  await createAuthor(ctx);
  const photo = await saveImage(ctx, { bytes: await picture(40, 30).jpeg().toBuffer(), originalName: "Tür.jpg" });
  const drawing = await saveImage(ctx, { bytes: await picture(20, 20).png().toBuffer() });
  await changeSettings(ctx, { siteTitle: "Ada writes", authorPhoto: photo.name, timeZone: "Asia/Kolkata" });
  await ctx.db.write(() => updateRemoteImage(ctx.db, REMOTE, { mediaName: photo.name, now: ctx.clock() }));

  const publish = async (input: Parameters<typeof publishNote>[1]) => {
    clock.advance(60);
    return (await publishNote(ctx, input, ORIGIN)).id;
  };
  const pictures = `![Door](${paths.media(photo.name)}) ![](${paths.media(drawing.name)}) ![Far](${REMOTE})\n\n#doors`;
  const renamed = await publish({ title: "First", content: pictures, tags: ["Doors", "C#"] });
  await reviseNote(ctx, renamed, { slug: "second name", aliases: ["/2019/50%25-off"], ...ORIGIN });
  const photos = [drawing, photo].map(({ name }, index) => ({ value: paths.media(name), alt: `Picture ${index}` }));
  await publish({ content: "With photos", kind: "photo", properties: { photo: photos, mood: ["fine"] } });
  await publish({ content: "<p>As HTML</p>", contentFormat: "html", slug: "html" });
  await publish({ content: "As text", contentFormat: "text", slug: "con", visibility: "unlisted" });
  await publish({ content: "\n\nFor me", slug: "private", visibility: "private", publishedOffset: -480 });
  const later = await publish({ content: "Later", publishedAt: "2031-01-01T00:00:00.000Z" as never, slug: "later" });
  await trashNote(ctx, await publish({ content: "Thrown away", slug: "thrown" }), ORIGIN);
  await eraseNote(ctx, await publish({ content: "Gone", slug: "gone" }));
  await retractNote(ctx, await publish({ content: "Was out", slug: "was-out" }), ORIGIN);
  await saveDraft(ctx, { content: "Half", slug: "half" }, ORIGIN);
  return { ...context, later, photo: photo.name };
}

test("every note has its place by what others may see of it, with front matter that other programs know", async () => {
  const { ctx, photo } = await writtenSite();

  const root = await exportSite(ctx);

  expect(Object.keys(readTree(root)).filter((path) => !path.startsWith("media/"))).toEqual([
    ...["_redirects", "desk.json", "drafts/half.md", "drafts/was-out.md", "erased/gone.txt", "media.json"],
    ...["notes/html.html", "notes/second-name.md", "notes/with-photos.md", "private/private.md", "redirects.csv"],
    ...["scheduled/later.md", "sections.json", "settings.json", "starpunk.json", "trash/thrown.md"],
    expect.stringMatching(/^unlisted\/con_[\da-f]{12}\.txt$/u),
  ]);
  const { uid, publishedAt } = findNoteBySlug(ctx.db, "second-name") ?? {};
  expect(readFileSync(join(root, "notes/second-name.md"), "utf8").split("\n").slice(0, 20)).toEqual([
    ...["---", "title: First", `date: ${publishedAt}`, "tags:", "  - Doors", '  - "C#"'],
    ...["slug: second-name", "aliases:", '  - "/2019/50%25-off"', '  - "/notes/first"', "starpunk:", "  number: 1"],
    ...[`  id: "${uid}"`, "  kind: article", "  status: published", `  created: ${publishedAt}`],
    ...[`  first_public: ${publishedAt}`, "---", "", expect.stringContaining(`![Door](/media/${photo})`)],
  ]);
  expect(readFileSync(join(root, "_redirects"), "utf8")).toBe(
    "/2019/50%25-off /notes/second-name 301\n/notes/first /notes/second-name 301\n",
  );
  expect(readdirSync(join(root, "media"))).toHaveLength(2);
});

test("a site that was written as authors write goes into an empty one whole, images and settings included", async () => {
  const { ctx } = await writtenSite();
  const empty = await testContext();
  const root = await exportSite(ctx);

  const left = await importSite(empty.ctx, root);
  const again = await importFolder(empty.ctx, root, { overwrite: false, dryRun: false });

  expect(left).toEqual([]);
  expect(readSite(empty.ctx)).toEqual(readSite(ctx));
  expect(readTree(await exportSite(empty.ctx))).toEqual(readTree(root));
  expect(again.filter(({ result }) => result !== "unchanged")).toEqual([]);
  expect(empty.ctx.db.all("SELECT run_at FROM jobs WHERE kind = 'notes.publish_scheduled'")).toEqual([
    { run_at: "2031-01-01T00:00:00.000Z" },
  ]);
});

test("no password, token, login or key of a form is in an export", async () => {
  const { ctx } = await writtenSite();
  const secrets = ctx.db.all<{ secret: string }>("SELECT password_hash AS secret FROM author");

  const whole = Object.values(readTree(await exportSite(ctx))).join("\n");

  expect(secrets).toHaveLength(1);
  for (const { secret } of secrets) expect(whole).not.toContain(secret);
  expect(whole).not.toMatch(/scrypt|password/u);
});

test("an export back into its own site leaves every note alone", async () => {
  const { ctx } = await writtenSite();
  const root = await exportSite(ctx);
  const before = readSite(ctx);

  const results = await importFolder(ctx, root, { overwrite: false, dryRun: false });

  expect(new Set(results.map(({ reason }) => reason))).toEqual(
    new Set(
      ["The note is here already. Use --overwrite to replace it.", "The note was erased here."].concat(
        "The note is in the trash here. Restore it first.",
      ),
    ),
  );
  expect(readSite(ctx)).toEqual(before);
});

test("settings go into a site that has notes only when asked for", async () => {
  const { ctx } = await writtenSite();
  const root = await exportSite(ctx);
  const other = await testContext();
  await publishNote(other.ctx, { content: "Here before" }, ORIGIN);
  const title = () => other.ctx.db.all("SELECT value FROM settings WHERE name = 'siteTitle'");

  await importSite(other.ctx, root);
  const without = title();
  await importFolder(other.ctx, root, { overwrite: false, dryRun: false, withSettings: true });

  expect([without, title()]).toEqual([[], [{ value: '"Ada writes"' }]]);
});

test("an export goes into an empty or a new folder; an earlier one is brought up to date, and nothing of others goes", async () => {
  const { ctx, later } = await writtenSite();
  const root = await exportSite(ctx);
  writeFolder({ "README.md": "mine", "notes/mine.md": "mine too", ".git/HEAD": "ref" }, root);
  await trashNote(ctx, later, ORIGIN);

  const again = exportFolder(ctx, root, { isUpdate: false });
  await expect(again).rejects.toThrow("It holds an earlier export: use --update");
  const { removed } = await exportFolder(ctx, root, { isUpdate: true });

  const { "README.md": readme, "notes/mine.md": mine, ".git/HEAD": head, ...rest } = readTree(root);
  expect([readme, mine, head, removed]).toEqual(["mine", "mine too", "ref", 1]);
  expect(rest).toEqual(readTree(await exportSite(ctx)));
  await expect(exportFolder(ctx, writeFolder({ "a.txt": "x" }), { isUpdate: true })).rejects.toThrow("holds no export");
  await expect(exportFolder(ctx, writeFolder({ "a.txt": "x" }), { isUpdate: false })).rejects.toThrow("is not empty");
});

test("an export that broke off says so, is not imported, and is finished by an update", async () => {
  const { ctx } = await writtenSite();
  const root = join(testFolder(), "site");
  const stop = new Error("stopped");
  const onProgress = () => {
    throw stop;
  };

  await expect(exportFolder(ctx, root, { isUpdate: false, onProgress })).rejects.toBe(stop);
  const names = readdirSync(root);
  const refused = importSite((await testContext()).ctx, root);
  await expect(refused).rejects.toThrow("is unfinished");
  await exportFolder(ctx, root, { isUpdate: true });

  expect(names).toContain("UNFINISHED");
  expect(names).not.toContain("starpunk.json");
  expect(readTree(root)).toEqual(readTree(await exportSite(ctx)));
});

test("what is damaged or hostile in an export is skipped with its reason, and the rest is taken", async () => {
  const { ctx, photo } = await writtenSite();
  const root = await exportSite(ctx);
  writeFileSync(join(root, "media", photo), "no image");
  writeFolder({ "private/by-hand.md": "secret", "notes/by-hand.md": "---\ndate: 2020-01-01\n---\nopen" }, root);
  const html = readFileSync(join(root, "notes/html.html"), "utf8");
  writeFileSync(join(root, "notes/html.html"), html.replace("status: published", "status: loud"));
  const { ctx: empty } = await testContext();

  const left = await importSite(empty, root);

  expect(left.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    expect.stringMatching(/^media\/.+jpg: /u),
    expect.stringMatching(/^notes\/html\.html: “status” in the front matter is none of draft/u),
    expect.stringMatching(/^private\/by-hand\.md: Its front matter has no part “starpunk”/u),
  ]);
  expect(findNoteBySlug(empty.db, "by-hand")).toMatchObject({ status: "published", content: "open" });
});

test("a media file that is lost is named, and stops nothing", async () => {
  const { ctx, dir, photo } = await writtenSite();
  rmSync(join(dir, "media", photo));

  const result = await exportFolder(ctx, join(testFolder(), "site"), { isUpdate: false });

  expect(result).toMatchObject({ notes: 10, media: 1, missing: [photo] });
});

test.each([
  ["a", "notes/a.md"],
  ["日本".repeat(40), `notes/${"日本".repeat(40)}.md`.slice(0, 6)],
  ["𐌰".repeat(80), "notes/𐌰"],
  ["nul", "notes/nul_"],
  ["lpt1", "notes/lpt1_"],
  ["straße", "notes/straße_"],
])("the file of the note %s has a name that every system takes", (slug, begin) => {
  const path = exportPath({ slug, status: "published", visibility: "public", contentFormat: "markdown" });

  expect(path.startsWith(begin.replace(/\.md$/u, ""))).toBe(true);
  expect(Buffer.byteLength(path)).toBeLessThan(240);
});

test("the longest name that stays as it is has 200 bytes", () => {
  const pathOf = (slug: string) => exportPath({ slug, status: "draft", visibility: "public", contentFormat: "text" });
  const [fits, isLonger] = ["é".repeat(MAX_FILE_NAME_BYTES / 2), `${"é".repeat(MAX_FILE_NAME_BYTES / 2)}a`];

  expect(pathOf(fits)).toBe(`drafts/${fits}.txt`);
  expect(pathOf(isLonger)).toMatch(/^drafts\/é+_[\da-f]{12}\.txt$/u);
});

test("an export of more files than the limit is refused", async () => {
  const root = writeFolder({ "notes/a.md": "a", "drafts/b.md": "b" });

  expect(await listExportFiles(root, 2)).toEqual(["drafts/b.md", "notes/a.md"]);
  await expect(listExportFiles(root, 1)).rejects.toThrow("more than 1 notes");
});

test("an export is of one moment, whatever is written meanwhile", async () => {
  const { ctx, dir } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: 250 }, () => ({})),
  );
  const script =
    "UPDATE notes SET title = 'Later'; DELETE FROM note_tags; UPDATE notes SET slug = 'moved' WHERE id = 249";
  const seen: number[] = [];
  const onProgress = (done: number) => {
    if (seen.push(done) === 1) tamper(join(dir, "starpunk.db"), script);
  };
  const root = join(testFolder(), "site");

  await exportFolder(ctx, root, { isUpdate: false, onProgress });

  const whole = Object.entries(readTree(root));
  expect(seen).toEqual([200, 250]);
  expect(whole.filter(([path, text]) => path.includes("moved") || text.includes("Later"))).toEqual([]);
});

test("a note of more old addresses than one save may name keeps them all", async () => {
  const [{ ctx }, empty] = [await testContext(), await testContext()];
  const { id } = await publishNote(ctx, { content: "Often renamed", slug: "now" }, ORIGIN);
  const old = Array.from({ length: 2 * MAX_ALIASES + 1 }, (_, number) => `/notes/name-${number}`);
  await ctx.db.write(() => insertAliases(ctx.db, id, { paths: old, now: ctx.clock() }));

  await importSite(empty.ctx, await exportSite(ctx));

  expect(readSite(empty.ctx)).toEqual(readSite(ctx));
});
