import type { Context } from "../context/context.ts";
import type { AppError } from "../lib/errors.ts";
import { createSecret } from "../lib/secrets.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import { listTaggedNotes } from "../notes/listed-notes-store.ts";
import { MAX_PINNED_NOTES } from "../site/pinned.ts";
import { isTagInMenu } from "../tags/save-section.ts";
import { listSectionPins } from "../tags/section-pins.ts";
import { findSection } from "../tags/section-store.ts";
import type { WrittenTag } from "../tags/tag-list.ts";
import { listWrittenTags, looseName } from "../tags/tag-list.ts";
import { countNotes } from "./bulk-view.ts";
import { noteLink } from "./present.ts";
import type { TagEditView, TagListView, TagRowView } from "./tag-views.ts";

/** Where the author's tags are. */
export const TAGS_PATH = "/admin/tags";
/** Tags on one page of the author's list. */
export const TAGS_PER_PAGE = 100;
/** Newest notes of a tag that its page offers to pin. */
export const MAX_PIN_CHOICES = 50;

/** Which part of the tags is shown. */
export type TagListPlace = { readonly query: string; readonly order: "name" | "count"; readonly page: number };

/** What was sent with a form that is shown again. */
export type SentTags = { readonly ticked: readonly string[]; readonly label: string; readonly error: AppError };

/** Makes a page of the author's tags. */
export async function tagListView(
  ctx: Pick<Context, "db">,
  { query, order, page }: TagListPlace,
  sent?: SentTags,
): Promise<TagListView> {
  const wanted = looseName(query.toLowerCase().replace(/[\s#]+/gu, ""));
  const all = (await listWrittenTags(ctx)).filter(({ name }) => looseName(name).includes(wanted));
  if (order === "count") all.sort((one, other) => usesOf(other) - usesOf(one));
  const last = Math.max(1, Math.ceil(all.length / TAGS_PER_PAGE));
  const shown = Math.min(page, last);
  const pathOf = (place: Partial<TagListPlace>) => tagListPath({ query, order, page: shown, ...place });
  const error = sent?.error;
  return {
    rows: all.slice((shown - 1) * TAGS_PER_PAGE, shown * TAGS_PER_PAGE).map((tag) => rowView(tag, sent?.ticked ?? [])),
    count: counted("{count} tag", "{count} tags", { count: all.length }),
    query,
    order,
    orders: [
      { label: said`By name`, path: pathOf({ order: "name", page: 1 }), isCurrent: order === "name" },
      { label: said`Most used`, path: pathOf({ order: "count", page: 1 }), isCurrent: order === "count" },
    ],
    key: createSecret(),
    label: { value: sent?.label ?? "", error: error?.field === "label" ? error.said : "" },
    error: error === undefined || error.field === "label" ? "" : error.said,
    previousPath: shown > 1 ? pathOf({ page: shown - 1 }) : "",
    nextPath: shown < last ? pathOf({ page: shown + 1 }) : "",
  };
}

/** Address of a page of the author's tags. */
export function tagListPath({ query, order, page }: TagListPlace): string {
  const search = new URLSearchParams({
    ...(query === "" ? {} : { q: query }),
    ...(order === "name" ? {} : { order }),
    ...(page <= 1 ? {} : { page: String(page) }),
  });
  return search.size === 0 ? TAGS_PATH : `${TAGS_PATH}?${search}`;
}

/** What was typed on the page of a tag and is shown again, with what is wrong with it. */
export type SentTag = {
  readonly title?: string;
  readonly description?: string;
  readonly inMenu?: boolean;
  readonly newLabel?: string;
  readonly error?: AppError;
};

/** Makes the page of one tag; undefined for one that neither a note nor a section has. */
export async function tagEditView(
  ctx: Pick<Context, "db">,
  name: string,
  { error, ...sent }: SentTag = {},
): Promise<TagEditView | undefined> {
  const tag = (await listWrittenTags(ctx)).find((each) => each.name === name);
  if (tag === undefined) return undefined;
  const section = findSection(ctx.db, name);
  const pins = section === undefined ? [] : listSectionPins(ctx.db, section);
  const newest = listTaggedNotes(ctx.db, name, { limit: MAX_PIN_CHOICES }).notes;
  const at = (field: string) => (error?.field === field ? error.said : "");
  const own = tagPath(name);
  return {
    name,
    label: tag.label,
    path: tag.listed > 0 || section !== undefined ? paths.tag(tag) : "",
    notesPath: `/admin?${new URLSearchParams({ q: `tag:"${tag.label.replaceAll('"', "")}"` })}`,
    counts: [countNotes(tag.listed), ...hiddenCounts(tag)],
    sectionPath: `${own}/section`,
    title: { value: sent.title ?? section?.title ?? "", error: at("title") },
    description: { value: sent.description ?? section?.description ?? "", error: at("description") },
    inMenu: sent.inMenu ?? isTagInMenu(ctx.db, name),
    menuError: at("in_menu"),
    pinsPath: `${own}/pins`,
    pins: pins.map((note, index) => ({
      id: note.id,
      ...noteLink(note),
      isFirst: index === 0,
      isLast: index === pins.length - 1,
    })),
    pinsMax: MAX_PINNED_NOTES,
    choices: newest
      .filter(({ id }) => pins.every((pin) => pin.id !== id))
      .map((note) => ({ id: note.id, label: noteLink(note).label })),
    pinError: at("note"),
    key: createSecret(),
    newLabel: { value: sent.newLabel ?? tag.label, error: at("label") },
    error: error?.said ?? "",
  };
}

/** Address of the page of one tag. */
export function tagPath(name: string): string {
  return `${TAGS_PATH}/${encodeURIComponent(name)}`;
}

function rowView(tag: WrittenTag, ticked: readonly string[]): TagRowView {
  return {
    name: tag.name,
    label: tag.label,
    editPath: tagPath(tag.name),
    notes: countNotes(tag.listed),
    hidden: hiddenCounts(tag),
    hasSection: tag.hasSection,
    variants: tag.variants.join(", "),
    isTicked: ticked.includes(tag.name),
  };
}

function hiddenCounts(tag: WrittenTag): Words[] {
  const counts: [number, Words][] = [
    [tag.drafts, counted("{count} draft", "{count} drafts", { count: tag.drafts })],
    [tag.scheduled, said`${tag.scheduled} scheduled`],
    [tag.private, said`${tag.private} private`],
    [tag.unlisted, said`${tag.unlisted} unlisted`],
    [tag.trashed, said`${tag.trashed} in the trash`],
  ];
  return counts.filter(([count]) => count > 0).map(([, words]) => words);
}

function usesOf(tag: WrittenTag): number {
  return tag.listed + tag.drafts + tag.scheduled + tag.private + tag.unlisted + tag.trashed;
}
