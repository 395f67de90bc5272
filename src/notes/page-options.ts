import type { Note, Properties } from "./note.ts";

/** Property of a page that says at its foot when it was last changed. */
const SHOW_UPDATED = "show-updated";
/** Property of a page that stands in the menu while others can read it. */
const IN_MENU = "in-menu";

/** What the author chose for a page. */
export type PageOptions = { readonly showsUpdated: boolean; readonly wantsMenu: boolean };

/** Those of a page whose author chose nothing, and of what is no page. */
export const NO_PAGE_OPTIONS: PageOptions = { showsUpdated: false, wantsMenu: false };

/** Whether a page says when it was last changed. */
export function showsUpdated({ properties }: Pick<Note, "properties">): boolean {
  return properties[SHOW_UPDATED]?.[0] === "true";
}

/** Whether a page is to stand in the menu as soon as others can read it. */
export function wantsMenu({ properties }: Pick<Note, "properties">): boolean {
  return properties[IN_MENU]?.[0] === "true";
}

/** The properties with these choices. */
export function withPageOptions(properties: Properties, chosen: PageOptions): Properties {
  const { [SHOW_UPDATED]: _shown, [IN_MENU]: _menu, ...others } = properties;
  return {
    ...others,
    ...(chosen.showsUpdated ? { [SHOW_UPDATED]: ["true"] } : {}),
    ...(chosen.wantsMenu ? { [IN_MENU]: ["true"] } : {}),
  };
}
