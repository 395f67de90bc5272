import type { FieldView } from "./author-views.ts";

/** Which page of how the site looks is shown. */
export type AppearancePage = "menu";

/** The menu of the site, as the author left its form. */
export type MenuView = {
  rows: MenuRowView[];
  /** Of the whole menu; empty: none. */
  error: string;
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
