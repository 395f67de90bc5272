import type { Context } from "../context/context.ts";
import { directionOf, languageName } from "../lib/language.ts";
import { createUrls, paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import type { ListedNote } from "../notes/listed-notes-store.ts";
import type { Note } from "../notes/note.ts";
import { isListed } from "../notes/note.ts";
import { changeKeys } from "../notes/public-changes-store.ts";
import { oneOfEachLanguage, translationKeyOf } from "../notes/translations.ts";
import type { TranslatedNote } from "../notes/translations-store.ts";
import { listTranslatedNotes } from "../notes/translations-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { noteLink } from "./present.ts";

/** A link to a note in another language, which is called as that language calls itself. */
export type TranslationView = { language: string; direction: "ltr" | "rtl" | "auto"; label: Words; path: string };

/** What the head of a page says of its languages, itself included. */
export type AlternateView = { language: string; url: string };

/** The other notes of a group as the editor lists them. */
export type EditorTranslationView = { language: string; label: Words; editPath: string; status: string };

/** What a permalink shows of translations that everyone may find, and the keys that make it stale. */
export type Translations = {
  readonly translations: TranslationView[];
  readonly alternates: AlternateView[];
  readonly keys: readonly string[];
};

/**
 * What a permalink shows of the translations of its note, in the order of their languages, one a language. A note that not
 * everyone may find leads to its translations, but is none of the alternates that robots are told of.
 */
export function translationsOf(ctx: Pick<Context, "db" | "config">, note: ListedNote): Translations {
  const key = translationKeyOf(note.properties);
  if (key === undefined) return { translations: [], alternates: [], keys: [] };
  const { language: ofSite } = readSettings(ctx.db);
  const urls = createUrls(ctx.config.SITE_URL);
  const others = listTranslatedNotes(ctx.db, key).filter((other) => isListed(other) && other.id !== note.id);
  const versions = oneOfEachLanguage([note, ...others], ofSite);
  const alternates = versions.map(([language, version]) => ({ language, url: urls.note(version) }));
  return {
    translations: versions
      .filter(([, { id }]) => id !== note.id)
      .map(([language, version]) => ({
        language,
        direction: directionOf(language),
        label: languageName(language),
        path: paths.note(version),
      })),
    alternates: isListed(note) && alternates.length > 1 ? alternates : [],
    keys: [changeKeys.translations(key)],
  };
}

/** What the field “Translation of” says of a stored note, or of a revision: the first of the others in its group. */
export function translationField({ db }: Pick<Context, "db">, note: Pick<Note, "id" | "properties">): string {
  return otherNotes(db, note)[0]?.slug ?? "";
}

/** The other notes of the group, for the editor: drafts and private ones, too. */
export function editorTranslations({ db }: Pick<Context, "db">, note: Note | undefined): EditorTranslationView[] {
  if (note === undefined) return [];
  const { language: ofSite } = readSettings(db);
  return otherNotes(db, note).map((other) => ({
    language: languageName(other.language ?? ofSite),
    label: noteLink(other).label,
    editPath: `/admin/notes/${other.id}`,
    status: isListed(other) ? "" : other.status === "published" ? other.visibility : other.status,
  }));
}

function otherNotes(db: Context["db"], { id, properties }: Pick<Note, "id" | "properties">): TranslatedNote[] {
  const key = translationKeyOf(properties);
  return key === undefined ? [] : listTranslatedNotes(db, key).filter((other) => other.id !== id);
}
