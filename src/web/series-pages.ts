import type { Context } from "../context/context.ts";
import { tagName } from "../lib/tag-name.ts";
import { paths } from "../lib/urls.ts";
import { changeKeys } from "../notes/public-changes-store.ts";
import { listSeriesNotes } from "../notes/series-store.ts";
import { pageView, publicAnswer, siteView } from "./present.ts";
import type { ReaderPage } from "./reader-page.ts";
import { readerPage } from "./reader-page.ts";
import { labelOf, seriesParts } from "./series-view.ts";
import type { Render } from "./views.ts";

/** The pages of series: each with its notes in its order. */
export function seriesPages(ctx: Context, render: Render): ReaderPage[] {
  return [
    readerPage("/series/:series", ({ series: name }) => {
      const notes = tagName(name) === name ? listSeriesNotes(ctx.db, name) : [];
      if (notes.length === 0) return undefined;
      const series = { name, label: labelOf(notes, name) };
      const site = siteView(ctx);
      const html = render("notes/series.njk", {
        site,
        page: pageView(site, { canonicalPath: paths.series(series), title: series.label }),
        label: series.label,
        parts: seriesParts(ctx, notes),
      });
      return { html, ...publicAnswer(ctx, changeKeys.series(series)) };
    }),
  ];
}
