import { assetPath } from "../../src/web/assets.ts";
import type { AdminPage, Views } from "../../src/web/views.ts";
import { field } from "./sample-site.ts";

type DeskViews = {
  [Name in
    | "admin/bulk.njk"
    | "admin/bulk-question.njk"
    | "admin/desk-items.njk"
    | "admin/share.njk"
    | "admin/tools.njk"]: Views[Name];
};

const LONG = `Long ${"and-long-".repeat(20)}`;

/** What the list of notes offers for many of them at once. */
export const BULK_FORM: Views["admin/notes.njk"]["bulk"] = {
  key: "k".repeat(43),
  actions: ["tag", "untag", "publish", "unlist", "trash"].map((value) => ({ value, label: `Do ${value}` })),
  allLabel: "All 1,234 notes of this list",
};

/** The quick-post box. */
export const QUICK_POST: NonNullable<Views["admin/notes.njk"]["quick"]> = {
  formKey: "f".repeat(43),
  editorKey: "e".repeat(43),
  tagSuggestions: ["Sea", "Making"],
  scriptPath: assetPath("desk.js"),
  modulePaths: [],
};

/** Searches that were kept, above the list of notes. */
export const SAVED_SEARCHES: Views["admin/notes.njk"]["saved"] = {
  searches: ["Drafts by the sea", LONG].map((name, index) => ({ name, path: "/admin?q=sea", isCurrent: index === 0 })),
  canSave: true,
  sort: "",
};

/** What the editor offers of what the author keeps at hand. */
export const DESK_OFFERS: Views["admin/editor.njk"]["desk"] = {
  snippets: ["Greeting", LONG].map((name, index) => ({ id: index + 1, name, content: `Best “wishes” <from> ${name}` })),
  templates: ["Weekly notes", LONG].map((name) => ({ name, path: "/admin/notes/new?template=1" })),
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
        more: "and 9,500 notes more",
        backPath: "/admin/tags",
        backLabel: "Back to the tags",
        undoPath: "/admin/bulk/x/undo",
        undoUntil: "March 1, 2026 at 11:00 AM",
      },
    },
    "admin/share.njk": { ...page, sharePath: assetPath("share.js"), modulePaths: [], isOffline: true },
    "admin/tools.njk": {
      ...page,
      bookmarklet: "javascript:void open('https://blog.example/admin/notes/new?url=')",
      siteTitle: LONG,
      deskPath: assetPath("desk.js"),
      deskModulePaths: [],
    },
    "admin/desk-items.njk": {
      ...page,
      sheet: {
        path: "/admin/templates",
        heading: "Templates",
        intro: "Beginnings of new notes.",
        placeholders: [{ name: "{{date}}", meaning: "the day" }],
        items: ["Weekly notes", LONG].map((name) => ({
          name,
          summary: LONG,
          usePath: "/admin/notes/new?template=1",
          editPath: "/admin/templates/1",
          deletePath: "/admin/templates/1/delete",
        })),
        form: {
          heading: "Change this template",
          action: "/admin/templates/1",
          button: "Save",
          name: field("Weekly notes", "There is one of this name. Choose another."),
          nameMax: 60,
          fields: [
            { name: "title", label: "Title", hint: "", isLong: false, options: [], field: field(LONG, "Too long.") },
            { name: "content", label: "Text", hint: "Markdown.", isLong: true, options: [], field: field(LONG, "") },
            {
              name: "status",
              label: "Status",
              hint: "",
              isLong: false,
              options: ["draft", ""].map((value) => ({ value, label: `Is ${value}` })),
              field: field("draft", ""),
            },
          ],
          error: "There are 50 already.",
          leavePath: "/admin/templates",
        },
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
    "admin/share.njk": { ...full["admin/share.njk"], ...page, isOffline: false },
    "admin/tools.njk": { ...full["admin/tools.njk"], ...page },
    "admin/desk-items.njk": {
      ...page,
      sheet: {
        ...full["admin/desk-items.njk"].sheet,
        placeholders: [],
        items: [],
        form: { ...full["admin/desk-items.njk"].sheet.form, name: field("", ""), fields: [], error: "", leavePath: "" },
      },
    },
    "admin/bulk.njk": {
      ...page,
      act: { ...full["admin/bulk.njk"].act, notes: [], more: "", undoPath: "", undoUntil: "" },
    },
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
