import type { Context } from "../context/context.ts";
import type { AppError } from "../lib/errors.ts";
import { storedWords } from "../lib/stored-words.ts";
import { said } from "../lib/words.ts";
import type { Citation } from "../notes/citation-store.ts";
import { findCitations } from "../notes/citation-store.ts";
import { listCited } from "../notes/cited.ts";
import { RSVP_VALUES } from "../notes/kind.ts";
import { citedName, KIND_NOUNS, RSVP_WORDS, shortUrl } from "../notes/kind-words.ts";
import type { NoteKind } from "../notes/note.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { shownTime } from "./admin-view.ts";
import type { KindForm } from "./kind-form.ts";
import { CHOSEN_KINDS, KIND_FIELDS } from "./kind-form.ts";
import type { CitedPageView, KindFieldsView } from "./kind-views.ts";

/** The part of the editor that says what a note is. */
export function kindFieldsView(form: KindForm, error: AppError | undefined): KindFieldsView {
  const field = (name: keyof KindForm) => ({
    value: form[name],
    error: error?.field === KIND_FIELDS[name] ? error.said : "",
  });
  const names = Object.keys(KIND_FIELDS) as (keyof KindForm)[];
  return {
    isOpen: names.some((name) => form[name] !== "" || field(name).error !== ""),
    kind: { ...field("kind"), options: kindOptions(form.kind) },
    url: field("kindUrl"),
    rsvp: { ...field("rsvp"), options: RSVP_VALUES.map((value) => ({ value, label: RSVP_WORDS[value] })) },
    start: field("eventStart"),
    end: field("eventEnd"),
    place: field("eventPlace"),
  };
}

/** A kind that only clients make stays in the list of a note that has it. */
function kindOptions(current: string): KindFieldsView["kind"]["options"] {
  const isOther =
    current !== "" && Object.hasOwn(KIND_NOUNS, current) && !CHOSEN_KINDS.some((kind) => kind === current);
  const kinds: readonly NoteKind[] = isOther ? [...CHOSEN_KINDS, current as NoteKind] : CHOSEN_KINDS;
  return [
    { value: "", label: said`By what it has: a note, or an article with a title` },
    ...kinds.map((kind) => ({ value: kind, label: KIND_NOUNS[kind] })),
  ];
}

/** The pages that a stored note is about, and how their fetching went. */
export function citedPages(ctx: Pick<Context, "db">, note: StoredNote | undefined): CitedPageView[] {
  if (note === undefined || note.kind === "page") return [];
  const urls = [...new Set(listCited(note.properties).map(({ url }) => url))];
  const known = findCitations(ctx.db, urls);
  return urls.map((url) => ({ url, address: shortUrl(url), ...stateOf(ctx, url, known.get(url)) }));
}

function stateOf(ctx: Pick<Context, "db">, url: string, citation: Citation | undefined) {
  const { fetchedAt, reason } = citation ?? {};
  const isFailed = reason !== undefined;
  const known = fetchedAt === undefined ? "" : said`${citedName(url, citation)}, fetched ${shownTime(ctx, fetchedAt)}.`;
  if (isFailed) {
    const failed = said`The last try gave nothing: ${storedWords(reason)}`; // Stored in English.
    return { isFailed, state: known === "" ? failed : said`${known} ${failed}` };
  }
  if (citation === undefined) return { isFailed, state: said`Not fetched yet.` };
  return { isFailed, state: known || said`It is being fetched. The note shows a plain link until then.` };
}
