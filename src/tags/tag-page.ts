import type { Database } from "../db/database.ts";
import type { ListedTag } from "../notes/listed-tags-store.ts";
import { findListedTag } from "../notes/listed-tags-store.ts";
import type { Section } from "./section.ts";
import { findSection } from "./section-store.ts";

/** A tag that readers know: listed notes have it, or its author has made a section of it. */
export type PublicTag = ListedTag & {
  /** What readers call it: the title of its section, else its label. */
  readonly title: string;
  readonly section: Section | undefined;
};

/** A tag for readers; undefined where there is neither a listed note nor a section. */
export function findPublicTag(db: Database, name: string): PublicTag | undefined {
  const section = findSection(db, name);
  const listed = findListedTag(db, name) ?? (section && { name, label: section.title || name, count: 0 });
  return listed && { ...listed, title: section?.title || listed.label, section };
}
