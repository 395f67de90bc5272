import type { Words } from "../lib/words.ts";
import type { NoteStatus } from "../notes/note.ts";
import type { AppViews } from "./app-views.ts";
import type { AppearancePage, AppearanceView, MenuView, ThemeFolderView } from "./appearance-views.ts";
import type { ArchiveViews } from "./archive-views.ts";
import type { AuditLogView } from "./audit-views.ts";
import type {
  AdminView,
  ConflictView,
  EditorView,
  HiddenField,
  NoteRowView,
  OfferView,
  SettingsView,
  SetupView,
} from "./author-views.ts";
import type { DashboardPage } from "./dashboard-views.ts";
import type {
  BulkActView,
  BulkFormView,
  BulkQuestionView,
  DeskOffersView,
  DeskSheetView,
  QuickPostView,
  SavedSearchesView,
} from "./desk-views.ts";
import type { FragmentViews } from "./fragment-views.ts";
import type { DeleteMediaView, LibraryView, UndescribedView } from "./library-views.ts";
import type { ListedView, NoteView, TagView } from "./note-view.ts";
import type { BackupsView, HealthView, JobsView, ProblemDetailView, ProblemsView } from "./operations-views.ts";
import type { MissingView, PinsView, RedirectFormView, RedirectsView, RobotsView } from "./redirect-views.ts";
import type { PreviewLinksView, RevisionsView, RevisionView } from "./revision-views.ts";
import type { HitView, SearchView } from "./search-views.ts";
import type {
  CodeView,
  FirstPasskeyView,
  LoginsView,
  LoginView,
  ProofView,
  RecoveryCodesView,
  SecondStepView,
  SecurityView,
} from "./security-views.ts";
import type { SeriesPartView, SeriesView } from "./series-view.ts";
import type { IdentitiesView, LeavingView } from "./sign-in-views.ts";
import type { PageView, SiteView } from "./site-views.ts";
import type { SectionView, TagEditView, TagListView } from "./tag-views.ts";
import type { TranslationView } from "./translations-view.ts";

export type {
  AdminView,
  ConflictView,
  EditorView,
  FieldView,
  HiddenField,
  NoteRowView,
  OfferView,
  SettingsView,
} from "./author-views.ts";
export type { ListedView, NoteView, TagView } from "./note-view.ts";
export type { BackupsView } from "./operations-views.ts";
export type { RevisionsView, RevisionView } from "./revision-views.ts";
export type { LoginPasskeysView, NewLoginView, NewPasskeyView, PasskeyView, SecurityView } from "./security-views.ts";
export type { PageView, SiteView } from "./site-views.ts";

/** What every page is given. */
export type PublicPage = { site: SiteView; page: PageView };

/** What every page of the author's is given. */
export type AdminPage = PublicPage & { admin: AdminView };

/** Which page of who runs the site is shown. */
export type OperationsPage = "dashboard" | "health" | "problems" | "jobs" | "backups" | "redirects" | "missing";

/** What every page of who runs the site is given. */
export type OperationsView = AdminPage & { operationsPage: OperationsPage };

/** Every template that a route renders, and what it is given. */
export type Views = {
  /** Templates of a theme are given whole notes, never a `Card`. */
  "notes/home.njk": PublicPage & { pinned: ListedView[]; notes: ListedView[]; isFirstPage: boolean };
  "notes/show.njk": PublicPage & {
    note: NoteView;
    newer: TagView | null;
    older: TagView | null;
    related: TagView[];
    series: SeriesView | null;
    translations: TranslationView[];
  };
  "notes/series.njk": PublicPage & { label: Words; parts: SeriesPartView[] };
  /** `changed`: when it was last changed, where the page says so. */
  "notes/page.njk": PublicPage & {
    note: NoteView;
    changed: { at: string; on: string } | null;
    translations: TranslationView[];
  };
  "notes/preview.njk": PublicPage & { note: NoteView; banner: Words; expiresOn: string };
  /** Templates of a theme are given whole notes, never a `Card`. */
  "notes/tag.njk": PublicPage & { tag: SectionView; pinned: ListedView[]; notes: ListedView[]; isFirstPage: boolean };
  "notes/archive.njk": ArchiveViews["notes/archive.njk"];
  "notes/archive-period.njk": ArchiveViews["notes/archive-period.njk"];
  "notes/day.njk": ArchiveViews["notes/day.njk"];
  "notes/tags.njk": ArchiveViews["notes/tags.njk"];
  "notes/stats.njk": ArchiveViews["notes/stats.njk"];
  "notes/search.njk": PublicPage & {
    search: SearchView;
    hits: HitView[];
    /** Empty: nothing was looked for. */
    message: Words;
  };
  /** `textHtml`: what the author says where nothing is, in place of `message`; else empty. */
  "error.njk": PublicPage & { status: number; heading: Words; message: Words; textHtml: string; requestId: string };
  /** Posts `link`, `name`, `site_title`, `password` and `time_zone` to /setup. */
  "auth/setup.njk": AdminPage & SetupView;
  /** Posts `password` and hidden `csrf_token`, `next` and all of `kept` to /login. No form while `site.isSetUp` is false. */
  "auth/login.njk": PublicPage & LoginView;
  /** Posts `code` and hidden `csrf_token`, `ticket`, `next` and all of `kept` to /login. */
  "auth/code.njk": PublicPage & CodeView;
  "auth/first-passkey.njk": AdminPage & FirstPasskeyView;
  "auth/leaving.njk": AdminPage & { leaving: LeavingView };
  /** After a login that interrupted a form: one multipart form to `action` that sends `fields` again by a button. */
  "auth/resume.njk": AdminPage & { action: string; fields: HiddenField[]; message: Words };
  /** Posts `fields`, and `proof_password` or `proof_passkey`, to `action`, which is what the author was about to do. */
  "auth/proof.njk": AdminPage & ProofView;
  "admin/audit.njk": AdminPage & AuditLogView;
  "admin/notes.njk": AdminPage & {
    rows: NoteRowView[];
    /** What was typed and not saved, on the first page of all notes. */
    offers: OfferView[];
    status: NoteStatus | "all";
    search: SearchView;
    /** Of the search; empty: there is nothing to say. */
    message: Words;
    counts: { status: NoteStatus | "all"; label: Words; path: string; count: number; isCurrent: boolean }[];
    bulk: BulkFormView;
    saved: SavedSearchesView;
    /** The quick-post box, at the head of all notes; null elsewhere. */
    quick: QuickPostView | null;
    /** The filter by kind. */
    kinds: { label: Words; path: string; isCurrent: boolean }[];
    previousPath: string;
    nextPath: string;
  };
  /** Ticked boxes `tag`, `label` and the button `do` (merge, delete) go to /admin/tags/act. */
  "admin/tags.njk": AdminPage & { tags: TagListView };
  /** Posts `title`, `description`, `in_menu` to its `sectionPath`, `note` and `move` to its `pinsPath`, and as above. */
  "admin/tag.njk": AdminPage & { tag: TagEditView };
  "admin/bulk.njk": AdminPage & { act: BulkActView };
  "admin/bulk-question.njk": AdminPage & { question: BulkQuestionView };
  /** Snippets, templates or saved searches: each posts to its `deletePath`, the form `name` and its fields. */
  "admin/desk-items.njk": AdminPage & { sheet: DeskSheetView };
  /** What was shared and waits on this device; the second is kept by the worker for when there is no network. */
  "admin/share.njk": AdminPage & { sharePath: string; modulePaths: string[]; isOffline: boolean };
  "admin/tools.njk": AdminPage & {
    bookmarklet: string;
    siteTitle: string;
    deskPath: string;
    deskModulePaths: string[];
  };
  "admin/editor.njk": AdminPage & { editor: EditorView; desk: DeskOffersView };
  "admin/conflict.njk": AdminPage & { conflict: ConflictView };
  /** The saves of a note, and one beside another; the latter posts `expected_version` to its `restorePath`. */
  "admin/revisions.njk": AdminPage & { revisions: RevisionsView };
  "admin/revision.njk": AdminPage & { revision: RevisionView };
  /** Posts `days`; its second form ends all links. */
  "admin/preview-links.njk": AdminPage & PreviewLinksView;
  "admin/erase.njk": AdminPage & { note: NoteRowView };
  "admin/media.njk": AdminPage & LibraryView;
  "admin/undescribed.njk": AdminPage & UndescribedView;
  "admin/delete-media.njk": AdminPage & DeleteMediaView;
  "admin/settings.njk": AdminPage & { settings: SettingsView };
  /** Each form posts below /admin/security. */
  "admin/security.njk": AdminPage & SecurityView;
  "admin/second-step.njk": AdminPage & SecondStepView;
  "admin/recovery-codes.njk": AdminPage & RecoveryCodesView;
  /** One multipart form; its buttons send `action` (preview, apply). */
  "admin/appearance.njk": AdminPage & { appearancePage: AppearancePage; appearance: AppearanceView };
  "admin/theme.njk": AdminPage & { appearancePage: AppearancePage; theme: ThemeFolderView };
  "fragments/card.njk": FragmentViews["fragments/card.njk"];
  "fragments/look-bar.njk": FragmentViews["fragments/look-bar.njk"];
  /** Each posts `move` (up, down, unpin) to its `movePath`; the editor posts `pin` there. */
  "admin/pins.njk": AdminPage & PinsView;
  /** Posts `robots`, the boxes `llms_txt` and `markdown_copies`, and `not_found`. */
  "admin/robots.njk": AdminPage & RobotsView;
  /** Posts `label` and `address`, one of each a row, and of its buttons `up`, `down` or `remove` with the row, or `default`. */
  "admin/menu.njk": AdminPage & { appearancePage: AppearancePage; menu: MenuView };
  /** Each login posts to its `signOutPath` (/admin/logins/ID/end); all but this one to /admin/logins/end-others. */
  "admin/logins.njk": AdminPage & LoginsView;
  /** Posts `me` to /admin/logins/identities; each address posts to its `removePath`. */
  "admin/identities.njk": AdminPage & { securityPage: string; identities: IdentitiesView };
  /** Posts `refresh` and `range` to /admin/dashboard. */
  "admin/dashboard.njk": OperationsView & DashboardPage;
  /** The same numbers, newer. */
  "fragments/dashboard.njk": FragmentViews["fragments/dashboard.njk"];
  /** Every check of the program's health, and facts about it. */
  "admin/health.njk": OperationsView & HealthView;
  /** Each job that waits or has failed posts to its `retryPath` and its `giveUpPath` (/admin/jobs/ID/give-up). */
  "admin/jobs.njk": OperationsView & JobsView;
  /** What went wrong lately, and one of these. */
  "admin/problems.njk": OperationsView & ProblemsView;
  "admin/problem.njk": OperationsView & { problem: ProblemDetailView };
  /** Posts `from`, `to` and `status` to /admin/redirects, a file or `list` to its import; each goes by its `deletePath`. */
  "admin/redirects.njk": OperationsView & RedirectsView;
  "admin/redirect.njk": OperationsView & { redirect: RedirectFormView & { path: string } };
  /** Each address posts to /admin/redirects as well, or `path` to /admin/missing/forget. */
  "admin/missing.njk": OperationsView & MissingView;
  /** Posts to /admin/backups for a new one, `backups` (daily, off) to /admin/backups/schedule, each to its `deletePath`. */
  "admin/backups.njk": OperationsView & BackupsView;
  "auth/consent.njk": AppViews["auth/consent.njk"];
  "admin/tokens.njk": AppViews["admin/tokens.njk"];
  "admin/app-writes.njk": AppViews["admin/app-writes.njk"];
  "admin/undo-app.njk": AppViews["admin/undo-app.njk"];
  /** Shown by htmx in place of a part of a page. */
  "fragments/error.njk": FragmentViews["fragments/error.njk"];
  "fragments/preview.njk": FragmentViews["fragments/preview.njk"];
};

/** Renders a template with what it needs; printing a missing value throws. */
export type Render = <Template extends keyof Views>(template: Template, view: Views[Template]) => string;
