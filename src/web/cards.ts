import type { Context } from "../context/context.ts";
import { listListedNotesById } from "../notes/listed-notes-store.ts";
import type { OwnTheme } from "../theme/own-theme.ts";
import type { Card, CardCache } from "./card-cache.ts";
import type { Freshness } from "./freshness.ts";
import { noteViewer, siteView } from "./present.ts";
import type { ListedView, NoteView, Render } from "./views.ts";

/** Shows listed notes by their row ids, in the order given, as templates of lists take them. */
export type ShowNotes = (ids: readonly number[]) => ListedView[];

/** What finished cards are made with. */
export type CardParts = {
  readonly cards: CardCache;
  /** What is told of `cards`, too. */
  readonly freshness: Freshness;
  readonly theme: Pick<OwnTheme, "hasTemplates">;
  readonly render: Render;
};

type CardContext = Pick<Context, "db" | "config">;

/** Creates what reads every note anew. */
export function createNoteViews(ctx: CardContext): (ids: readonly number[]) => NoteView[] {
  return (ids) => listListedNotesById(ctx.db, ids).map(noteViewer(ctx));
}

/**
 * Creates what reads and renders only those notes whose finished card is not kept: after a publish one of a page of
 * them. The author's own templates may show whatever there is of a note, so they are given all of it.
 */
export function createCards(ctx: CardContext, parts: CardParts): ShowNotes {
  const { cards, freshness, theme } = parts;
  const viewAnew = createNoteViews(ctx);

  return (ids) => {
    // What another process wrote since this turn began is in this moment of the database, and not yet told of.
    if (theme.hasTemplates() || freshness.check() !== ctx.db.dataVersion()) return viewAnew(ids);
    const shown = new Map(ids.map((id) => [id, cards.get(id)]));
    const missing = ids.filter((id) => shown.get(id) === undefined);
    for (const [id, card] of missing.length === 0 ? [] : makeCards(ctx, parts, missing)) shown.set(id, card);
    return [...shown.values()].filter((card) => card !== undefined);
  };
}

function makeCards(
  ctx: CardContext,
  { cards, render }: CardParts,
  ids: readonly number[],
): (readonly [number, Card])[] {
  const site = siteView(ctx);
  return createNoteViews(ctx)(ids).map((note) => {
    const card = {
      cardHtml: render("fragments/card.njk", { note, language: site.language }),
      showsKind: note.showsKind,
    };
    cards.set(note.id, card);
    return [note.id, card] as const;
  });
}
