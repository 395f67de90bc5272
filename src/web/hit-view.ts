import type { Context } from "../context/context.ts";
import { formatDate, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { describeKind, KIND_NOUNS } from "../notes/kind-words.ts";
import { withCitations } from "../notes/note-citations.ts";
import { listNotesById } from "../notes/note-store.ts";
import type { Hit } from "../search/search.ts";
import { readSettings } from "../site/settings-store.ts";
import type { HitView } from "./search-views.ts";

/** Hits as readers see them, with the settings as they are now; times as `noteViewer` shows them. */
export function hitViews(ctx: Pick<Context, "db">, hits: readonly Hit[]): HitView[] {
  const { timeZone, language } = readSettings(ctx.db);
  const labels = labelsOf(ctx, hits);
  return hits.map(({ note, titleHtml, excerptHtml }) => {
    const offset = note.publishedOffset ?? offsetMinutes(note.publishedAt, timeZone);
    return {
      path: paths.note(note),
      titleHtml,
      excerptHtml,
      label: labels.get(note.id) ?? "",
      publishedAt: toLocal(note.publishedAt, offset).iso,
      publishedDay: formatDate(note.publishedAt, { offsetMinutes: offset, language }),
      language: note.language ?? language,
    };
  });
}

/** What notes are about that have no words of their own, by row id: only few hits are such. */
function labelsOf({ db }: Pick<Context, "db">, hits: readonly Hit[]): ReadonlyMap<number, Words> {
  const wordless = hits.filter(({ titleHtml, excerptHtml }) => titleHtml === "" && excerptHtml === "");
  if (wordless.length === 0) return new Map();
  const notes = listNotesById(
    db,
    wordless.map(({ note }) => note.id),
  );
  return new Map(withCitations(db, notes).map((note) => [note.id, describeKind(note) || KIND_NOUNS[note.kind]]));
}
