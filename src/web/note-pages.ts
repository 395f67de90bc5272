import type { Context } from "../context/context.ts";
import { paths } from "../lib/urls.ts";
import type { ListedNote } from "../notes/listed-notes-store.ts";
import { findReadNote, listPinnedNotes } from "../notes/listed-notes-store.ts";
import { listListedPlaces } from "../notes/listed-places-store.ts";
import { findNeighbours } from "../notes/neighbours-store.ts";
import { isInLists, isListed } from "../notes/note.ts";
import { citationsOf } from "../notes/note-citations.ts";
import { changeKeys } from "../notes/public-changes-store.ts";
import { listRelatedNotes } from "../search/digest-store.ts";
import { readSettings } from "../site/settings-store.ts";
import type { PublicAnswer } from "./answer.ts";
import type { ShowNotes } from "./cards.ts";
import { UNLISTED } from "./edge-headers.ts";
import { noteJsonLdHtml } from "./json-ld.ts";
import { listPlace } from "./list-place.ts";
import { copyPath } from "./note-markdown.ts";
import { noteLink, noteViewer, pageView, publicAnswer, siteView, withEagerImage } from "./present.ts";
import type { ReaderPage } from "./reader-page.ts";
import { readerPage } from "./reader-page.ts";
import { listedSeries, seriesView } from "./series-view.ts";
import { translationsOf } from "./translations-view.ts";
import type { Render } from "./views.ts";

/** The pages that readers come for: home and permalinks. */
export function notePages(ctx: Context, render: Render, showNotes: ShowNotes): ReaderPage[] {
  return [
    readerPage("/", (_params, query) => {
      const place = listPlace({ query }, paths.home());
      const { itemsPerPage: limit, pinnedNotes } = readSettings(ctx.db);
      const list = listListedPlaces(ctx.db, { ...place.cursors, limit });
      const site = siteView(ctx);
      const isFirstPage = list.newer === undefined;
      const pinned = isFirstPage ? listPinnedNotes(ctx.db, pinnedNotes).map(({ id }) => id) : [];
      const others = list.notes.map(({ id }) => id).filter((id) => !pinned.includes(id));
      const html = render("notes/home.njk", {
        site,
        page: pageView(site, place.pageOf(list)),
        pinned: showNotes(pinned),
        notes: showNotes(others),
        isFirstPage,
      });
      return { html, isPaged: true, ...publicAnswer(ctx, changeKeys.list, changeKeys.pins) };
    }),

    readerPage("/notes/:slug", ({ slug }) => {
      const note = findReadNote(ctx.db, slug.normalize("NFC"));
      return note && notePage(ctx, render, note);
    }),
  ];
}

/** The page of a note as everyone reads it. */
export function notePage(ctx: Context, render: Render, stored: ListedNote): PublicAnswer {
  const site = siteView(ctx);
  const note = { ...stored, citations: citationsOf(ctx.db, [stored]) };
  const view = withEagerImage(noteViewer(ctx)(note));
  const { newer, older } = neighbours(ctx, note);
  const related = isInLists(note) ? listRelatedNotes(ctx.db, note.id) : [];
  const { translations, alternates, keys } = translationsOf(ctx, stored);
  const links = [newer, older, ...related].filter((beside) => beside !== undefined);
  const html = render("notes/show.njk", {
    site,
    page: pageView(site, {
      canonicalPath: view.path,
      title: noteLink(note).label,
      ogTitle: view.title || site.title,
      description: view.summary || view.kind.label,
      ogType: "article",
      language: view.language,
      robots: isListed(note) ? "" : "noindex",
      jsonLdHtml: noteJsonLdHtml(site, view),
      publishedAt: view.publishedAt,
      updatedAt: view.updatedAt,
      markdownPath: copyPath(ctx, note),
      alternates,
    }),
    note: view,
    newer: newer ? noteLink(newer) : null,
    older: older ? noteLink(older) : null,
    related: related.map(noteLink),
    series: seriesView(ctx, stored),
    translations,
  });
  const series = listedSeries(stored);
  const beside = [...keys, ...links.map(changeKeys.link), ...(series === undefined ? [] : [changeKeys.series(series)])];
  const answer = publicAnswer(ctx, changeKeys.note(note), changeKeys.related(note), ...beside);
  return { html, ...answer, ...(isListed(note) ? {} : { caching: UNLISTED }) };
}

function neighbours(ctx: Context, note: ListedNote) {
  if (!isInLists(note) || note.publishedAt === undefined) return { newer: undefined, older: undefined };
  return findNeighbours(ctx.db, { publishedAt: note.publishedAt, id: note.id });
}
