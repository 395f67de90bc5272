import type { Context } from "../context/context.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { describeKind, KIND_NOUNS } from "../notes/kind-words.ts";
import { withCitations } from "../notes/note-citations.ts";
import { listNotesById } from "../notes/note-store.ts";
import type { Hit } from "../search/search.ts";
import { readSettings } from "../site/settings-store.ts";
import { timeView } from "./present.ts";
import type { HitView } from "./search-views.ts";

/** Hits as readers see them, with the settings as they are now; times as `noteViewer` shows them. */
export function hitViews(ctx: Pick<Context, "db">, hits: readonly Hit[]): HitView[] {
  const settings = readSettings(ctx.db);
  const labels = labelsOf(ctx, hits);
  return hits.map(({ note, titleHtml, excerptHtml }) => {
    const published = timeView(note.publishedAt, note, settings);
    return {
      path: paths.note(note),
      titleHtml,
      excerptHtml,
      label: labels.get(note.id) ?? "",
      publishedAt: published.at,
      publishedDay: published.day,
      language: note.language ?? settings.language,
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
