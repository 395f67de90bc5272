import type { Context } from "../context/context.ts";
import type { ShowNotes } from "./cards.ts";
import { notePages } from "./note-pages.ts";
import type { ReaderPage } from "./reader-page.ts";
import { searchPages } from "./search-page.ts";
import { seriesPages } from "./series-pages.ts";
import { tagPages } from "./tag-pages.ts";
import type { Render } from "./views.ts";

/** The pages that are made in front of Express; Express has them too. Nothing here may load it. */
export function createReaderPages(ctx: Context, render: Render, showNotes: ShowNotes): ReaderPage[] {
  return [
    ...notePages(ctx, render, showNotes),
    ...searchPages(ctx, render),
    ...tagPages(ctx, render, showNotes),
    ...seriesPages(ctx, render),
  ];
}
