import type { Words } from "../lib/words.ts";
import type { ColourScheme } from "../site/settings.ts";

/** What every page knows of the site. Paths are root-relative, URLs absolute. */
export type SiteView = {
  title: string;
  description: string;
  /** Home, with its slash. */
  url: string;
  language: string;
  /** Of the words that are not the author's: `language`, or `en` where there are none in it. */
  wordsLanguage: string;
  colourScheme: ColourScheme;
  iconPath: string;
  iconType: string;
  /** PNG for home screens of phones. */
  touchIconPath: string;
  stylesheetPath: string;
  /** Of the page itself, for the frame that a browser draws around it. */
  paperColours: { light: string; dark: string };
  /** The image above everything; null: none. */
  header: HeaderView | null;
  /** For pages with notes that show what they are about. */
  kindsStylesheetPath: string;
  footerText: string;
  /** What robots shall not do with any page; empty: they may do all. */
  robots: string;
  /** Whether the right to text and data mining is reserved. */
  reservesMining: boolean;
  /** The menu, as the author made it. */
  navigation: readonly { label: Words; address: string }[];
  author: { name: string; photoPath: string; photoUrl: string; bio: string; links: { url: string; label: Words }[] };
  /** Whether an author exists; before that there is "nothing here yet". */
  isSetUp: boolean;
};

/** What the layout needs of one page. */
export type PageView = {
  /** Of the window; the layout adds the site's. Empty on home. */
  title: Words;
  /** For cards of other sites: the note's own title, else the site's. */
  ogTitle: Words;
  description: Words;
  canonicalUrl: string;
  ogType: "website" | "article";
  /** Absolute; empty: none. */
  imageUrl: string;
  language: string;
  /** What to mark words with that are not the author's, where their language is another than `language`; else empty. */
  wordsLang: string;
  /** What robots shall not do with it: `noindex`, and what the author asks of them for the whole site; else empty. */
  robots: string;
  /** A whole `<script type="application/ld+json">` element, or empty. */
  jsonLdHtml: string;
  /** The page in all its languages, itself among them; empty: there is one. */
  alternates: { language: string; url: string }[];
  feeds: { path: string; type: string; title: string }[];
  /** The menu as this page shows it: its feed entry leads to the page's own feed. `type` is empty but for that. */
  navigation: { label: Words; path: string; type: string; isCurrent: boolean }[];
  /** A copy as Markdown; empty: there is none. */
  markdownPath: string;
  publishedAt: string;
  updatedAt: string;
  /** rel=prev and rel=next of lists; empty: none. */
  previousPath: string;
  nextPath: string;
};

/** The header image of a site, in all its sizes. */
export type HeaderView = {
  path: string;
  width: number;
  height: number;
  /** Empty: it is for the eye only. */
  alt: string;
  /** In lighter formats, lightest first. */
  sources: readonly { type: string; srcset: string }[];
  /** In a format that every browser knows; empty: only as it is. */
  srcset: string;
  isOnEveryPage: boolean;
};
