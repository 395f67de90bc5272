import type { Context } from "../context/context.ts";
import { formatDate, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import type { Hit } from "../search/search.ts";
import { readSettings } from "../site/settings-store.ts";
import type { HitView } from "./search-views.ts";

/** Creates what shows hits as readers see them, with the settings as they are now; times as `noteViewer` shows them. */
export function hitViewer(ctx: Pick<Context, "db">): (hit: Hit) => HitView {
  const { timeZone, language } = readSettings(ctx.db);
  return ({ note, titleHtml, excerptHtml }) => {
    const offset = note.publishedOffset ?? offsetMinutes(note.publishedAt, timeZone);
    return {
      path: paths.note(note),
      titleHtml,
      excerptHtml,
      publishedAt: toLocal(note.publishedAt, offset).iso,
      publishedDay: formatDate(note.publishedAt, { offsetMinutes: offset, language }),
      language: note.language ?? language,
    };
  };
}
