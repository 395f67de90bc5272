import type { Note, Properties } from "./note.ts";

/** Property of a page that says at its foot when it was last changed. */
const SHOW_UPDATED = "show-updated";

/** Whether a page says when it was last changed. */
export function showsUpdated({ properties }: Pick<Note, "properties">): boolean {
  return properties[SHOW_UPDATED]?.[0] === "true";
}

/** The properties with that choice. */
export function withShowUpdated(properties: Properties, isShown: boolean): Properties {
  const { [SHOW_UPDATED]: _before, ...others } = properties;
  return isShown ? { ...others, [SHOW_UPDATED]: ["true"] } : others;
}
