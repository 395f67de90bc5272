import { hasAuthor } from "../auth/author-store.ts";
import type { Context } from "../context/context.ts";
import { NO_TRAINING_META } from "../feeds/robots.ts";
import { wordsLanguage } from "../lib/catalogue.ts";
import type { Timestamp } from "../lib/clock.ts";
import { directionOf } from "../lib/language.ts";
import { excerpt } from "../lib/text.ts";
import { formatDate, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { createUrls, paths } from "../lib/urls.ts";
import { said } from "../lib/words.ts";
import { describeKind } from "../notes/kind-words.ts";
import type { ListedNote } from "../notes/listed-notes-store.ts";
import type { LinkedNote } from "../notes/neighbours-store.ts";
import type { Tag } from "../notes/note.ts";
import { listShownElsewhere } from "../notes/note-image-store.ts";
import { changeKeys, newestPageChange } from "../notes/public-changes-store.ts";
import { DEFAULT_NAVIGATION } from "../site/navigation.ts";
import type { Settings } from "../site/settings.ts";
import { readSettings } from "../site/settings-store.ts";
import type { PublicAnswer } from "./answer.ts";
import { assetPath } from "./assets.ts";
import { pageHeaders } from "./edge-headers.ts";
import { RSS_TYPE, siteFeeds } from "./feed-links.ts";
import { kindView, showsKind, withPhotoClass } from "./kind-view.ts";
import { lookView } from "./look-view.ts";
import type { NoteView, PageView, SiteView, TagView } from "./views.ts";

/** Longest untitled note that lists show in full, in characters of its text. */
export const MAX_FULL_LENGTH = 600;
/** Length of a summary, in characters. */
export const SUMMARY_LENGTH = 280;
/** Length of what stands for a title where a note has none, in links and windows, in characters. */
export const LABEL_LENGTH = 60;

/** The menu that nobody has changed yet, whose labels are no words of the author. */
const OUR_MENU: SiteView["navigation"] = [
  { label: said`Archive`, address: paths.archive() },
  { label: said`Search`, address: paths.search() },
  { label: said`Feed`, address: paths.feed("xml") },
];

/** What pages say to robots, by what the author lets them do. */
const ROBOTS_META = { allow: "", "no-training": NO_TRAINING_META, none: "noindex, nofollow" } as const;

/** Where apps find what they talk to, for those that read no HTML (IndieAuth section 4.1, Micropub section 5.3). */
const DISCOVERY = [
  `<${paths.serverMetadata()}>; rel="indieauth-metadata"`,
  `<${paths.authorization()}>; rel="authorization_endpoint"`,
  `<${paths.token()}>; rel="token_endpoint"`,
  `<${paths.micropub()}>; rel="micropub"`,
].join(", ");

/**
 * What pages with notes may load from other servers: images where the author said so, else only the files that an app
 * posted and that are not copied yet.
 */
export function imagePolicy(ctx: Pick<Context, "db">): Required<Pick<PublicAnswer, "remoteImages" | "elsewhere">> {
  const remoteImages = readSettings(ctx.db).remoteImages === "load";
  return { remoteImages, elsewhere: ctx.db.remember(listShownElsewhere) };
}

/**
 * What answers for readers say beside their HTML: the keys of `public_changes` that make the page stale, and a time that
 * never goes back, though the neighbours of a note change: it is that of the newest change of the lists too; and what
 * edges may do with it.
 */
export function publicAnswer(
  ctx: Pick<Context, "config" | "db">,
  ...keys: readonly string[]
): Pick<PublicAnswer, "remoteImages" | "elsewhere" | "lastModified" | "keys" | "caching"> {
  const all = [...keys, changeKeys.site];
  const { changedAt } = newestPageChange(ctx.db, all);
  const caching = { ...pageHeaders(ctx.config, all), Link: DISCOVERY };
  return { ...imagePolicy(ctx), keys: all, lastModified: changedAt, caching };
}

/** What every page knows of the site, from the settings (others than the stored ones to try them out) and SITE_URL. */
export function siteView(ctx: Pick<Context, "db" | "config">, settings: Settings = readSettings(ctx.db)): SiteView {
  const known = siteViews.get(settings);
  if (known !== undefined) return known;
  const view = toSiteView(ctx, settings);
  siteViews.set(settings, view);
  return view;
}

/** What was made of settings that are still as they were read: they are read anew after whatever is committed. */
const siteViews = new WeakMap<Settings, SiteView>();

function toSiteView(ctx: Pick<Context, "db" | "config">, settings: Settings): SiteView {
  const urls = createUrls(ctx.config.SITE_URL);
  const { authorPhoto, siteIcon } = settings;
  return {
    title: settings.siteTitle,
    description: settings.siteDescription,
    url: urls.home(),
    language: settings.language,
    wordsLanguage: wordsLanguage(settings.language),
    colourScheme: settings.colourScheme,
    iconPath: siteIcon === "" ? assetPath("icon.svg") : paths.media(siteIcon),
    iconType: siteIcon === "" ? "image/svg+xml" : "",
    touchIconPath: siteIcon === "" ? assetPath("icon.png") : paths.media(siteIcon),
    ...lookView(ctx.db, settings),
    kindsStylesheetPath: assetPath("kinds.css"),
    footerText: settings.footerText,
    robots: ROBOTS_META[settings.robots],
    reservesMining: settings.robots !== "allow",
    navigation: settings.navigation === DEFAULT_NAVIGATION ? OUR_MENU : settings.navigation,
    author: {
      name: settings.authorName,
      photoPath: authorPhoto === "" ? "" : paths.media(authorPhoto),
      photoUrl: authorPhoto === "" ? "" : urls.media(authorPhoto),
      bio: settings.authorBio,
      links: settings.authorLinks.map((url) => ({ url, label: linkLabel(url) })),
    },
    isSetUp: hasAuthor(ctx.db),
  };
}

/** What the layout needs of a page; what is left out has the value that most pages have. */
export function pageView(site: SiteView, page: Partial<PageView> & { canonicalPath: string }): PageView {
  const { canonicalPath, ...given } = page;
  const { language = site.language } = page;
  return {
    title: "",
    ogTitle: page.title || site.title,
    description: site.description,
    canonicalUrl: site.url.replace(/\/$/u, "") + canonicalPath,
    ogType: "website",
    imageUrl: site.author.photoUrl,
    language: site.language,
    jsonLdHtml: "",
    alternates: [],
    feeds: siteFeeds(site),
    navigation: site.navigation.map((entry) => navigationView(entry, page)),
    publishedAt: "",
    updatedAt: "",
    previousPath: "",
    nextPath: "",
    markdownPath: "",
    ...given,
    wordsLang: language === site.wordsLanguage ? "" : site.wordsLanguage,
    robots: [page.robots, site.robots].filter((words) => words).join(", "),
  };
}

/** An entry of the menu. The one for the feed leads to the page's own feed, where it has one. */
function navigationView(
  { label, address }: SiteView["navigation"][number],
  { canonicalPath, feeds }: Partial<PageView> & { canonicalPath: string },
): PageView["navigation"][number] {
  const isFeed = address === paths.feed("xml");
  return {
    label,
    path: isFeed ? (feeds?.[0]?.path ?? address) : address,
    type: isFeed ? RSS_TYPE : "",
    isCurrent: address === canonicalPath.split("?")[0],
  };
}

/**
 * Creates what shows notes as readers see them, with the settings as they are now: times in the author's zone, or with
 * the offset that the note was published with.
 */
export function noteViewer(ctx: Pick<Context, "db" | "config">): (note: ListedNote) => NoteView {
  const settings = readSettings(ctx.db);
  return (note) => toView(note, settings, ctx.config.SITE_URL);
}

function toView(note: ListedNote, settings: Settings, siteUrl: string): NoteView {
  const published = timeView(note.publishedAt, note, settings);
  const updated = timeView(note.updatedAt, { publishedOffset: undefined }, settings);
  const title = note.title ?? "";
  const path = paths.note(note);
  const kind = kindView(note, settings);
  return {
    id: note.id,
    slug: note.slug,
    path,
    url: siteUrl + path,
    title,
    contentHtml: note.kind === "photo" ? withPhotoClass(note.contentHtml) : note.contentHtml,
    summary: excerpt(note.contentText, SUMMARY_LENGTH),
    showsInFull: title === "" && isShort(note.contentText),
    publishedAt: published.at,
    publishedOn: published.on,
    publishedDay: published.day,
    updatedAt: updated.at,
    updatedOn: updated.on,
    language: note.language ?? settings.language,
    direction: directionOf(note.language),
    tags: note.tags.map(tagView),
    visibility: note.visibility,
    status: note.status,
    kind,
    showsKind: showsKind(kind),
  };
}

/** The same note with its first image loaded at once: on its own page that is what its reader came to see. */
export function withEagerImage(note: NoteView): NoteView {
  return { ...note, contentHtml: note.contentHtml.replace(/(<img [^>]*?) loading="lazy"/u, "$1") };
}

/** Counts only where there is something to count: a text may be long. */
function isShort(text: string): boolean {
  if (text.length <= MAX_FULL_LENGTH) return true;
  return text.length <= 2 * MAX_FULL_LENGTH && [...text].length <= MAX_FULL_LENGTH;
}

/** A tag with its page. */
export function tagView(tag: Tag): TagView {
  return { label: tag.label, path: paths.tag(tag) };
}

/** A link to a note by what people call it: its title, else the beginning of its text, else what it is about. */
export function noteLink(note: LinkedNote): TagView {
  const label = note.title ?? (excerpt(note.contentText, LABEL_LENGTH) || describeKind(note) || note.slug);
  return { label, path: paths.note(note) };
}

/** A moment of a note on the author's clocks, or with the offset that it was published with; empty where there is none. */
export function timeView(
  moment: Timestamp | undefined,
  note: { readonly publishedOffset: number | undefined },
  settings: Pick<Settings, "timeZone" | "language">,
): { readonly at: string; readonly on: string; readonly day: string } {
  if (moment === undefined) return { at: "", on: "", day: "" };
  const offset = note.publishedOffset ?? offsetMinutes(moment, settings.timeZone);
  const style = { offsetMinutes: offset, language: settings.language };
  return {
    at: toLocal(moment, offset).iso,
    on: formatDate(moment, { ...style, show: "date-time" }),
    day: formatDate(moment, style),
  };
}

function linkLabel(url: string): string {
  return url.replace(/^https?:\/\/(?:www\.)?/u, "").replace(/\/$/u, "");
}
