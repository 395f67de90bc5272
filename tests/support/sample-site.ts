import { assetPath, modulePaths } from "../../src/web/assets.ts";
import type { SearchView } from "../../src/web/search-views.ts";
import type { AdminView, FieldView, PageView, SiteView } from "../../src/web/views.ts";

const FEEDS: PageView["feeds"] = [
  { path: "/feed.xml", type: "application/rss+xml", title: "A quiet place (RSS)" },
  { path: "/feed.atom", type: "application/atom+xml", title: "A quiet place (Atom)" },
  { path: "/feed.json", type: "application/feed+json", title: "A quiet place (JSON Feed)" },
];

/** A site whose author has filled in everything. */
export function sampleSite(changes: Partial<SiteView> = {}): SiteView {
  return {
    title: "A quiet place",
    description: "What I learned today, written down before I forget it.",
    url: "https://blog.example/",
    language: "en",
    wordsLanguage: "en",
    colourScheme: "system",
    iconPath: assetPath("icon.svg"),
    iconType: "image/svg+xml",
    touchIconPath: assetPath("icon.png"),
    stylesheetPath: assetPath("site.css"),
    paperColours: { light: "#fdfcfd", dark: "#17151c" },
    header: {
      path: assetPath("icon.png"),
      width: 180,
      height: 180,
      alt: "A harbour",
      sources: [],
      srcset: "",
      isOnEveryPage: true,
    },
    kindsStylesheetPath: assetPath("kinds.css"),
    navigation: [
      { label: "Archive", address: "/archive" },
      { label: "Search", address: "/search" },
      { label: "Feed", address: "/feed.xml" },
      { label: "A long entry of the menu", address: "https://elsewhere.example/" },
    ],
    robots: "noai, noimageai",
    reservesMining: true,
    footerText: "Text under CC BY 4.0.\nPictures are mine.",
    author: {
      name: "Ada Example",
      photoPath: assetPath("icon.png"),
      photoUrl: `https://blog.example${assetPath("icon.png")}`,
      bio: "Writes, walks, and keeps bees.\nLives by the sea.",
      links: [
        { url: "https://social.example/@ada", label: "social.example/@ada" },
        { url: "https://code.example/ada", label: `code.example/${"a-long-name-".repeat(5)}` },
      ],
    },
    isSetUp: true,
    ...changes,
  };
}

/** A site before anyone has set it up. */
export function bareSite(): SiteView {
  const author = { name: "", photoPath: "", photoUrl: "", bio: "", links: [] };
  const noWishes = { robots: "", reservesMining: false };
  return sampleSite({
    ...noWishes,
    title: "StarPunk",
    description: "",
    footerText: "",
    header: null,
    navigation: [],
    author,
    isSetUp: false,
  });
}

/** A page that says all that a page can say of itself. */
export function samplePage(changes: Partial<PageView> = {}): PageView {
  return {
    title: "A page",
    ogTitle: "A page",
    description: "What this page has.",
    canonicalUrl: "https://blog.example/page",
    ogType: "website",
    imageUrl: "https://blog.example/static/icon.png",
    language: "en",
    wordsLang: "",
    robots: "noindex, follow",
    jsonLdHtml: '<script type="application/ld+json">{"@context":"https://schema.org"}</script>',
    alternates: [
      { language: "de", url: "https://blog.example/notes/seite" },
      { language: "en", url: "https://blog.example/page" },
    ],
    feeds: FEEDS,
    navigation: [
      { label: "Archive", path: "/archive", type: "", isCurrent: true },
      { label: "Search", path: "/search", type: "", isCurrent: false },
      { label: "Feed", path: "/feed.xml", type: "application/rss+xml", isCurrent: false },
      { label: "A long entry of the menu", path: "https://elsewhere.example/", type: "", isCurrent: false },
    ],
    markdownPath: "/notes/page.md",
    publishedAt: "2026-02-20T09:30:00+01:00",
    updatedAt: "2026-02-22T10:00:00+01:00",
    previousPath: "/?after=x",
    nextPath: "/?before=x",
    ...changes,
  };
}

/** A page that says as little as one can. */
export function barePage(): PageView {
  const unsaid = { title: "", description: "", canonicalUrl: "", imageUrl: "", robots: "", jsonLdHtml: "" };
  return samplePage({
    ...unsaid,
    alternates: [],
    feeds: [],
    navigation: [],
    markdownPath: "",
    publishedAt: "",
    updatedAt: "",
    previousPath: "",
    nextPath: "",
  });
}

/** What an author page knows, with everything there is to say. */
export function sampleAdmin(section: AdminView["section"], changes: Partial<AdminView> = {}): AdminView {
  return {
    language: "en",
    csrfToken: "token-of-the-login",
    section,
    siteUrlWarning: "This site calls itself http://localhost:3000, which only this machine can reach.",
    notice: "Moved to the trash.",
    undoPath: "/admin/notes/1/restore",
    newLogin: {
      device: "Firefox on Android",
      network: "2001:db8:7::/48",
      when: "3 hours ago",
      knownPath: "/admin/logins/2/known",
      endPath: "/admin/logins/2/end",
      backPath: "/admin",
    },
    scriptPath: assetPath("app.js"),
    htmxPath: assetPath("htmx.min.js"),
    palettePaths: modulePaths("palette.js"),
    basePath: assetPath("site.css"),
    stylesheetPath: assetPath("admin.css"),
    ...changes,
  };
}

/** The same with nothing to say. */
export function bareAdmin(): AdminView {
  return sampleAdmin("none", { siteUrlWarning: "", notice: "", undoPath: "", newLogin: null });
}

/** A field as it was typed, and what is wrong with it. */
export function field(value = "", error = ""): FieldView {
  return { value, error };
}

/** What stands around the hits of a search. */
export function sampleSearch(query: string): SearchView {
  return {
    query,
    order: "newest",
    orders: [
      { label: "Newest first", path: "/search?q=x", isCurrent: true },
      { label: "Best first", path: "/search?q=x&sort=relevance", isCurrent: false },
    ],
    suggestion: null,
    previousLabel: "Newer notes",
    nextLabel: "Older notes",
  };
}
