import { setImmediate } from "node:timers/promises";
import type { Context } from "../context/context.ts";
import { listTagsByName } from "../notes/listed-tags-store.ts";
import { foldText } from "../search/fold.ts";
import { listSections } from "./section-store.ts";
import { listHiddenUses } from "./tag-store.ts";

/** Rows that one statement reads of the tags: readers have their turn between two. */
const READ_AT_ONCE = 1_000;

/** A tag as its author knows it: with the notes that others do not see. */
export type WrittenTag = {
  readonly name: string;
  readonly label: string;
  /** Notes in public lists. */
  readonly listed: number;
  readonly drafts: number;
  readonly scheduled: number;
  readonly private: number;
  /** Unlisted notes, and pages. */
  readonly unlisted: number;
  readonly trashed: number;
  readonly hasSection: boolean;
  /** Other tags that differ from it by accents or hyphens only. */
  readonly variants: readonly string[];
};

type Counts = { -readonly [Name in keyof WrittenTag]: WrittenTag[Name] };

/** Every tag that a note or a section has, by name. */
export async function listWrittenTags({ db }: Pick<Context, "db">): Promise<WrittenTag[]> {
  const tags = new Map<string, Counts>();
  await addListed(db, tags);
  await addHidden(db, tags);
  for (const { tag, title } of listSections(db)) countsOf(tags, { name: tag, label: title || tag }).hasSection = true;
  const sorted = [...tags.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  return withVariants(sorted);
}

/** What is the same in tags that only accents or hyphens tell apart. */
export function looseName(name: string): string {
  return foldText(name).text.replaceAll("-", "");
}

async function addListed(db: Context["db"], tags: Map<string, Counts>): Promise<void> {
  let after = "";
  let found: ReturnType<typeof listTagsByName>;
  do {
    found = listTagsByName(db, READ_AT_ONCE, after);
    for (const tag of found) countsOf(tags, tag).listed = tag.count;
    after = found.at(-1)?.name ?? "";
    await setImmediate();
  } while (found.length === READ_AT_ONCE);
}

async function addHidden(db: Context["db"], tags: Map<string, Counts>): Promise<void> {
  let place = { name: "", noteId: 0 };
  let found: ReturnType<typeof listHiddenUses>;
  do {
    found = listHiddenUses(db, { ...place, limit: READ_AT_ONCE });
    for (const use of found) countsOf(tags, use)[kindOf(use)] += 1;
    place = found.at(-1) ?? place;
    await setImmediate();
  } while (found.length === READ_AT_ONCE);
}

type Hidden = "drafts" | "scheduled" | "private" | "unlisted" | "trashed";

function kindOf({ status, visibility }: ReturnType<typeof listHiddenUses>[number]): Hidden {
  if (status === "trashed" || status === "scheduled") return status;
  if (status === "draft") return "drafts";
  return visibility === "private" ? "private" : "unlisted";
}

function countsOf(tags: Map<string, Counts>, { name, label }: { name: string; label: string }): Counts {
  const known = tags.get(name);
  if (known !== undefined) return known;
  const none = { listed: 0, drafts: 0, scheduled: 0, private: 0, unlisted: 0, trashed: 0 };
  const counts = { name, label, ...none, hasSection: false, variants: [] };
  tags.set(name, counts);
  return counts;
}

function withVariants(tags: readonly Counts[]): WrittenTag[] {
  const alike = new Map<string, Counts[]>();
  for (const tag of tags) {
    const loose = looseName(tag.name);
    const others = alike.get(loose);
    if (others === undefined) alike.set(loose, [tag]);
    else others.push(tag);
  }
  return tags.map((tag) => {
    const others = alike.get(looseName(tag.name))?.filter(({ name }) => name !== tag.name) ?? [];
    return { ...tag, variants: others.map(({ label }) => label) };
  });
}
