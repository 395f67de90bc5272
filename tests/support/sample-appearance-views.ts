import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { appearanceView } from "../../src/web/appearance-view.ts";
import type { AppearanceView } from "../../src/web/appearance-views.ts";
import { assetPath } from "../../src/web/assets.ts";
import type { AuthorViews } from "./sample-author-views.ts";
import { bareAdmin, barePage, bareSite, field, sampleAdmin, samplePage, sampleSite } from "./sample-site.ts";

type AppearanceViews = Pick<
  AuthorViews,
  "admin/appearance.njk" | "admin/menu.njk" | "admin/robots.njk" | "admin/theme.njk" | "fragments/look-bar.njk"
>;

const LONG = "A name that is as long as a name can be";

/** The pages of how the site looks, with errors at fields and long words. */
export function fullAppearanceViews(): AppearanceViews {
  const page = { site: sampleSite(), page: samplePage(), admin: sampleAdmin("appearance") };
  const row = { isFirst: false, isLast: false, isNew: false };
  return {
    "admin/appearance.njk": { ...page, appearancePage: "look", appearance: fullAppearance() },
    "fragments/look-bar.njk": {
      bar: {
        pages: [
          { label: "Home", path: "/admin/appearance/preview/home?look=x", isCurrent: true },
          { label: "Archive", path: "/admin/appearance/preview/archive?look=x", isCurrent: false },
        ],
        look: "x",
        backPath: "/admin/appearance?look=x",
        csrfToken: "token-of-the-login",
        stylesheetPath: assetPath("look-bar.css"),
      },
    },
    "admin/robots.njk": {
      ...page,
      robots: field("no-training", "Choose one of allow, no-training, none."),
      offers: { llmsTxt: true, markdownCopies: true },
      notFound: field("Lost? **Search** for it.", "This is 5001 characters long."),
      error: "Nothing was saved yet. See the fields that are marked.",
    },
    "admin/theme.njk": {
      ...page,
      appearancePage: "templates",
      theme: {
        folder: `/srv/${"long-".repeat(20)}/theme`,
        problems: [`notes/home.njk, line 3: ${"unexpected-token-".repeat(10)}`],
        files: [
          { path: "notes/home.njk", state: "failed" },
          { path: "partials/entry.njk", state: "ok" },
          { path: "static/style.css", state: "" },
        ],
      },
    },
    "admin/menu.njk": {
      ...page,
      appearancePage: "menu",
      menu: {
        rows: [
          { ...row, number: 1, label: field("Archive"), address: field("/archive"), isFirst: true },
          {
            ...row,
            number: 2,
            label: field("", "Say what the entry is called."),
            address: field("x", "Write a path."),
          },
          {
            ...row,
            number: 3,
            label: field(LONG),
            address: field(`https://${"long-".repeat(40)}.example/`),
            isLast: true,
          },
          { ...row, number: 4, label: field(), address: field(), isNew: true },
        ],
        error: "Nothing was saved yet. See the fields that are marked.",
        entriesMax: 12,
        isDefault: false,
      },
    },
  };
}

/** The same with as little in them as there can be. */
export function bareAppearanceViews(): AppearanceViews {
  const page = { site: bareSite(), page: barePage(), admin: bareAdmin() };
  return {
    "admin/appearance.njk": {
      ...page,
      appearancePage: "look",
      appearance: {
        ...fullAppearance(),
        accent: "theme",
        accentColour: field("#b0124f"),
        fonts: [],
        fontsError: "",
        headerPath: "",
        headerImage: field(),
        headerAlt: field(),
        isUnsaved: false,
        error: "",
      },
    },
    "fragments/look-bar.njk": {
      bar: {
        pages: [],
        look: "x",
        backPath: "/admin/appearance",
        csrfToken: "x",
        stylesheetPath: assetPath("look-bar.css"),
      },
    },
    "admin/robots.njk": {
      ...page,
      robots: field("allow"),
      offers: { llmsTxt: false, markdownCopies: false },
      notFound: field(),
      error: "",
    },
    "admin/theme.njk": {
      ...page,
      appearancePage: "templates",
      theme: { folder: "/data/theme", problems: [], files: [] },
    },
    "admin/menu.njk": {
      ...page,
      appearancePage: "menu",
      menu: {
        rows: [{ number: 1, label: field(), address: field(), isFirst: true, isLast: false, isNew: true }],
        error: "",
        entriesMax: 12,
        isDefault: true,
      },
    },
  };
}

function fullAppearance(): AppearanceView {
  const look = { ...DEFAULT_SETTINGS, theme: "photos", accentColour: "#ffcc00" } as const;
  const view = appearanceView({} as never, { look, stored: DEFAULT_SETTINGS, typed: {}, problems: {} });
  return {
    ...view,
    accentColour: field("#ffcc00", "This is no colour."),
    fonts: [{ file: "x.woff2", family: `A ${"long ".repeat(15)}family`, about: "weights 100 to 900, italic" }],
    fontsError: "sans.ttf: The file is no WOFF2 font. WOFF2 fonts are taken.",
    headerPath: assetPath("icon.png"),
    headerImage: field("", "The file is a PDF document."),
    headerAlt: field("A harbour", "Shorten it."),
    isUnsaved: true,
    error: "Nothing was saved yet. See the fields that are marked.",
  };
}
