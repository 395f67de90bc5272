import type { Words } from "../lib/words.ts";
import type { LookBarView } from "./appearance-views.ts";
import type { DashboardView } from "./dashboard-views.ts";
import type { KindView } from "./kind-views.ts";
import type { NoteView } from "./note-view.ts";

/** Parts of the author's pages say the language of their words themselves; left out: English. */
type Spoken = { language?: string };

/** Parts of the author's pages, each shown by htmx in place of a part, or put before a page; and a note of a list. */
export type FragmentViews = {
  "fragments/card.njk": { note: NoteView; language: string };
  "fragments/look-bar.njk": { bar: LookBarView } & Spoken;
  "fragments/dashboard.njk": { dashboardView: DashboardView } & Spoken;
  "fragments/error.njk": { message: Words; requestId: string } & Spoken;
  /** `kind`: null where there is nothing to show. */
  "fragments/preview.njk": { contentHtml: string; title: string; kind: KindView | null; error: Words } & Spoken;
};
