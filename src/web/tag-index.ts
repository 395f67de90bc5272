import type { Database } from "../db/database.ts";
import { invalid, notFound } from "../lib/errors.ts";
import { MAX_TAG_NAME_CHARACTERS } from "../lib/tag-name.ts";
import { paths } from "../lib/urls.ts";
import { said } from "../lib/words.ts";
import type { ListedTag, TagPlace } from "../notes/listed-tags-store.ts";
import { countListedTags, listTagsByCount, listTagsByName } from "../notes/listed-tags-store.ts";
import type { ArchiveViews, IndexedTag } from "./archive-views.ts";
import type { PageView } from "./views.ts";

/** Tags on one page of the index. */
export const INDEX_TAGS_PER_PAGE = 1_000;

/** In which order the index has its tags: by name, or the most used first. */
export type TagOrder = "name" | "count";

type IndexView = Pick<ArchiveViews["notes/tags.njk"], "count" | "orders" | "groups" | "isLater" | "firstPath">;

/**
 * Reads one page of the index of all tags, behind the place `before`. Throws `invalid` for what is no place, and `not_found`
 * where nothing is behind it.
 */
export function readTagIndex(
  db: Database,
  order: TagOrder,
  before: string | undefined,
): { view: IndexView; place: Pick<PageView, "nextPath" | "robots"> & { canonicalPath: string } } {
  const path = order === "name" ? paths.tags() : paths.tagsByCount();
  const found = order === "name" ? readByName(db, before) : readByCount(db, before);
  if (found.length === 0 && before !== undefined) throw notFound("page");
  const tags = found.slice(0, INDEX_TAGS_PER_PAGE);
  const last = tags.at(-1);
  const hasMore = found.length > INDEX_TAGS_PER_PAGE && last !== undefined;
  return {
    view: {
      count: countListedTags(db),
      orders: [
        { label: said`By name`, path: paths.tags(), isCurrent: order === "name" },
        { label: said`Most used first`, path: paths.tagsByCount(), isCurrent: order === "count" },
      ],
      groups: order === "name" ? byFirstLetter(tags) : [{ label: "", tags: tags.map(toView) }],
      isLater: before !== undefined,
      firstPath: path,
    },
    place: {
      canonicalPath: before === undefined ? path : `${path}?before=${encodeURIComponent(before)}`,
      nextPath: hasMore ? `${path}?before=${encodeURIComponent(placeOf(last, order))}` : "",
      robots: before === undefined ? "" : "noindex, follow",
    },
  };
}

function readByName(db: Database, before = ""): ListedTag[] {
  if (before.length > 2 * MAX_TAG_NAME_CHARACTERS) throw noPlace();
  return listTagsByName(db, INDEX_TAGS_PER_PAGE + 1, before);
}

function readByCount(db: Database, before: string | undefined): ListedTag[] {
  return listTagsByCount(db, INDEX_TAGS_PER_PAGE + 1, before === undefined ? undefined : parsePlace(before));
}

function placeOf({ name, count }: ListedTag, order: TagOrder): string {
  return order === "name" ? name : `${count}-${name}`;
}

function parsePlace(text: string): TagPlace {
  const [, count, name] = /^(\d{1,15})-(.+)$/su.exec(text) ?? [];
  if (count === undefined || name === undefined || name.length > 2 * MAX_TAG_NAME_CHARACTERS) throw noPlace();
  return { count: Number(count), name };
}

function noPlace() {
  return invalid("before", said`“before” is no place in this list. Begin again at its first page.`);
}

function byFirstLetter(tags: readonly ListedTag[]): { label: string; tags: IndexedTag[] }[] {
  const groups = new Map<string, IndexedTag[]>();
  for (const tag of tags) {
    const label = firstLetter(tag.name);
    groups.set(label, [...(groups.get(label) ?? []), toView(tag)]);
  }
  return [...groups].map(([label, ofLetter]) => ({ label, tags: ofLetter }));
}

/** Accents stand apart in the order of names, and together in its groups' names. */
function firstLetter(name: string): string {
  const [first = ""] = name.normalize("NFD");
  return /\p{N}/u.test(first) ? "0–9" : first.toUpperCase();
}

function toView(tag: ListedTag): IndexedTag {
  return { label: tag.label, path: paths.tag(tag), feedPath: paths.tagFeed(tag, "xml"), count: tag.count };
}
