import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { saveDeskItem } from "../../src/desk/save-desk-item.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { toTimestamp } from "../../src/lib/clock.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import type { NoteRecord } from "../../src/notes/recreate.ts";
import { recreateNote } from "../../src/notes/recreate.ts";
import { importRedirects } from "../../src/redirects/import-redirects.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { restoreSection } from "../../src/tags/save-section.ts";
import { openTestContext } from "../support/context.ts";
import { exportSite, importSite, readSite, readTree } from "../support/export.ts";

const RUNS = Number(process.env.EXPORT_RUNS ?? 30);

const moment = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2200-01-01"), noInvalidDate: true })
  .map((date) => toTimestamp(date) as Timestamp);
const awkward = fc.constantFrom(
  ...[
    "---",
    "+++",
    "true",
    "null",
    "~",
    "1.10",
    "007",
    "1e3",
    "0x1f",
    "2021-05-06",
    "- x",
    "a: b",
    "#x",
    "##x",
    "*x",
    "&x",
  ],
  ...[
    "'",
    '"',
    "\\",
    "yes",
    "ß",
    "ς",
    "İ",
    "日本語",
    "مرحبا",
    "👩‍👩‍👧",
    "\u2028",
    "\u00a0x",
    " x ",
    "\tx",
    "%",
    "%41",
    "con",
    "é",
  ],
);
const word = fc.oneof(
  awkward,
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const text = fc.array(fc.oneof(word, fc.constantFrom("\n", "\n\n", " ", "\r\n", "#tag", "**b**")), { maxLength: 12 });
const content = text.map((words) => words.join(""));
const value = fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" });
const properties = fc.dictionary(
  fc.oneof(word, fc.constantFrom("photo", "in-reply-to", "title", "date", "translation-key", "translationKey")),
  fc.array(fc.oneof(word, value, fc.constant({ value: "/media/x.png", alt: "An: “image”\n---" })), { maxLength: 3 }),
  { maxKeys: 4 },
);
const input: fc.Arbitrary<NoteInput> = fc.record({
  content: content.map((words) => `${words}x`),
  contentFormat: fc.constantFrom("markdown", "html", "text"),
  title: fc.option(word, { nil: undefined }),
  slug: fc.option(word, { nil: undefined }),
  tags: fc.array(word, { maxLength: 5 }),
  language: fc.constantFrom(undefined, "de", "de-CH", "ar", "zh-Hant"),
  visibility: fc.constantFrom("public", "unlisted", "private"),
  publishedAt: moment,
  publishedOffset: fc.option(fc.integer({ min: -14 * 60, max: 14 * 60 }), { nil: undefined }),
  updatedAt: fc.option(moment, { nil: undefined }),
  properties,
  aliases: fc.array(
    fc
      .webPath()
      .map((path) => `/old${path}`)
      .filter((path) => path.length < 400),
    { maxLength: 3 },
  ),
});
const states = fc.constantFrom<Pick<NoteRecord, "status" | "restoreStatus">>(
  { status: "published", restoreStatus: undefined },
  { status: "draft", restoreStatus: undefined },
  { status: "scheduled", restoreStatus: undefined },
  { status: "erased", restoreStatus: undefined },
  { status: "trashed", restoreStatus: "published" },
  { status: "trashed", restoreStatus: "draft" },
);
const record: fc.Arbitrary<NoteRecord> = fc
  .record({
    state: states,
    uid: fc.uuid().map((id) => `urn:uuid:${id}`),
    kind: fc.constantFrom(undefined, "photo", "reply", "page"),
    createdAt: moment,
    firstPublicAt: fc.option(moment, { nil: undefined }),
    trashedAt: fc.option(moment, { nil: undefined }),
  })
  .map(({ state, ...rest }) => ({ ...state, ...rest }) as NoteRecord);
const notes = fc.uniqueArray(fc.record({ input, record }), {
  minLength: 1,
  maxLength: 6,
  selector: (note) => note.record.uid,
});

test("whatever the notes are, an export into an empty site gives the same notes, and exports to the same bytes", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(notes, async (site) => {
      await withTwoSites(async (one, other) => {
        await changeSettings(one, { siteTitle: "Here: “yes”", timeZone: "Asia/Kolkata", remoteImages: "link" });
        await saveDeskItem(one, "snippet", { name: "Ünder", fields: { content: "Kind\nregards: “A”" } });
        await saveDeskItem(one, "search", { name: "Sea", fields: { query: "tag:sea", status: "draft" } });
        await restoreSection(one, {
          tag: "sea",
          title: "Sea: “all”",
          description: "## How\n\n#sea and `code`",
          pinnedNotes: site.slice(0, 2).map((note) => note.record.uid),
        });
        for (const note of site) await recreateUnlessRefused(one, note);
        await importRedirects(one, "/old,/new?a=b,302\n/blog/*,https://x.example/*\n/gone & away,,410\n");

        const first = await exportSite(one);
        const left = await importSite(other, first);
        const second = await exportSite(other);

        expect(left).toEqual([]);
        expect(readSite(other)).toEqual(readSite(one));
        expect(readTree(second)).toEqual(readTree(first));
      });
    }),
    { numRuns: RUNS },
  );
});

async function withTwoSites(use: (one: Context, other: Context) => Promise<void>): Promise<void> {
  const [one, other] = [await openTestContext(), await openTestContext()];
  try {
    await use(one.ctx, other.ctx);
  } finally {
    one.close();
    other.close();
  }
}

/** What the rules refuse is no note: a title too long, a property too deep. */
async function recreateUnlessRefused(ctx: Context, note: { input: NoteInput; record: NoteRecord }): Promise<void> {
  const origin = { madeBy: "admin" };
  await recreateNote(ctx, note.input, { ...note.record, origin }).catch((error: { code?: string }) => {
    if (error.code !== "invalid") throw error;
  });
}
