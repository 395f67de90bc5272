import { hashSecret } from "../lib/secrets.ts";
import type { ContentFormat, Note } from "../notes/note.ts";

/** The file at the head of an export: its presence says that the export is whole. */
export const EXPORT_MANIFEST = "starpunk.json";
/** Stands in an export as long as it is being written, and after one that broke off. */
export const EXPORT_UNFINISHED = "UNFINISHED";
/** Settings of the site, by name. */
export const EXPORT_SETTINGS = "settings.json";
/** Snippets, templates and saved searches of the author. */
export const EXPORT_DESK = "desk.json";
/** What the pages of tags say besides notes. */
export const EXPORT_SECTIONS = "sections.json";
/** What media files were called when they came, and which of them are copies of images elsewhere. */
export const EXPORT_MEDIA = "media.json";
/** Old paths and where they lead, in the form that static hosts read. */
export const EXPORT_REDIRECTS = "_redirects";
/** Redirects that the author made, as a table. */
export const EXPORT_REDIRECT_TABLE = "redirects.csv";
/** Folder of the media files, so that `/media/NAME` in a text leads to one. */
export const EXPORT_MEDIA_FOLDER = "media";

/** The form of an export; a later one that is read otherwise has a higher number. */
export const EXPORT_FORMAT = 1;

/** Folders of the notes, by what others may see of them. */
export const EXPORT_FOLDERS = ["notes", "unlisted", "private", "scheduled", "drafts", "trash", "erased"] as const;

/** Longest name of a file before its ending, in bytes: every file system has room for that. */
export const MAX_FILE_NAME_BYTES = 200;

const ENDINGS: Readonly<Record<ContentFormat, string>> = { markdown: ".md", html: ".html", text: ".txt" };

/** What Windows takes for a device, whatever follows the dot. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)$/u;

/** Where a note stands in an export: `drafts/half-a-thought.md`. No two notes have the same place on any file system. */
export function exportPath(note: Pick<Note, "slug" | "status" | "visibility" | "contentFormat">): string {
  return `${folderOf(note)}/${toFileName(note.slug)}${ENDINGS[note.contentFormat]}`;
}

/** How the text of an exported file is written, by the ending of its name; undefined for a file of another kind. */
export function formatOfPath(path: string): ContentFormat | undefined {
  const formats = Object.keys(ENDINGS) as ContentFormat[];
  return formats.find((format) => path.endsWith(ENDINGS[format]));
}

function folderOf({ status, visibility }: Pick<Note, "status" | "visibility">): (typeof EXPORT_FOLDERS)[number] {
  if (status === "published") return visibility === "public" ? "notes" : visibility;
  return ({ scheduled: "scheduled", draft: "drafts", trashed: "trash", erased: "erased" } as const)[status];
}

/** A slug as it is, unless a file system may refuse it or take it for another one; the file itself says the slug. */
function toFileName(slug: string): string {
  const isPlain =
    Buffer.byteLength(slug) <= MAX_FILE_NAME_BYTES &&
    !DEVICE_NAME.test(slug) &&
    slug.toUpperCase().toLowerCase() === slug;
  if (isPlain) return slug;
  let begin = slug;
  while (Buffer.byteLength(begin) > MAX_FILE_NAME_BYTES - 20) begin = [...begin].slice(0, -1).join("");
  // No slug has an underscore, so this is nobody else's name.
  return `${begin}_${hashSecret(slug).slice(0, 12)}`;
}
