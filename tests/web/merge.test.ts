import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import type { NoteChanges } from "../../src/notes/revise.ts";
import { publishDraft, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { mergeForms } from "../../src/web/merge-form.ts";
import type { NoteForm } from "../../src/web/note-form.ts";
import { emptyForm } from "../../src/web/note-form.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, USER_AGENT } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import type { PageForm } from "../support/forms.ts";
import { formTo, submit } from "../support/forms.ts";

const AUTHOR = { madeBy: "admin" };
const PHONE = { origin: { madeBy: "admin", device: "Safari on iPhone" } };
const BASE = "First\n\nSecond\n\nThird";

type Desk = { readonly app: TestApp; readonly note: StoredNote; readonly form: PageForm; readonly path: string };

/** A note whose editor is open here, while it is saved elsewhere with these changes. */
async function changedElsewhere(changes: NoteChanges, isDraft = false): Promise<Desk> {
  const app = await testApp();
  await logInAgent(app);
  const input = { content: BASE, title: "A title", tags: ["Sea", "Web"] };
  const note = await (isDraft ? saveDraft : publishNote)(app.ctx, input, AUTHOR);
  const path = `/admin/notes/${note.id}`;
  const { text } = await app.http.get(path).expect(200);
  app.clock.advance(60);
  await reviseNote(app.ctx, note.id, { ...changes, ...PHONE });
  app.clock.advance(60);
  return { app, note, form: formTo(text, path), path };
}

function stored({ app, note }: Desk): StoredNote | undefined {
  return findNote(app.ctx.db, note.id);
}

test("changes that do not touch are put together and saved by themselves, and the page says with what", async () => {
  const desk = await changedElsewhere({
    content: BASE.replace("Third", "Third, from the phone"),
    tags: ["Sea", "Sky"],
  });
  const mine = {
    content: BASE.replace("First", "First, from the desk"),
    title: "Another title",
    tags: "Sea, Web, Rain",
  };

  const answer = await submit(desk.app.http, desk.form, { ...mine, action: "update" }).set("User-Agent", USER_AGENT);
  const { text } = await desk.app.http.get(answer.headers.location ?? "");

  expect(answer.status).toBe(303);
  expect(stored(desk)).toMatchObject({
    content: "First, from the desk\n\nSecond\n\nThird, from the phone",
    title: "Another title",
    version: 4,
    status: "published",
  });
  expect(stored(desk)?.tags.map(({ label }) => label)).toEqual(["Sea", "Sky", "Rain"]);
  expect(textOf(query(text, ".banner [role=status]"))).toBe(
    "Saved, and merged with the version of March 1, 2026 at 10:31 AM by you, Safari on iPhone. Both are among the revisions.",
  );
});

test("after a merge both versions stand among the revisions as they were sent", async () => {
  const desk = await changedElsewhere({ content: BASE.replace("Third", "3") });

  await submit(desk.app.http, desk.form, { content: BASE.replace("First", "1"), action: "update" }).expect(303);

  const revisions = listRevisions(desk.app.ctx.db, desk.note.id);
  expect(revisions.map(({ version, action, content }) => [version, action, content])).toEqual([
    [4, "merge", "1\n\nSecond\n\n3"],
    [3, "send", "1\n\nSecond\n\nThird"],
    [2, "revise", "First\n\nSecond\n\n3"],
    [1, "publish", BASE],
  ]);
});

test("the same form that comes twice is saved once", async () => {
  const desk = await changedElsewhere({ content: "Elsewhere" });
  const { text } = await desk.app.http.get(desk.path);
  const form = formTo(text, desk.path);

  await submit(desk.app.http, form, { content: "Twice", action: "update" }).expect(303);
  await submit(desk.app.http, form, { content: "Twice", action: "update" }).expect(303);

  expect(stored(desk)).toMatchObject({ content: "Twice", version: 3 });
});

test("where both changed the same lines nothing is saved, and each place has its choice beside the rest", async () => {
  const desk = await changedElsewhere({ content: "Theirs\n\nSecond\n\nThird, theirs", title: "Their title" });
  const mine = { content: "Mine\n\nSecond, mine\n\nThird", title: "My title", action: "update" };

  const { text } = await submit(desk.app.http, desk.form, mine).expect(409);

  expect(stored(desk)?.version).toBe(2);
  expect(queryAll(text, ".merge-choice legend").map(textOf)).toEqual(["Title", "Both changed this"]);
  expect(queryAll(text, ".merge-sides .merge-text").map(textOf)).toEqual(["Mine", "Theirs"]);
  expect(queryAll(text, ".merge-taken .merge-text").map(textOf)).toEqual(["Second, mine", "Third, theirs"]);
  expect(queryAll(text, ".version pre").map(textOf)).toEqual([
    "Mine Second, mine Third",
    "Theirs Second Third, theirs",
  ]);
});

test.each([
  [{ "block.0": "mine", "field.title": "mine" }, "Mine", "My title"],
  [{ "block.0": "theirs", "field.title": "theirs" }, "Theirs", "Their title"],
  [{ "block.0": "both", "field.title": "mine" }, "Mine\n\nTheirs", "My title"],
  [{ "block.0": "text", "text.0": "One\r\nTwo", "field.title": "theirs" }, "One\nTwo", "Their title"],
  [{}, "Mine\n\nTheirs", "My title"],
])("choosing %j saves that, and what only one side changed", async (choices, first, title) => {
  const desk = await changedElsewhere({ content: "Theirs\n\nSecond\n\n3", title: "Their title" });
  const mine = { content: "Mine\n\nSecond\n\nThird", title: "My title", action: "update" };
  const { text } = await submit(desk.app.http, desk.form, mine).expect(409);

  await submit(desk.app.http, formTo(text, `${desk.path}/merge`), choices).expect(303);

  expect(stored(desk)).toMatchObject({ content: `${first}\n\nSecond\n\n3`, title, status: "published" });
  expect(listRevisions(desk.app.ctx.db, desk.note.id).map(({ action }) => action)).toEqual([
    "merge",
    "send",
    "revise",
    "publish",
  ]);
});

test("publishing is never done by itself on top of what was not read: the page shows what comes of both first", async () => {
  const desk = await changedElsewhere({ content: BASE.replace("Third", "3") }, true);

  const { text } = await submit(desk.app.http, desk.form, { content: `0\n\n${BASE}`, action: "publish" }).expect(409);
  const before = stored(desk)?.status;
  await submit(desk.app.http, formTo(text, `${desk.path}/merge`)).expect(303);

  expect(queryAll(text, ".merge-choice")).toEqual([]);
  expect([before, stored(desk)?.status]).toEqual(["draft", "published"]);
  expect(stored(desk)?.content).toBe("0\n\nFirst\n\nSecond\n\n3");
});

test("a draft that was published elsewhere meanwhile is not changed before readers' eyes without asking", async () => {
  const desk = await changedElsewhere({ content: BASE.replace("Third", "3") }, true);
  await publishDraft(desk.app.ctx, desk.note.id, PHONE);

  await submit(desk.app.http, desk.form, { content: `0\n\n${BASE}`, action: "save_draft" }).expect(409);

  expect(stored(desk)?.content).toBe(BASE.replace("Third", "3"));
});

test("a note that is saved once more while the author chooses is asked about again, with what was chosen", async () => {
  const desk = await changedElsewhere({ content: "Theirs\n\nSecond\n\nThird" });
  const first = await submit(desk.app.http, desk.form, { content: "Mine\n\nSecond\n\nThird", action: "update" });
  await reviseNote(desk.app.ctx, desk.note.id, { content: "Again\n\nSecond\n\nThird", ...PHONE });

  const form = formTo(first.text, `${desk.path}/merge`);
  const second = await submit(desk.app.http, form, { "block.0": "both" }).expect(409);

  expect(stored(desk)?.content).toBe("Again\n\nSecond\n\nThird");
  expect(queryAll(second.text, ".merge-sides .merge-text").map(textOf)).toEqual(["Mine Theirs", "Again"]);
});

test("each version can still be kept whole", async () => {
  const desk = await changedElsewhere({ content: "Theirs" });
  const { text } = await submit(desk.app.http, desk.form, { content: "Mine", action: "update" }).expect(409);

  await submit(desk.app.http, formTo(text, desk.path), { action: "update" }).expect(303);

  expect(stored(desk)?.content).toBe("Mine");
});

const typed = fc.record({
  title: fc.constantFrom("", "A", "B"),
  content: fc.array(fc.constantFrom("", "one", "two", "three"), { maxLength: 8 }).map((lines) => lines.join("\n")),
  tags: fc.subarray(["Sea", "Web", "Rain", "Sky"]).map((tags) => tags.join(", ")),
  slug: fc.constantFrom("a", "b"),
  language: fc.constantFrom("", "de"),
  publishedAt: fc.constantFrom("", "2026-03-01T10:00"),
  visibility: fc.constantFrom("public", "private"),
});
const form = typed.map((fields): NoteForm => ({ ...emptyForm(), ...fields, version: 1 }));

test("who takes all of one side has every field that this side changed, and of the other side what only that changed", () => {
  fc.assert(
    fc.property(form, form, form, (base, mine, theirs) => {
      const merged = mergeForms({ base, mine, theirs: { ...theirs, version: 2 } });

      const ours = merged.choose({ block: () => "mine", field: () => "mine" });

      for (const name of ["title", "slug", "language", "publishedAt", "visibility"] as const) {
        expect(ours[name]).toBe(mine[name] === base[name] ? theirs[name] : mine[name]);
      }
      expect(ours.version).toBe(2);
    }),
  );
});

test("no tag is lost that either side added, and none stays that either side took away", () => {
  fc.assert(
    fc.property(form, form, form, (base, mine, theirs) => {
      const { tags } = mergeForms({ base, mine, theirs }).choose({ block: () => "both", field: () => "mine" });
      const [were, ours, stored, merged] = [base.tags, mine.tags, theirs.tags, tags].map((field) =>
        field.split(", ").filter((tag) => tag !== ""),
      ) as [string[], string[], string[], string[]];
      const expected = ["Sea", "Web", "Rain", "Sky"].filter((tag) => {
        const isAdded = !were.includes(tag) && (ours.includes(tag) || stored.includes(tag));
        return isAdded || (ours.includes(tag) && stored.includes(tag));
      });

      expect(merged.toSorted()).toEqual(expected.toSorted());
    }),
  );
});
