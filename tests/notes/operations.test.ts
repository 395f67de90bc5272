import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { AppError } from "../../src/lib/errors.ts";
import { findNoteByAlias, slugPath } from "../../src/notes/alias-store.ts";
import type { Visibility } from "../../src/notes/note.ts";
import { hasKnownAddress, isListed, isReadable } from "../../src/notes/note.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote, findNoteBySlug } from "../../src/notes/note-store.ts";
import { changeKeys, newestChange, siteRevision } from "../../src/notes/public-changes-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { publishDraft, retractNote, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { slugify } from "../../src/notes/slug.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { findWrittenNotes } from "../../src/search/search-aside.ts";
import type { TestContext } from "../support/context.ts";
import { NOW, openTestContext } from "../support/context.ts";

const origin = { madeBy: "test" };

type Step = {
  readonly verb: "create" | "draft" | "revise" | "publish" | "retract" | "trash" | "restore" | "erase" | "tick";
  /** Which of the notes, counted round. */
  readonly which: number;
  readonly slug: string | undefined;
  readonly title: string | undefined;
  readonly hashtag: string;
  readonly tags: string[] | undefined;
  readonly visibility: Visibility | undefined;
  /** Seconds from now that it is published at. */
  readonly inSeconds: number | null | undefined;
  readonly aliases: string[] | undefined;
  /** Seconds that the clock moves on after it; back, when negative. */
  readonly pause: number;
};

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const word = fc.constantFrom("one", "two", "new", "admin", "one-2", "ONE", "İstanbul", "straße", "日本", "", "!!!");
const path = fc.constantFrom("/notes/one", "/notes/two", "/old/a", "/old/b/", "/archive/2020/x", "/notes/one-2");
const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom(
    "create",
    "draft",
    "revise",
    "revise",
    "publish",
    "retract",
    "trash",
    "restore",
    "erase",
    "tick",
  ),
  which: fc.nat({ max: 20 }),
  slug: maybe(word),
  title: maybe(word),
  hashtag: fc.constantFrom("", "#sea", "#Blue", "#blue and #sea"),
  tags: maybe(fc.array(fc.constantFrom("Sea", "sea", "Blue", "Red"), { maxLength: 3 })),
  visibility: maybe(fc.constantFrom("public", "unlisted", "private")),
  inSeconds: maybe(fc.constantFrom(-86_400, 0, 30, 86_400, null)),
  aliases: maybe(fc.array(path, { maxLength: 2 })),
  pause: fc.constantFrom(0, 1, 60, 90_000, -120),
});

test("whatever is done in whatever order, notes, addresses, tags, search and public changes agree", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const context = await openTestContext();
      try {
        const known = new Map<string, number>();
        for (const one of steps) {
          const before = look(context.ctx);
          await take(context, one);
          const after = look(context.ctx);
          await expectLawful(context.ctx, before, after);
          expectAddresses(context.ctx, after, known);
          expectChanges(before, after);
        }
      } finally {
        context.close();
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

type Sight = {
  readonly notes: ReadonlyMap<number, StoredNote>;
  readonly revision: number;
  /** Key → newest revision. */
  readonly keys: ReadonlyMap<string, number>;
};

function look(ctx: Context): Sight {
  const ids = ctx.db.all<{ id: number }>("SELECT id FROM notes ORDER BY id").map(({ id }) => id);
  const notes = ids.map((id) => findNote(ctx.db, id)).filter((note) => note !== undefined);
  const tags = ["sea", "blue", "red"].map((name) => changeKeys.tag({ name }));
  const keys = [changeKeys.list, ...tags, ...notes.map(changeKeys.note)];
  return {
    notes: new Map(notes.map((note) => [note.id, note])),
    revision: siteRevision(ctx.db),
    keys: new Map(keys.map((key) => [key, newestChange(ctx.db, [key]).revision])),
  };
}

async function take({ ctx, clock }: TestContext, one: Step): Promise<void> {
  const ids = ctx.db.all<{ id: number }>("SELECT id FROM notes").map(({ id }) => id);
  const id = ids[one.which % Math.max(1, ids.length)] ?? 0;
  try {
    await doStep(ctx, one, id);
  } catch (error) {
    // What the rules refuse is refused whole; the laws are checked all the same.
    if (!(error instanceof AppError)) throw error;
  }
  clock.advance(one.pause);
}

async function doStep(ctx: Context, one: Step, id: number): Promise<unknown> {
  const publishedAt = typeof one.inSeconds === "number" ? addSeconds(ctx.clock(), one.inSeconds) : undefined;
  const { slug, title, tags, visibility, aliases } = one;
  const input = { content: `word ${one.hashtag}`, slug, title, tags, visibility, aliases, publishedAt };
  const changes = { ...input, publishedAt: one.inSeconds === null ? null : publishedAt, origin };
  const verbs: Record<Step["verb"], () => Promise<unknown>> = {
    create: () => publishNote(ctx, input, origin),
    draft: () => saveDraft(ctx, input, origin),
    revise: () => reviseNote(ctx, id, changes),
    publish: () => publishDraft(ctx, id, changes),
    retract: () => retractNote(ctx, id, changes),
    trash: () => trashNote(ctx, id, origin),
    restore: () => restoreNote(ctx, id, origin),
    erase: () => eraseNote(ctx, id),
    tick: () => publishScheduledNote(ctx, id),
  };
  return verbs[one.verb]();
}

async function expectLawful(ctx: Context, before: Sight, after: Sight): Promise<void> {
  const notes = [...after.notes.values()];
  for (const note of notes) {
    const was = before.notes.get(note.id);
    expect(note.version - (was?.version ?? 0), "one version a save").toBeLessThanOrEqual(1);
    expect(note.firstPublicAt, "once public, always known").toBe(was?.firstPublicAt ?? note.firstPublicAt);
    if (isReadable(note)) expect(note.firstPublicAt).toBeDefined();
    if (note.updatedAt !== undefined) expect(was === undefined || hasKnownAddress(was) || was.updatedAt).toBeTruthy();
    const revisions = listRevisions(ctx.db, note.id).map(({ version }) => version);
    const versions = Array.from({ length: note.version }, (_, index) => note.version - index);
    expect(revisions, "a revision for every save").toEqual(note.status === "erased" ? [] : versions);
    expect(tagRows(ctx, note.id)).toEqual(
      note.tags
        .map(({ name, label }) => ({ tag: name, label, listed_at: isListed(note) ? note.publishedAt : null }))
        .sort((one, other) => (one.tag < other.tag ? -1 : 1)),
    );
  }
  const found = (await findWrittenNotes(ctx.db, "word")).hits.map(({ id }) => id);
  expect(found.sort()).toEqual(notes.filter(({ status }) => status !== "erased").map(({ id }) => id));
}

function expectAddresses(ctx: Context, after: Sight, known: Map<string, number>): void {
  for (const note of after.notes.values()) {
    expect(slugify(note.slug)).toBe(note.slug);
    const alias = findNoteByAlias(ctx.db, slugPath(note.slug));
    expect(alias?.id ?? note.id, "no alias stands in the place of another note").toBe(note.id);
    if (note.firstPublicAt !== undefined) known.set(slugPath(note.slug), note.id);
  }
  for (const { path, note_id } of ctx.db.all<{ path: string; note_id: number }>("SELECT * FROM note_aliases")) {
    known.set(path, known.get(path) ?? note_id);
  }
  for (const [address, id] of known) {
    const led = findNoteBySlug(ctx.db, address.replace("/notes/", "")) ?? findNoteByAlias(ctx.db, address);
    expect(led?.id, `${address} leads to its note for ever`).toBe(id);
  }
}

/** What readers could notice is written down, and nothing else. */
function expectChanges(before: Sight, after: Sight): void {
  const views = [before, after].map(publicViews);
  const [was = new Map(), is = new Map()] = views;
  const touched = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key));
  for (const key of touched) {
    expect(after.keys.get(key) ?? 0, `${key} changed`).toBeGreaterThan(before.keys.get(key) ?? 0);
  }
  const isAnyReadable = [before, after].some(({ notes }) => [...notes.values()].some(isReadable));
  if (!isAnyReadable) expect(after.revision).toBe(before.revision);
}

/** Key → all that pages with this key show. */
function publicViews({ notes }: Sight): Map<string, string> {
  const views = new Map<string, string>();
  const add = (key: string, text: string) => views.set(key, (views.get(key) ?? "") + text);
  for (const note of notes.values()) {
    const { id, slug, title, contentHtml, publishedAt, updatedAt, tags } = note;
    const text = JSON.stringify([id, slug, title, contentHtml, publishedAt, updatedAt, tags.map(({ label }) => label)]);
    if (isReadable(note)) add(changeKeys.note(note), text);
    if (!isListed(note)) continue;
    add(changeKeys.list, text);
    for (const tag of tags) add(changeKeys.tag(tag), text);
  }
  return views;
}

function tagRows(ctx: Context, noteId: number): { tag: string; label: string; listed_at: Timestamp | null }[] {
  return ctx.db.all("SELECT tag, label, listed_at FROM note_tags WHERE note_id = :noteId ORDER BY tag", { noteId });
}

test("the steps of the test above do what they are called", async () => {
  const context = await openTestContext();
  const idle = { which: 0, slug: undefined, title: undefined, hashtag: "", tags: undefined, visibility: undefined };
  const one = { ...idle, inSeconds: undefined, aliases: undefined, pause: 60 };

  for (const verb of ["create", "revise", "trash", "restore", "retract", "publish"] as const) {
    await take(context, { ...one, verb });
  }
  const note = findNote(context.ctx.db, 1);
  context.close();

  expect(note).toMatchObject({ status: "published", version: 6, publishedAt: NOW });
});
