import { expect, test } from "vitest";
import { findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { translationKeyOf } from "../../src/notes/translations.ts";
import { listTranslatedNotes } from "../../src/notes/translations-store.ts";
import { testContext } from "../support/context.ts";
import { exportSite, importSite, readTree } from "../support/export.ts";
import { importedNote, importLines, writeFolder } from "../support/import.ts";

const origin = { madeBy: "cli" };

test("translations come along in an export, under the name that Hugo has for what they have in common", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { title: "The sea", slug: "sea", content: "x" }, origin);
  await publishNote(ctx, { title: "Das Meer", content: "x", language: "de", translationOf: "sea" }, origin);
  const root = await exportSite(ctx);
  const other = await testContext();

  const problems = await importSite(other.ctx, root);

  const key = translationKeyOf(findNoteBySlug(other.ctx.db, "sea")?.properties ?? {});
  expect(problems).toEqual([]);
  expect(readTree(await exportSite(other.ctx))).toEqual(readTree(root));
  expect(listTranslatedNotes(other.ctx.db, key ?? "").map(({ slug }) => slug)).toEqual(["sea", "das-meer"]);
  expect(JSON.stringify(readTree(root))).toContain("translationKey: ");
});

test("files of another program say what they are translations of, and in which language, as they always did", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({
    "about.md": "---\ntranslationKey: about\n---\nAbout",
    "ueber.md": "---\ntranslationKey: about\nlang: de\n---\nÜber mich",
    "second.md": "---\ntranslationKey: about\nlang: de\n---\nNoch einmal",
  });

  const lines = await importLines(ctx, root);

  // An import refuses nothing for it: what the files say is kept.
  expect(lines).toEqual(["created about.md", "created second.md", "created ueber.md"]);
  expect(importedNote(ctx, "ueber.md")).toMatchObject({ language: "de", properties: { "translation-key": ["about"] } });
  expect(listTranslatedNotes(ctx.db, "about")).toHaveLength(3);
});
