import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { translationKeyOf } from "../../src/notes/translations.ts";
import { listTranslatedNotes } from "../../src/notes/translations-store.ts";
import { testContext } from "../support/context.ts";
import { exportSite, importSite, readSite, readTree } from "../support/export.ts";
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

test("a key keeps its place among the properties, and what the front matter says of it is what counts", async () => {
  const [one, other] = [await testContext(), await testContext()];
  const properties = [
    { photo: [], "translation-key": ["last"] },
    { "translation-key": ["first"], photo: [] },
    { "translation-key": ["two", "keys"], photo: [] },
    { translationKey: ["hugo"], photo: [] },
  ];
  for (const each of properties) await publishNote(one.ctx, { content: "x", properties: each }, origin);
  const root = await exportSite(one.ctx);

  const problems = await importSite(other.ctx, root);

  expect(problems).toEqual([]);
  expect(readSite(other.ctx)).toEqual(readSite(one.ctx));
  expect(readTree(await exportSite(other.ctx))).toEqual(readTree(root));
  const written = Object.values(readTree(root)).flatMap((text) => /^translationKey: (.*)$/mu.exec(text)?.[1] ?? []);
  expect(written.sort()).toEqual(["first", "hugo", "last", "two"]);

  const [path, text = ""] =
    Object.entries(readTree(root)).find(([, each]) => /^translationKey: first$/mu.test(each)) ?? [];
  const edited = await testContext();
  writeFileSync(join(root, path ?? ""), text.replace("translationKey: first", "translationKey: changed"));
  await importSite(edited.ctx, root);
  expect(listTranslatedNotes(edited.ctx.db, "changed")).toHaveLength(1);
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
