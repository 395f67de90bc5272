import { invalid } from "../lib/errors.ts";
import { tagName } from "../lib/tag-name.ts";
import { said } from "../lib/words.ts";
import type { BulkAct, TagAction } from "../notes/bulk-act.ts";
import { parseActKey } from "../notes/bulk-act.ts";
import { parseTags } from "../notes/note-input.ts";
import type { RedirectRule } from "../redirects/redirect.ts";
import type { NavigationEntry } from "../site/navigation.ts";
import type { Section } from "./section.ts";

/** Most tags that are merged at once. */
export const MAX_MERGED_TAGS = 50;

/** What shall be done with tags, as it was asked for. */
export type AskedTagAct = {
  /** Random key of the form. */
  readonly key: string;
  readonly do: "rename" | "merge" | "delete";
  /** Names of the tags, as in their addresses. */
  readonly tags: readonly string[];
  /** What the notes shall have instead; not for `delete`. */
  readonly label: string;
};

/** The same, checked. */
export type TagOrder = {
  readonly key: string;
  /** Names of the tags that go; of a tag that is only written otherwise (`css` as `CSS`), its name. */
  readonly sources: readonly string[];
  /** As its author writes it; undefined: the notes have nothing instead. */
  readonly target: string | undefined;
};

/** What an act on tags changed besides notes, as it was before. */
export type TagTrace = {
  readonly redirects: readonly { readonly source: string; readonly before: RedirectRule | null }[];
  readonly sections: readonly { readonly tag: string; readonly before: Section | null }[];
  /** Null: the menu stayed as it was. */
  readonly menu: { readonly before: readonly NavigationEntry[]; readonly after: readonly NavigationEntry[] } | null;
};

/** An act on tags as it is remembered. */
export type TagAct = BulkAct &
  Pick<TagOrder, "sources" | "target"> & { readonly device: string | undefined; readonly trace: TagTrace };

/** Checks what was asked for. Throws `invalid` naming `tag`, `label` or `act_key`. */
export function parseTagOrder(asked: AskedTagAct): TagOrder {
  parseActKey(asked.key);
  const sources = [...new Set(asked.tags.map(tagName).filter((name) => name !== ""))];
  const [least, word] =
    asked.do === "merge" ? [2, said`Tick at least two tags that are one.`] : [1, said`No tag is chosen.`];
  if (sources.length < least) throw invalid("tag", word);
  if (sources.length > MAX_MERGED_TAGS) {
    throw invalid("tag", said`At most ${MAX_MERGED_TAGS} tags are merged at once. Tick fewer.`);
  }
  return { key: asked.key, sources, target: asked.do === "delete" ? undefined : parseLabel(asked.label) };
}

/** Which act it is: a tag with a name that another one has is merged with it. */
export function actionOf({ sources, target }: TagOrder, isTaken: (name: string) => boolean): TagAction {
  if (target === undefined) return "delete_tag";
  const [first = "", ...others] = sources;
  const name = tagName(target);
  return others.length > 0 || (name !== first && isTaken(name)) ? "merge_tags" : "rename_tag";
}

function parseLabel(text: string): string {
  if (text.includes(",")) throw invalid("label", said`This is one tag: leave out the comma.`);
  let label: string | undefined;
  try {
    label = parseTags([text])[0]?.label;
  } catch {
    throw invalid("label", said`A tag has at most 80 characters. Shorten it.`);
  }
  if (label === undefined)
    throw invalid("label", said`Write what the tag shall be called: at least one letter or digit.`);
  return label;
}
