import type { AdminPage, Views } from "../../src/web/views.ts";
import { field } from "./sample-site.ts";

type DeskViews = { [Name in "admin/bulk.njk" | "admin/bulk-question.njk"]: Views[Name] };

const LONG = `Long ${"and-long-".repeat(20)}`;

/** What the list of notes offers for many of them at once. */
export const BULK_FORM: Views["admin/notes.njk"]["bulk"] = {
  key: "k".repeat(43),
  actions: ["tag", "untag", "publish", "unlist", "trash"].map((value) => ({ value, label: `Do ${value}` })),
  allLabel: "All 1,234 notes of this list",
};

/** The pages of the author's desk with everything in them. */
export function fullDeskViews(page: AdminPage): DeskViews {
  return {
    "admin/bulk.njk": {
      ...page,
      act: {
        heading: "Tagged 2 notes",
        summary: "1 note was left out, with its reason below. Tags: Sea.",
        notes: [
          { label: LONG, path: "/admin/notes/1", status: "draft", outcome: "Tagged.", isChanged: true },
          {
            label: "Another",
            path: "/admin/notes/2",
            status: "trashed",
            outcome: "It is in the trash.",
            isChanged: false,
          },
          { label: "An erased note", path: "", status: "", outcome: "It was erased meanwhile.", isChanged: false },
        ],
        undoPath: "/admin/bulk/x/undo",
        undoUntil: "March 1, 2026 at 11:00 AM",
      },
    },
    "admin/bulk-question.njk": {
      ...page,
      question: {
        heading: "Tag 500 notes?",
        message: "There are more than 500.",
        action: "tag",
        button: "Tag 500 notes",
        key: "k".repeat(43),
        list: { status: "draft", query: "harbour" },
        hasTags: true,
        tags: field("", "Write the tags that the notes shall get."),
        noteIds: [1, 2],
        labels: [LONG, "Another"],
        more: "and 498 notes more",
        error: "At most 500 notes are changed at once.",
        backPath: "/admin?q=harbour",
      },
    },
  };
}

/** The same with as little in them as there can be. */
export function bareDeskViews(page: AdminPage): DeskViews {
  const full = fullDeskViews(page);
  return {
    "admin/bulk.njk": { ...page, act: { ...full["admin/bulk.njk"].act, notes: [], undoPath: "", undoUntil: "" } },
    "admin/bulk-question.njk": {
      ...page,
      question: {
        ...full["admin/bulk-question.njk"].question,
        hasTags: false,
        tags: field("", ""),
        noteIds: [],
        labels: [],
        message: "",
        more: "",
        error: "",
      },
    },
  };
}
