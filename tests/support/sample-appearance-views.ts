import type { AuthorViews } from "./sample-author-views.ts";
import { bareAdmin, barePage, bareSite, field, sampleAdmin, samplePage, sampleSite } from "./sample-site.ts";

type AppearanceViews = Pick<AuthorViews, "admin/menu.njk">;

const LONG = "A name that is as long as a name can be";

/** The pages of how the site looks, with errors at fields and long words. */
export function fullAppearanceViews(): AppearanceViews {
  const page = { site: sampleSite(), page: samplePage(), admin: sampleAdmin("appearance") };
  const row = { isFirst: false, isLast: false, isNew: false };
  return {
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
