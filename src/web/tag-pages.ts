import type { Context } from "../context/context.ts";
import { tagName } from "../lib/tag-name.ts";
import { excerpt } from "../lib/text.ts";
import { paths } from "../lib/urls.ts";
import { listTaggedPlaces } from "../notes/listed-places-store.ts";
import { changeKeys } from "../notes/public-changes-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { listSectionPins } from "../tags/section-pins.ts";
import type { PublicTag } from "../tags/tag-page.ts";
import { findPublicTag } from "../tags/tag-page.ts";
import type { ShowNotes } from "./cards.ts";
import { siteFeeds, tagFeeds } from "./feed-links.ts";
import { listPlace } from "./list-place.ts";
import { pageView, publicAnswer, SUMMARY_LENGTH, siteView, tagView } from "./present.ts";
import type { ReaderPage } from "./reader-page.ts";
import { readerPage } from "./reader-page.ts";
import type { PublicPage, Render, Views } from "./views.ts";

/** The pages of tags. */
export function tagPages(ctx: Context, render: Render, showNotes: ShowNotes): ReaderPage[] {
  return [
    readerPage("/tags/:tag", (params, query) => {
      const name = tagName(params.tag);
      const tag = name === params.tag ? findPublicTag(ctx.db, name) : undefined;
      if (tag === undefined) return undefined;
      const place = listPlace({ query }, paths.tag(tag));
      const { itemsPerPage: limit } = readSettings(ctx.db);
      const list = listTaggedPlaces(ctx.db, name, { ...place.cursors, limit });
      const isFirstPage = list.newer === undefined;
      const pinned = isFirstPage && tag.section ? listSectionPins(ctx.db, tag.section).map(({ id }) => id) : [];
      const others = list.notes.map(({ id }) => id).filter((id) => !pinned.includes(id));
      const html = render("notes/tag.njk", {
        ...tagPage(ctx, tag, place.pageOf(list)),
        tag: sectionView(tag),
        pinned: showNotes(pinned),
        notes: showNotes(others),
        isFirstPage,
      });
      return { html, isPaged: true, ...publicAnswer(ctx, changeKeys.tag(tag)) };
    }),
  ];
}

/** What the layout needs of the page of a tag. */
function tagPage(ctx: Context, tag: PublicTag, place: Parameters<typeof pageView>[1]): PublicPage {
  const site = siteView(ctx);
  const { section, title } = tag;
  const page = pageView(site, {
    ...place,
    title: section?.title || `#${title}`,
    ...(section?.descriptionText ? { description: excerpt(section.descriptionText, SUMMARY_LENGTH) } : {}),
    feeds: [...tagFeeds(site, { ...tag, label: title }), ...siteFeeds(site)],
  });
  return { site, page };
}

/** A tag as its page shows it. */
function sectionView(tag: PublicTag): Views["notes/tag.njk"]["tag"] {
  const { title, count, section } = tag;
  return {
    ...tagView(tag),
    count,
    title,
    isSection: (section?.title ?? "") !== "",
    descriptionHtml: section?.descriptionHtml ?? "",
  };
}
