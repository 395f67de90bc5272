import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { replaceVariants } from "../../src/media/variants-store.ts";
import { changeSite } from "../../src/notes/change-site.ts";
import { deleteMedia, describeMedia } from "../../src/notes/library.ts";
import { listLibrary } from "../../src/notes/library-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { showNewVariants } from "../../src/notes/render-note.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { MAX_NAVIGATION_ENTRIES } from "../../src/site/navigation.ts";
import { MAX_PINNED_NOTES } from "../../src/site/pinned.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { moveSectionPin, saveSection } from "../../src/tags/save-section.ts";
import { MAX_SECTION_DESCRIPTION_LENGTH, MAX_SECTION_TITLE_LENGTH } from "../../src/tags/section.ts";
import { listSectionPins } from "../../src/tags/section-pins.ts";
import { findSection } from "../../src/tags/section-store.ts";
import { listWrittenTags } from "../../src/tags/tag-list.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import { testContext } from "../support/context.ts";
import { picture } from "../support/images.ts";

const AUTHOR = { madeBy: "admin" };

async function siteWithTag(count = 1) {
  const test = await testContext();
  for (let made = 0; made < count; made += 1) {
    test.clock.advance(1);
    await publishNote(test.ctx, { title: `N${made}`, content: "x", tags: ["Sea"] }, AUTHOR);
  }
  return test;
}

const newKeys = (ctx: Context, after: number) =>
  ctx.db
    .all<{ key: string }>("SELECT key FROM public_changes WHERE revision > :after", { after })
    .map(({ key }) => key);
const revision = (ctx: Context) =>
  ctx.db.get<{ at: number }>("SELECT max(revision) AS at FROM public_changes")?.at ?? 0;

test("what changes of a section drops the pages of its tag and no other; the same again drops none", async () => {
  const { ctx } = await siteWithTag();
  const seen: string[][] = [];
  const watch = async (change: () => Promise<void>) => {
    const before = revision(ctx);
    await change();
    seen.push(newKeys(ctx, before));
  };

  await watch(() => saveSection(ctx, "sea", { title: "Wet", description: "" }));
  await watch(() => saveSection(ctx, "sea", { title: "Wet", description: "" }));
  await watch(() => moveSectionPin(ctx, "sea", { noteId: 1, move: "pin" }));
  await watch(() => moveSectionPin(ctx, "sea", { noteId: 1, move: "unpin" }));
  await watch(() => saveSection(ctx, "sea", { title: "", description: "" }));

  const [first, same, pinned, unpinned, last] = seen;
  expect([first, same, pinned, unpinned]).toEqual([["tag:sea"], [], ["tag:sea"], ["tag:sea"]]);
  expect(new Set(last)).toEqual(new Set(["tag:sea"]));
  expect(findSection(ctx.db, "sea")).toBeUndefined();
});

test("a description is rendered as notes are, safely", async () => {
  const { ctx } = await siteWithTag();

  await saveSection(ctx, "sea", { title: "", description: "All *wet* <script>alert(1)</script> #Wind" });

  const { descriptionHtml, descriptionText } = findSection(ctx.db, "sea") ?? {};
  expect(descriptionHtml).toContain("<em>wet</em>");
  expect(descriptionHtml).toContain('href="/tags/wind"');
  expect(descriptionHtml).not.toContain("<script");
  expect(descriptionText).toContain("All wet");
});

test("a file that a description shows is in use, and is not deleted", async () => {
  const { ctx } = await siteWithTag();
  const { name } = await saveImage(ctx, { bytes: await picture(20, 10).png().toBuffer() });
  const unused = () => listLibrary(ctx.db, { filter: "unused", before: 99, limit: 9 }).map((file) => file.name);
  const before = unused();

  await saveSection(ctx, "sea", { title: "", description: `![The sea](/media/${name})` });

  expect([before, unused()]).toEqual([[name], []]);
  await expect(deleteMedia(ctx, name)).rejects.toMatchObject({ code: "conflict" });
});

test("a description shows the smaller versions of an image, and its words, as soon as they are there", async () => {
  const { ctx } = await siteWithTag();
  const { name } = await saveImage(ctx, { bytes: await picture(700, 467).png().toBuffer() });
  await saveSection(ctx, "sea", { title: "Sea", description: `![](/media/${name})` });
  const before = revision(ctx);
  const runTagJobs = async () => {
    for (const { payload } of listJobs(ctx.db, "tags.render", 10)) {
      await createHandlers(ctx)["tags.render"](JSON.parse(payload), { jobId: 1, number: 1, isLast: false });
    }
  };

  const small = {
    name: `${name.slice(0, 22)}-480.webp`,
    mediaType: "image/webp",
    width: 480,
    height: 320,
    sizeBytes: 9,
  };
  await ctx.db.write(() => {
    replaceVariants(ctx.db, name, { recipe: 1, variants: [small] });
    showNewVariants(ctx.db, name, ctx.clock());
  });
  await runTagJobs();
  const drawn = findSection(ctx.db, "sea")?.descriptionHtml;
  await describeMedia(ctx, name, "A wave");
  await runTagJobs();

  expect(drawn).toContain(small.name);
  expect(findSection(ctx.db, "sea")?.descriptionHtml).toContain('alt="A wave"');
  expect(newKeys(ctx, before)).toEqual(["tag:sea"]);
});

test("as many notes are pinned as the limit says, of its list alone; one that leaves the tag makes room", async () => {
  const { ctx } = await siteWithTag(MAX_PINNED_NOTES + 1);
  const draft = await saveDraft(ctx, { content: "x", tags: ["Sea"] }, AUTHOR);
  const other = await publishNote(ctx, { content: "x", tags: ["Land"] }, AUTHOR);
  for (let id = 1; id <= MAX_PINNED_NOTES; id += 1) await moveSectionPin(ctx, "sea", { noteId: id, move: "pin" });
  const pin = (noteId: number) => moveSectionPin(ctx, "sea", { noteId, move: "pin" });

  await expect(pin(MAX_PINNED_NOTES + 1)).rejects.toMatchObject({ code: "invalid", field: "note" });
  await expect(pin(draft.id)).rejects.toMatchObject({ code: "invalid" });
  await expect(pin(other.id)).rejects.toMatchObject({ code: "invalid" });
  await expect(pin(999)).rejects.toMatchObject({ code: "not_found" });
  await reviseNote(ctx, 1, { tags: [], origin: AUTHOR });
  await pin(MAX_PINNED_NOTES + 1);
  const section = findSection(ctx.db, "sea");
  expect(section && listSectionPins(ctx.db, section).map(({ id }) => id)).toEqual([2, 3, 4, 5, 6]);
});

test("title and description are as long as the limits say, and no longer", async () => {
  const { ctx } = await siteWithTag();
  const save = (title: number, description: number) =>
    saveSection(ctx, "sea", { title: "x".repeat(title), description: "y".repeat(description) });

  await save(MAX_SECTION_TITLE_LENGTH, MAX_SECTION_DESCRIPTION_LENGTH);

  await expect(save(MAX_SECTION_TITLE_LENGTH + 1, 0)).rejects.toMatchObject({ field: "title" });
  await expect(save(0, MAX_SECTION_DESCRIPTION_LENGTH + 1)).rejects.toMatchObject({ field: "description" });
  await expect(saveSection(ctx, "none", { title: "x", description: "" })).rejects.toMatchObject({ code: "not_found" });
});

test("a section comes into the menu and goes, unless the menu is full", async () => {
  const { ctx } = await siteWithTag();
  const menu = () => readSettings(ctx.db).navigation.filter(({ address }) => address === "/tags/sea");
  const typed = { title: "By the sea", description: "" };

  await saveSection(ctx, "sea", { ...typed, inMenu: true });
  await saveSection(ctx, "sea", { ...typed, inMenu: true });
  const inside = menu();
  await saveSection(ctx, "sea", { ...typed, inMenu: false });
  const outside = menu();
  const full = Array.from({ length: MAX_NAVIGATION_ENTRIES }, (_, n) => ({ label: `E${n}`, address: `/e${n}` }));
  await changeSite(ctx, { navigation: full });

  expect([inside, outside]).toEqual([[{ label: "By the sea", address: "/tags/sea" }], []]);
  await expect(saveSection(ctx, "sea", { ...typed, inMenu: true })).rejects.toMatchObject({ field: "in_menu" });
});

test("the author's list has every tag, with hidden notes said apart, and tells which are much alike", async () => {
  const { ctx } = await siteWithTag(2);
  await saveDraft(ctx, { content: "x", tags: ["Sea", "Café"] }, AUTHOR);
  await publishNote(ctx, { content: "x", tags: ["sea"], visibility: "private" }, AUTHOR);
  await publishNote(ctx, { content: "x", tags: ["cafe", "Ca-fe"] }, AUTHOR);

  const tags = await listWrittenTags(ctx);

  expect(tags.map(({ name }) => name)).toEqual(["ca-fe", "cafe", "café", "sea"]);
  expect(tags.at(-1)).toMatchObject({ label: "Sea", listed: 2, drafts: 1, private: 1, unlisted: 0, variants: [] });
  expect(tags[2]).toMatchObject({ listed: 0, drafts: 1, variants: ["Ca-fe", "cafe"] });
});
