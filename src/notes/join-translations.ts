import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import { languageName } from "../lib/language.ts";
import { excerpt } from "../lib/text.ts";
import type { Message } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { readSettings } from "../site/settings-store.ts";
import type { Properties } from "./note.ts";
import { isListed } from "./note.ts";
import { findNoteAt } from "./note-at.ts";
import type { StoredNote } from "./note-store.ts";
import type { Composition, Save } from "./save.ts";
import { saveChanged } from "./save.ts";
import { createTranslationKey, MAX_TRANSLATIONS, translationKeyOf, withTranslationKey } from "./translations.ts";
import type { TranslatedNote } from "./translations-store.ts";
import { keepTranslationKey, listTranslatedNotes } from "./translations-store.ts";

type JoinContext = Pick<Context, "db" | "config">;

/** What a save says of translations. */
export type TranslationWish = {
  /** The stored note; undefined: a new one. */
  readonly before: StoredNote | undefined;
  /** The address of another note; empty: of none; undefined: as it is. */
  readonly of: string | undefined;
  readonly save: Save;
};

/** Characters of what a note is called in a sentence about it. */
const CALLED_LENGTH = 60;

/**
 * Makes a note a translation of another one and of all that are translations of that; the other one is saved too where it
 * was in no such group. Returns what was written with its properties as they then are. Runs inside a transaction. Throws
 * `invalid` for an address of no note, its own, and for a language that the group has already.
 */
export function joinTranslations(ctx: JoinContext, composition: Composition, wish: TranslationWish): Composition {
  const properties = wish.of === undefined ? composition.properties : propertiesWith(ctx, composition, wish);
  const joined = { ...composition, properties };
  refuseSecond(ctx, joined, wish);
  return joined;
}

function propertiesWith(ctx: JoinContext, { properties }: Composition, wish: TranslationWish): Properties {
  const address = (wish.of ?? "").trim();
  if (address === "") return withTranslationKey(properties, undefined);
  const other = findNoteAt(ctx.db, address, ctx.config.SITE_URL);
  const named = excerpt(address, CALLED_LENGTH);
  if (other === undefined || other.status === "erased") {
    throw refused(said`There is no note at “${named}”. Give the address of another note, or leave this empty.`);
  }
  if (other.id === wish.before?.id) {
    throw refused(said`This note itself is at “${named}”. Give the address of another note, or leave this empty.`);
  }
  const known = translationKeyOf(other.properties);
  // What lies in the trash keeps its group, but nobody joins it there.
  if (known !== undefined && known === translationKeyOf(properties)) return properties;
  if (other.status === "trashed") throw refused(said`The note at “${named}” is in the trash. Restore it first.`);
  const key = known ?? createTranslationKey();
  if (known === undefined) giveKey(ctx, other, { key, save: wish.save });
  return withTranslationKey(properties, key);
}

function giveKey({ db }: JoinContext, other: StoredNote, { key, save }: { key: string; save: Save }): void {
  const after = { ...other, properties: withTranslationKey(other.properties, key) };
  const { actKey: _actKey, ...saved } = save;
  saveChanged(db, { before: other, after }, { ...saved, action: "revise" });
  keepTranslationKey(db, other.id, key);
}

/** Asked only where it can have come about by this save: the language of the site may change under a group. */
function refuseSecond(ctx: JoinContext, written: Composition, { before }: TranslationWish): void {
  const key = translationKeyOf(written.properties);
  const wasThere = before !== undefined && translationKeyOf(before.properties) === key;
  if (key === undefined || (wasThere && before.language === written.language)) return;
  const others = listTranslatedNotes(ctx.db, key).filter(({ id }) => id !== before?.id);
  const { language: ofSite } = readSettings(ctx.db);
  const language = written.language ?? ofSite;
  const second = others.find((other) => (other.language ?? ofSite) === language);
  if (second !== undefined) throw invalid("language", takenBy(second, language));
  if (others.length < MAX_TRANSLATIONS) return;
  throw refused(said`A note has at most ${MAX_TRANSLATIONS} translations. Leave this empty.`);
}

/** Apps are told so, too, that may read what is public and no more. */
function takenBy(second: TranslatedNote, language: string): Message {
  const title = excerpt(second.title ?? second.contentText, CALLED_LENGTH) || second.slug;
  const named = languageName(language);
  return isListed(second)
    ? said`“${title}” is this in ${named} already. Say which language this note is in, or make it a translation of none.`
    : said`Another note that not everyone may find is this in ${named} already. Say which language this note is in, or make it a translation of none.`;
}

function refused(message: Message): Error {
  return invalid("translation_of", message);
}
