import type { TagEditView, TagListView } from "../../src/web/tag-views.ts";
import type { AdminPage, Views } from "../../src/web/views.ts";
import { field } from "./sample-site.ts";

type TagSampleViews = Pick<Views, "admin/tags.njk" | "admin/tag.njk">;

const LONG = `Long${"-and-long".repeat(8)}`;
const KEY = "k".repeat(43);

const LIST: TagListView = {
  rows: [
    {
      name: "cafe",
      label: "Café",
      editPath: "/admin/tags/cafe",
      notes: "1,204 notes",
      hidden: ["2 drafts", "1 scheduled", "3 private", "1 unlisted", "4 in the trash"],
      hasSection: true,
      variants: `Cafe, ${LONG}`,
      isTicked: true,
    },
    {
      name: LONG,
      label: LONG,
      editPath: `/admin/tags/${LONG}`,
      notes: "1 note",
      hidden: [],
      hasSection: false,
      variants: "",
      isTicked: false,
    },
  ],
  count: "2 tags",
  query: "a",
  order: "count",
  orders: [
    { label: "By name", path: "/admin/tags?q=a", isCurrent: false },
    { label: "Most used", path: "/admin/tags?q=a&order=count", isCurrent: true },
  ],
  key: KEY,
  label: field("!!!", "Write what the tag shall be called."),
  error: "Tick at least two tags that are one.",
  previousPath: "/admin/tags",
  nextPath: "/admin/tags?page=3",
};

const TAG: TagEditView = {
  name: "cafe",
  label: LONG,
  path: "/tags/cafe",
  notesPath: "/admin?q=tag%3Acafe",
  counts: ["1,204 notes", "2 drafts"],
  sectionPath: "/admin/tags/cafe/section",
  title: field("Coffee, and where to drink it", "This is 120 characters long; shorten it to 100 or fewer."),
  description: field("Places with *quiet* tables.", "This is too long."),
  inMenu: true,
  menuError: "The menu has 12 entries, as many as may be. Remove one first.",
  pinsPath: "/admin/tags/cafe/pins",
  pins: ["A first", LONG, "A last"].map((label, index) => ({
    id: index + 1,
    label,
    path: `/notes/${index + 1}`,
    isFirst: index === 0,
    isLast: index === 2,
  })),
  pinsMax: 5,
  choices: [{ id: 7, label: LONG }],
  pinError: "5 notes are pinned, as many as may be. Unpin one first.",
  key: KEY,
  newLabel: field("Coffee, tea", "This is one tag: leave out the comma."),
  error: "This is one tag: leave out the comma.",
};

/** The author's pages of tags, with everything in them. */
export function fullTagViews(page: AdminPage): TagSampleViews {
  return { "admin/tags.njk": { ...page, tags: LIST }, "admin/tag.njk": { ...page, tag: TAG } };
}

/** The same with as little in them as there can be. */
export function bareTagViews(page: AdminPage): TagSampleViews {
  const none = field("", "");
  return {
    "admin/tags.njk": {
      ...page,
      tags: { ...LIST, rows: [], query: "", label: none, error: "", previousPath: "", nextPath: "" },
    },
    "admin/tag.njk": {
      ...page,
      tag: {
        ...TAG,
        path: "",
        title: none,
        description: none,
        inMenu: false,
        menuError: "",
        pins: [],
        choices: [],
        pinError: "",
        newLabel: none,
        error: "",
      },
    },
  };
}
