import type { Choice, MergeBlock } from "../lib/merge-texts.ts";
import { hasConflict, joinBlocks, mergeTexts } from "../lib/merge-texts.ts";
import { tagName } from "../lib/tag-name.ts";
import type { NoteStatus } from "../notes/note.ts";
import type { SentVersion } from "../notes/sent-version.ts";
import { toTagsField, toVisibility } from "./note-fields.ts";
import type { NoteForm } from "./note-form.ts";

/** Fields of the editor of which one of two values is taken. */
export const CHOSEN_FIELDS = [
  "title",
  "slug",
  "language",
  "publishedAt",
  "visibility",
  "place",
  "showUpdated",
  "kind",
  "kindUrl",
  "rsvp",
  "eventStart",
  "eventEnd",
  "eventPlace",
  "series",
  "seriesPosition",
  "translationOf",
] as const;

/** The three forms of a conflict: what was opened, what was sent, and what is stored. */
export type ThreeForms = { readonly base: NoteForm; readonly mine: NoteForm; readonly theirs: NoteForm };

/** A field that both changed, each in another way. */
export type FieldConflict = {
  readonly name: (typeof CHOSEN_FIELDS)[number];
  readonly mine: string;
  readonly theirs: string;
};

/** Two versions of a note put together, as far as a machine can. */
export type MergedForm = {
  readonly blocks: readonly MergeBlock[];
  readonly fields: readonly FieldConflict[];
  /** The form with what was chosen, on top of the stored version. */
  readonly choose: (choices: Choices) => NoteForm;
};

/** What the author chose of each conflict of the text, by its number, and of each field. */
export type Choices = {
  readonly block: (conflict: number) => Choice;
  readonly field: (name: FieldConflict["name"]) => "mine" | "theirs";
};

/** Merges text by lines, tags one by one, and every other field as a whole: who alone changed it has it. */
export function mergeForms(forms: ThreeForms): MergedForm {
  const { base, mine, theirs } = forms;
  const blocks = mergeTexts({ base: base.content, mine: mine.content, theirs: theirs.content });
  const fields = CHOSEN_FIELDS.filter((name) => isContested(forms, name)).map((name) => ({
    name,
    mine: mine[name],
    theirs: theirs[name],
  }));
  return {
    blocks,
    fields,
    choose({ block, field }) {
      const chosen = CHOSEN_FIELDS.map((name) => [name, pick(forms, name, field)]);
      return {
        ...mine,
        ...Object.fromEntries(chosen),
        content: joinBlocks(blocks, block),
        tags: mergeTags(forms),
        version: theirs.version,
      };
    },
  };
}

/**
 * The merged form, where nothing is left to choose and the save changes no status, neither by its button nor because the
 * note has another one meanwhile: what is published should have been read as a whole. Undefined otherwise.
 */
export function mergeAlone(
  forms: ThreeForms,
  statuses: { readonly base: NoteStatus; readonly theirs: NoteStatus },
): NoteForm | undefined {
  const changesStatus = ["publish", "retract"].includes(forms.mine.action) || statuses.base !== statuses.theirs;
  if (changesStatus) return undefined;
  const merged = mergeForms(forms);
  if (hasConflict(merged.blocks) || merged.fields.length > 0) return undefined;
  return merged.choose({ block: () => "both", field: () => "mine" });
}

/** What was sent, to be kept beside what it became. Throws `invalid` for a visibility that is none. */
export function toSentVersion(form: NoteForm): SentVersion {
  return {
    title: form.title,
    content: form.content,
    tags: form.tags.split(","),
    language: form.language,
    visibility: toVisibility(form.visibility),
  };
}

function isContested({ base, mine, theirs }: ThreeForms, name: FieldConflict["name"]): boolean {
  return mine[name] !== theirs[name] && mine[name] !== base[name] && theirs[name] !== base[name];
}

function pick(forms: ThreeForms, name: FieldConflict["name"], choose: Choices["field"]): string {
  const { base, mine, theirs } = forms;
  if (isContested(forms, name)) return forms[choose(name)][name];
  return mine[name] === base[name] ? theirs[name] : mine[name];
}

/** Tags that are stored, without those that were taken away here, and with those that were added here. */
function mergeTags({ base, mine, theirs }: ThreeForms): string {
  if (mine.tags === base.tags) return theirs.tags;
  if (theirs.tags === base.tags) return mine.tags;
  const [were, ours, stored] = [base, mine, theirs].map(({ tags }) => labelsByName(tags)) as [Tags, Tags, Tags];
  const kept = [...stored].filter(([name]) => ours.has(name) || !were.has(name));
  const added = [...ours].filter(([name]) => !were.has(name) && !stored.has(name));
  return toTagsField([...kept, ...added].map(([, label]) => label));
}

type Tags = ReadonlyMap<string, string>;

function labelsByName(field: string): Tags {
  const labels = field.split(",").map((label) => label.trim());
  return new Map(labels.filter((label) => label !== "").map((label) => [tagName(label), label]));
}
