import type { Words } from "../lib/words.ts";
import type { ContentFormat, NoteStatus, Visibility } from "../notes/note.ts";
import type { AdminLanguage } from "../site/language.ts";
import type { AltNudge, ColourScheme, RemoteImages, StatsPage } from "../site/settings.ts";
import type { CitedPageView, KindFieldsView, KindView } from "./kind-views.ts";
import type { NewLoginView } from "./security-views.ts";
import type { EditorTranslationView } from "./translations-view.ts";
import type { UndescribedImage } from "./undescribed.ts";

/** A form field as the author left it, with what is wrong with it. */
export type FieldView = { value: string; error: Words };

/** What every author page knows. */
export type AdminView = {
  /** Of the words of this page, BCP 47. */
  language: string;
  csrfToken: string;
  /** Which entry of the navigation is this page. */
  section:
    | "notes"
    | "write"
    | "media"
    | "appearance"
    | "settings"
    | "security"
    | "tokens"
    | "tools"
    | "operations"
    | "none";
  /** Said on every page while SITE_URL is the default; else empty. */
  siteUrlWarning: Words;
  /** What the last action did, said once; else empty. */
  notice: Words;
  /** Where a form undoes it at once; empty: nowhere. */
  undoPath: string;
  /** A login that the author is asked about; null: none. */
  newLogin: NewLoginView | null;
  scriptPath: string;
  htmxPath: string;
  /** Commands and keys, on every page behind the login. */
  palettePaths: string[];
  /** What the author's pages stand on, whatever the theme of the site; and what they add to it. */
  basePath: string;
  stylesheetPath: string;
};

/** A field that a form carries on unseen. */
export type HiddenField = { name: string; value: string };

/** One row of the list of notes. */
export type NoteRowView = {
  id: number;
  /** Title, or the beginning of the text. */
  label: Words;
  isTitled: boolean;
  summary: string;
  isPage: boolean;
  /** What it is called that is no plain note; else empty. */
  kind: Words;
  status: NoteStatus;
  visibility: Visibility;
  editPath: string;
  /** Permalink; empty where there is none to see. */
  path: string;
  /** Time that matters for its status, for people and for machines. */
  when: string;
  whenAt: string;
  /** How long a note stays in the trash, in words; else empty. */
  timeLeft: Words;
  tags: string[];
};

/** What was typed and not saved, for its author to go on with or to discard. */
export type OfferView = {
  editorKey: string;
  /** Title or beginning of what was typed, and of which note it is; empty for a new one. */
  label: Words;
  ofNote: Words;
  /** When it was kept, for people and for machines. */
  when: string;
  savedAt: string;
  size: Words;
  device: Words;
  /** Whether the note was saved since by somebody else. */
  isBehind: boolean;
  continuePath: string;
  discardPath: string;
};

/** The editor: the fields as they stand, the note that is stored, and what is wrong. */
export type EditorView = {
  /** 0: not saved yet. */
  id: number;
  version: number;
  status: NoteStatus | "new";
  formKey: string;
  editorKey: string;
  action: string;
  title: FieldView;
  content: FieldView;
  /** Says how many images have no description; empty: all have one. */
  altWarning: string;
  /** Images of the text that nobody has described, each with the field that takes what it shows. */
  undescribed: UndescribedImage[];
  /** Whether publishing waits for them: then the form says that it was asked. */
  isAltAsked: boolean;
  tags: FieldView;
  slug: FieldView;
  language: FieldView;
  /** `datetime-local` value in the author's zone; empty: now. */
  publishedAt: FieldView;
  timeZone: string;
  visibility: { value: Visibility; error: Words };
  /** Whether it is a page, and whether that says when it was last changed. */
  isPage: boolean;
  showsUpdated: boolean;
  /** Whether the menu leads to the page, or shall once it is out. */
  inMenu: { isTicked: boolean; error: Words };
  /** Whether a button pins the note on home, or takes the pin away; none: it stands in no list. */
  pin: "pin" | "unpin" | "none";
  series: FieldView;
  seriesPosition: FieldView;
  seriesSuggestions: string[];
  translationOf: FieldView;
  /** Notes that were changed last, by address and name; and languages of other translations. */
  translationSuggestions: { value: string; label: Words }[];
  languageSuggestions: { value: string; label: Words }[];
  /** The other notes of its group. */
  translations: EditorTranslationView[];
  /** Where a new note begins that is a translation of this one; empty: it is not saved yet. */
  translatePath: string;
  /** Whole-form error; empty: none. */
  error: Words;
  /** Permalink; empty: none yet. */
  path: string;
  tagSuggestions: string[];
  previewHtml: string;
  /** What the note is besides its text; null: nothing, or the preview comes by itself. */
  previewKind: KindView | null;
  /** Whether the form holds what is stored nowhere. */
  isUnsaved: boolean;
  /** Whether the form made this note before, and can make a second one. */
  isSecond: boolean;
  kindFields: KindFieldsView;
  /** The pages that the stored note is about. */
  citedPages: CitedPageView[];
  /** What other editors of this note, or of notes that were never saved, hold. */
  offers: OfferView[];
  contentMaxBytes: number;
  /** How its text is written; formatting is offered for Markdown alone. */
  contentFormat: ContentFormat;
  /** What keeps the text while it is typed, and what helps with it; then everything that these import. */
  scriptPaths: string[];
  preloadPaths: string[];
  stylesheetPath: string;
  /** The login that leads back to this editor. */
  loginPath: string;
  updatedOn: string;
};

/** Two versions of one note: what is stored now, and what was sent on top of an older one. */
export type ConflictView = {
  id: number;
  stored: { version: number; savedOn: string; madeBy: Words; title: string; content: string; contentHtml: string };
  sent: { title: string; content: string; contentHtml: string };
  /** Both put together; null where it is not known what they were made of. */
  merge: {
    hasChoice: boolean;
    fields: { name: string; label: Words; mine: string; theirs: string }[];
    /** `number` counts the conflicts, from 0; `both` is what the author begins with who writes it anew. */
    blocks: {
      kind: "same" | "mine" | "theirs" | "conflict";
      number: number;
      mine: string;
      theirs: string;
      both: string;
    }[];
  } | null;
  /** Hidden fields that carry the sent version on: with its choices, and to keep it whole. */
  sentFields: HiddenField[];
  fields: HiddenField[];
  action: string;
  editPath: string;
};

/** The form of the settings. */
export type SettingsView = {
  fields: {
    siteTitle: FieldView;
    siteDescription: FieldView;
    authorName: FieldView;
    authorBio: FieldView;
    authorLinks: FieldView;
    timeZone: FieldView;
    language: FieldView;
    itemsPerPage: FieldView;
    maxImageMegabytes: FieldView;
    maxMediaMegabytes: FieldView;
    footerText: FieldView;
    siteIcon: FieldView;
    authorPhoto: FieldView;
  };
  colourScheme: ColourScheme;
  adminLanguage: AdminLanguage;
  remoteImages: RemoteImages;
  statsPage: StatsPage;
  altNudge: AltNudge;
  /** Most that the limits of size may be, in MB. */
  mediaMegabytesMax: { image: number; media: number };
  /** Images elsewhere that could not be copied, and why. */
  failedImages: { url: string; reason: string }[];
  timeZones: string[];
  iconPath: string;
  authorPhotoPath: string;
  error: Words;
};

/** The form of the set-up. */
export type SetupView = {
  /** Whether a valid link was followed; else only the message is shown. */
  showsForm: boolean;
  message: Words;
  link: string;
  name: FieldView;
  siteTitle: FieldView;
  password: { error: Words };
  timeZone: FieldView;
  timeZones: string[];
};
