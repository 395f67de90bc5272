import { EDITOR_ASSETS } from "../../src/web/editor-view.ts";
import type { EditorView, NoteRowView, NoteView, SettingsView } from "../../src/web/views.ts";
import { bareAppViews } from "./sample-app-views.ts";
import { bareAppearanceViews } from "./sample-appearance-views.ts";
import type { AuthorViews } from "./sample-author-views.ts";
import { bareDashboardViews } from "./sample-dashboard.ts";
import { BULK_FORM, bareDeskViews } from "./sample-desk-views.ts";
import { libraryFile } from "./sample-media.ts";
import { bareOperationsViews } from "./sample-operations-views.ts";
import { bareRedirectViews } from "./sample-redirects.ts";
import { bareRevisionViews } from "./sample-revision-views.ts";
import { bareSecurityViews } from "./sample-security-views.ts";
import { bareAdmin, barePage, bareSite, field, sampleSearch } from "./sample-site.ts";
import { bareTagViews } from "./sample-tags.ts";

const BARE_ROW: NoteRowView = {
  id: 1,
  label: "a-slug",
  isTitled: false,
  summary: "",
  isPage: false,
  kind: "",
  status: "trashed",
  visibility: "public",
  editPath: "/admin/notes/1",
  path: "",
  when: "",
  whenAt: "",
  timeLeft: "",
  tags: [],
};

/** The author's pages with as little in them as there can be. */
export function bareAuthorViews(note: NoteView): AuthorViews {
  const page = { site: bareSite(), page: barePage(), admin: bareAdmin() };
  return {
    "admin/notes.njk": {
      ...page,
      rows: [],
      offers: [],
      status: "all",
      search: sampleSearch(""),
      message: "",
      bulk: BULK_FORM,
      quick: null,
      saved: { searches: [], canSave: false, sort: "" },
      counts: [],
      kinds: [],
      previousPath: "",
      nextPath: "",
    },
    "admin/editor.njk": { ...page, editor: bareEditor(), desk: { snippets: [], templates: [] } },
    "admin/conflict.njk": {
      ...page,
      conflict: {
        id: 1,
        stored: { version: 1, savedOn: "today", madeBy: "admin", title: "", content: "", contentHtml: "" },
        sent: { title: "", content: "", contentHtml: "" },
        merge: null,
        sentFields: [],
        fields: [],
        action: "/admin/notes/1",
        editPath: "/admin/notes/1",
      },
    },
    ...bareAppearanceViews(),
    ...bareRevisionViews(page, BARE_ROW),
    ...bareDeskViews(page),
    "admin/erase.njk": { ...page, note: BARE_ROW },
    "admin/media.njk": { ...page, filters: [], files: [], nextPath: "", error: "" },
    "admin/undescribed.njk": { ...page, filters: [], notes: [], nextPath: "" },
    "admin/delete-media.njk": { ...page, file: libraryFile({ notes: [], alt: "", thumbnailPath: "", isImage: false }) },
    "admin/settings.njk": { ...page, settings: bareSettings() },
    "admin/logins.njk": { ...page, securityPage: "/admin/logins", logins: [] },
    ...bareSecurityViews(page),
    ...bareAppViews(page),
    ...bareOperationsViews(page),
    ...bareRedirectViews(page),
    ...bareTagViews(page),
    "admin/pins.njk": { ...page, pins: [], max: 5 },
    ...bareDashboardViews(page),
    "admin/health.njk": { ...page, operationsPage: "health", checkedAt: "", worst: "ok", checks: [], facts: [] },
    "admin/backups.njk": {
      ...page,
      operationsPage: "backups",
      backups: [],
      schedule: "off",
      next: "",
      isRunning: false,
      failure: "There was no room.",
      room: "",
      folder: "",
      restoreCommand: "",
    },
    "auth/leaving.njk": { ...page, leaving: { host: "a.example", target: "https://a.example/" } },
    "admin/identities.njk": { ...page, securityPage: "", identities: { rows: [], max: 10, me: field() } },
    "auth/proof.njk": { ...page, action: "/admin/proof", fields: [], error: "", passkeys: null, takesPassword: true },
    "auth/resume.njk": { ...page, action: "/admin", fields: [], message: "Not done yet." },
    "auth/setup.njk": {
      ...page,
      showsForm: false,
      message: "Open the link that the server printed.",
      link: "",
      name: field(),
      siteTitle: field(),
      password: { error: "" },
      timeZone: field("UTC"),
      timeZones: [],
    },
    "fragments/card.njk": { note, language: "en" },
    "fragments/error.njk": { message: "Something went wrong.", requestId: "1" },
    "fragments/preview.njk": { contentHtml: "", title: "", kind: null, error: "" },
  };
}

function bareEditor(): EditorView {
  return {
    id: 0,
    version: 0,
    status: "new",
    formKey: "key",
    editorKey: "k".repeat(43),
    action: "/admin/notes",
    title: field(),
    altWarning: "",
    undescribed: [],
    isAltAsked: false,
    content: field(),
    tags: field(),
    slug: field(),
    language: field(),
    publishedAt: field(),
    timeZone: "UTC",
    visibility: { value: "public", error: "" },
    isPage: false,
    showsUpdated: false,
    pin: "none",
    series: field(),
    seriesPosition: field(),
    seriesSuggestions: [],
    translationOf: field(),
    translationSuggestions: [],
    languageSuggestions: [],
    translations: [],
    translatePath: "",
    inMenu: { isTicked: false, error: "" },
    kindFields: {
      isOpen: false,
      kind: { ...field(), options: [] },
      url: field(),
      rsvp: { ...field(), options: [] },
      start: field(),
      end: field(),
      place: field(),
    },
    citedPages: [],
    error: "",
    path: "",
    tagSuggestions: [],
    previewHtml: "",
    previewKind: null,
    isUnsaved: false,
    isSecond: false,
    offers: [],
    contentMaxBytes: 262_144,
    contentFormat: "markdown",
    ...EDITOR_ASSETS,
    loginPath: "/login?next=/admin/notes/new",
    updatedOn: "",
  };
}

function bareSettings(): SettingsView {
  return {
    fields: {
      siteTitle: field(),
      siteDescription: field(),
      authorName: field(),
      authorBio: field(),
      authorLinks: field(),
      timeZone: field("UTC"),
      language: field("en"),
      itemsPerPage: field("20"),
      maxImageMegabytes: field("10"),
      maxMediaMegabytes: field("100"),
      footerText: field(),
      siteIcon: field(),
      authorPhoto: field(),
    },
    colourScheme: "system",
    adminLanguage: "site",
    remoteImages: "copy",
    statsPage: "on",
    altNudge: "ask",
    mediaMegabytesMax: { image: 50, media: 1000 },
    failedImages: [],
    timeZones: ["UTC"],
    iconPath: "",
    authorPhotoPath: "",
    error: "",
  };
}
