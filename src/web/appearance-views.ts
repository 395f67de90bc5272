import type { Words } from "../lib/words.ts";
import type { HeaderPlace } from "../site/look.ts";
import type { FieldView } from "./author-views.ts";

/** Which page of how the site looks is shown. */
export type AppearancePage = "look" | "menu" | "templates";

/** The menu of the site, as the author left its form. */
export type MenuView = {
  rows: MenuRowView[];
  /** Of the whole menu; empty: none. */
  error: Words;
  entriesMax: number;
  /** Whether it is the one that every site begins with. */
  isDefault: boolean;
};

/** An entry of the menu as a row of its form. The last one is empty, for an entry more. */
export type MenuRowView = {
  number: number;
  label: FieldView;
  address: FieldView;
  isFirst: boolean;
  isLast: boolean;
  isNew: boolean;
};

/** How the site looks, as the author left the form of the choices. */
export type AppearanceView = {
  themes: ThemeView[];
  accent: "theme" | "own";
  /** `#rrggbb`. */
  accentColour: FieldView;
  fitted: FittedView[];
  textFonts: ChoiceView[];
  headingFonts: ChoiceView[];
  fonts: { file: string; family: string; about: Words }[];
  /** Of the files that were sent; empty: none. */
  fontsError: Words;
  /** Empty: there is none. */
  headerPath: string;
  headerImage: FieldView;
  headerAlt: FieldView;
  headerPlace: HeaderPlace;
  focuses: ChoiceView[];
  /** All choices, for the form to carry on those that have no field. */
  look: string;
  /** Whether they are others than those that readers see. */
  isUnsaved: boolean;
  /** Of the whole form; empty: none. */
  error: Words;
};

/** One of a list. */
export type ChoiceView = { value: string; label: Words; isChosen: boolean };

/** A theme to choose, with the colours of its picture. */
export type ThemeView = {
  name: string;
  label: Words;
  meaning: Words;
  isChosen: boolean;
  colours: { paper: string; ink: string; soft: string; line: string; wash: string; accent: string };
};

/** What becomes of the accent in light or in dark. */
export type FittedView = { label: Words; shown: string; paper: string; isChanged: boolean; about: Words };

/** What lies in DATA_DIR/theme. `state` is empty for what is no template of readers' pages. */
export type ThemeFolderView = {
  folder: string;
  problems: Words[];
  files: { path: string; state: "ok" | "failed" | "" }[];
};

/** The bar above a page that is looked at with choices that are not kept yet. */
export type LookBarView = {
  pages: { label: Words; path: string; isCurrent: boolean }[];
  look: string;
  backPath: string;
  csrfToken: string;
  stylesheetPath: string;
};
