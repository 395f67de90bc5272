import type { Context } from "../context/context.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { isInSettings } from "../notes/library.ts";
import type { LibraryFile, LibraryFilter, NoteUsing } from "../notes/library-store.ts";
import { listNotesUsing } from "../notes/library-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import type { LibraryFileView, LibraryFilterView, NoteLinkView } from "./library-views.ts";

/** Where the library is. */
export const LIBRARY_PATH = "/admin/media";

const FILTERS: readonly { filter: LibraryFilter; label: Words }[] = [
  { filter: "all", label: said`All` },
  { filter: "image", label: said`Images` },
  { filter: "video", label: said`Films` },
  { filter: "audio", label: said`Recordings` },
  { filter: "application", label: said`Documents` },
  { filter: "unused", label: said`Unused` },
  { filter: "undescribed", label: said`Without description` },
];

/** The filter that an address names; all files where it names none. */
export function parseLibraryFilter(text: string | undefined): LibraryFilter {
  return FILTERS.find(({ filter }) => filter === text)?.filter ?? "all";
}

/** The choices above the library. */
export function libraryFilters(current: LibraryFilter | "notes"): LibraryFilterView[] {
  const files = FILTERS.map(({ filter, label }) => ({
    label,
    path: filter === "all" ? LIBRARY_PATH : `${LIBRARY_PATH}?show=${filter}`,
    isCurrent: filter === current,
  }));
  return [
    ...files,
    { label: said`Notes to describe`, path: `${LIBRARY_PATH}/undescribed`, isCurrent: current === "notes" },
  ];
}

/** Files as the library shows them, each with the notes that name it. */
export function libraryViews(ctx: Pick<Context, "db">, files: readonly LibraryFile[]): LibraryFileView[] {
  const using = listNotesUsing(
    ctx.db,
    files.map(({ name }) => name),
  );
  const settings = readSettings(ctx.db);
  return files.map((file) => ({
    name: file.name,
    label: file.originalName ?? file.name,
    path: paths.media(file.name),
    thumbnailPath: file.mediaType.startsWith("image/") ? paths.media(file.thumbnail ?? file.name) : "",
    player: playerOf(file),
    markdown: `![${file.alt}](${paths.media(file.name)})`,
    facts: [
      file.mediaType.replace(/^.*\//u, "").toUpperCase(),
      formatBytes(file.sizeBytes),
      ...(file.width === null ? [] : [`${file.width} × ${file.height}`]),
      shownTime(ctx, file.createdAt),
    ],
    alt: file.alt,
    isImage: file.mediaType.startsWith("image/"),
    notes: using.filter(({ mediaName }) => mediaName === file.name).map(noteLinkView),
    isInSettings: isInSettings(settings, file.name),
    describePath: `${LIBRARY_PATH}/${file.name}/describe`,
    replacePath: `${LIBRARY_PATH}/${file.name}/replace`,
    deletePath: `${LIBRARY_PATH}/${file.name}/delete`,
  }));
}

function playerOf({ mediaType }: LibraryFile): LibraryFileView["player"] {
  const [kind] = mediaType.split("/");
  return kind === "video" || kind === "audio" ? kind : "";
}

/** A note by what people call it, with the way to its editor. */
export function noteLinkView(note: Pick<NoteUsing, "id" | "title" | "textStart" | "slug">): NoteLinkView {
  return { label: note.title ?? (note.textStart.trim() || note.slug), path: `/admin/notes/${note.id}` };
}
