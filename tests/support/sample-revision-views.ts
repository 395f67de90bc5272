import type { AdminPage, NoteRowView, RevisionView, Views } from "../../src/web/views.ts";

type RevisionViews = {
  [Name in "admin/revisions.njk" | "admin/revision.njk" | "admin/preview-links.njk"]: Views[Name];
};

/** The revisions of a note with everything in them. */
export function fullRevisionViews(page: AdminPage, note: NoteRowView): RevisionViews {
  return {
    "admin/revisions.njk": {
      ...page,
      revisions: {
        note,
        rows: ["you, Firefox on Linux", `https://app.example/${"long-".repeat(12)}`, "the scheduler"].map(row),
        nextPath: "/admin/notes/1/revisions?before=1",
      },
    },
    "admin/revision.njk": { ...page, revision: fullRevision(note) },
    "admin/preview-links.njk": {
      ...page,
      note,
      links: [1, 2].map(() => ({ made: "February 22, 2026 at 10:00 AM", expires: "March 1, 2026 at 10:00 AM" })),
      newLink: `https://blog.example/preview/${"secret-".repeat(6)}`,
      days: ["1", "7", "30"].map((value) => ({ value, label: `${value} days` })),
      isOut: true,
      error: "A note has at most 20 links.",
    },
  };
}

/** The same with as little in them as there can be. */
export function bareRevisionViews(page: AdminPage, note: NoteRowView): RevisionViews {
  return {
    "admin/revisions.njk": { ...page, revisions: { note, rows: [], nextPath: "" } },
    "admin/preview-links.njk": { ...page, note, links: [], newLink: "", days: [], isOut: false, error: "" },
    "admin/revision.njk": {
      ...page,
      revision: {
        ...fullRevision(note),
        facts: [],
        rows: [],
        remark: "The text is the same.",
        content: "",
        restorePath: "",
        restoreRemark: "This is what is stored now.",
        error: "",
      },
    },
  };
}

function row(writer: string, index: number): Views["admin/revisions.njk"]["revisions"]["rows"][number] {
  return {
    path: `/admin/notes/1/revisions/${index + 1}`,
    version: index + 1,
    did: "An older revision restored",
    savedOn: "February 22, 2026 at 10:00 AM",
    savedAt: "2026-02-22T10:00:00+01:00",
    size: "1.4 KiB",
    writer,
    isNow: index === 0,
  };
}

function fullRevision(note: NoteRowView): RevisionView {
  const plain = (number: number, text: string) => ({ number, pieces: [{ text, isChanged: false }] });
  const marked = (number: number, word: string) => ({
    number,
    pieces: [
      { text: "The ", isChanged: false },
      { text: word, isChanged: true },
      { text: ` comes in. ${"and-long-".repeat(20)}`, isChanged: false },
    ],
  });
  const link = (label: string, isCurrent: boolean) => ({ label, path: "/admin/notes/1/revisions/2?view=x", isCurrent });
  return {
    note,
    did: "Changed",
    savedOn: "February 22, 2026 at 10:00 AM",
    writer: "you, Firefox on Linux",
    size: "1.4 KiB",
    before: "version 2",
    after: "version 3",
    comparisons: [link("With the one before", true), link("With now", false)],
    layouts: [link("As it fits", true), link("Inline", false), link("Side by side", false)],
    layout: "auto",
    facts: [
      { name: "Title", before: "", after: "A title" },
      { name: "Tags", before: "Sea, making", after: "" },
      { name: "Address", before: `/notes/${"long-".repeat(20)}`, after: "/notes/short" },
    ],
    rows: [
      { kind: "gap", lines: 6, before: null, after: null },
      { kind: "same", lines: 0, before: plain(7, "A line"), after: plain(7, "A line") },
      { kind: "changed", lines: 0, before: marked(8, "tide"), after: marked(8, "storm") },
      { kind: "changed", lines: 0, before: plain(9, "Gone"), after: null },
      { kind: "changed", lines: 0, before: null, after: plain(9, "مرحبا") },
      { kind: "same", lines: 0, before: { number: 10, pieces: [] }, after: { number: 10, pieces: [] } },
    ],
    remark: "",
    content: `The whole text ${"and-long-".repeat(40)}`,
    restorePath: "/admin/notes/1/revisions/2/restore",
    restoreRemark: "",
    expectedVersion: 3,
    error: "The note was saved elsewhere meanwhile.",
  };
}
