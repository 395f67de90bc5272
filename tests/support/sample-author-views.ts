import type { CheckedHealth, CheckStatus } from "../../src/monitoring/health-check.ts";
import { assetPath } from "../../src/web/assets.ts";
import { EDITOR_ASSETS } from "../../src/web/editor-view.ts";
import type {
  AdminPage,
  BackupsView,
  EditorView,
  NoteRowView,
  NoteView,
  OfferView,
  SettingsView,
  Views,
} from "../../src/web/views.ts";
import { fullAppViews } from "./sample-app-views.ts";
import { fullAppearanceViews } from "./sample-appearance-views.ts";
import { fullDashboardViews } from "./sample-dashboard.ts";
import { BULK_FORM, DESK_OFFERS, fullDeskViews, QUICK_POST, SAVED_SEARCHES } from "./sample-desk-views.ts";
import { libraryFile, MEDIA_FILTERS } from "./sample-media.ts";
import { fullOperationsViews } from "./sample-operations-views.ts";
import { fullRedirectViews } from "./sample-redirects.ts";
import { fullRevisionViews } from "./sample-revision-views.ts";
import { fullSecurityViews } from "./sample-security-views.ts";
import { field, sampleAdmin, samplePage, sampleSearch, sampleSite } from "./sample-site.ts";
import { fullTagViews } from "./sample-tags.ts";

/** The views of the author's pages. */
export type AuthorViews = {
  [Name in Extract<keyof Views, `admin/${string}` | `auth/${string}` | `fragments/${string}`>]: Views[Name];
};

const ZONES = ["UTC", "America/Los_Angeles", "Europe/Berlin"];
const KEPT = [{ name: "kept.content", value: "Two lines\nof a note" }];

/** The author's pages with everything in them: notices, errors at each field, long words. */
export function fullAuthorViews(notes: NoteView[]): AuthorViews {
  const rows = notes.map(toRow);
  const [note, other] = notes as [NoteView, NoteView];
  return {
    "admin/notes.njk": {
      ...page("notes"),
      rows,
      offers: [offer("A walk at dusk", ""), offer(`Long ${"and-long-".repeat(20)}`, note.title)],
      status: "draft",
      search: sampleSearch(""),
      message: "",
      bulk: BULK_FORM,
      quick: QUICK_POST,
      saved: SAVED_SEARCHES,
      counts: [
        { status: "all", label: "All", path: "/admin", count: 577, isCurrent: false },
        { status: "draft", label: "Drafts", path: "/admin?status=draft", count: 12, isCurrent: true },
      ],
      kinds: [{ label: "Like", path: "/admin?q=kind%3Alike", isCurrent: true }],
      previousPath: "/admin?after=x",
      nextPath: "/admin?before=x",
    },
    "admin/pins.njk": {
      ...page("notes"),
      pins: notes.slice(0, 3).map((each, index) => ({
        label: each.title || each.summary,
        path: each.path,
        movePath: "/admin/notes/1/pin",
        isFirst: index === 0,
        isLast: index === 2,
      })),
      max: 5,
    },
    "admin/editor.njk": { ...page("write"), editor: fullEditor(note), desk: DESK_OFFERS },
    "admin/conflict.njk": {
      ...page("none"),
      conflict: {
        id: 1,
        stored: {
          version: 4,
          savedOn: "February 22, 2026",
          madeBy: "https://app.example/",
          title: note.title,
          content: "# As stored",
          contentHtml: note.contentHtml,
        },
        sent: { title: other.title, content: `As sent ${"and-long-".repeat(40)}`, contentHtml: other.contentHtml },
        merge: {
          hasChoice: true,
          fields: [{ name: "title", label: "Title", mine: `Mine ${"and-long-".repeat(30)}`, theirs: "" }],
          blocks: [
            { kind: "same", number: -1, mine: "Alike\n\nin both", theirs: "", both: "" },
            { kind: "mine", number: -1, mine: "Mine", theirs: "", both: "" },
            { kind: "theirs", number: -1, mine: "", theirs: "", both: "" },
            {
              kind: "conflict",
              number: 0,
              mine: "One",
              theirs: `Other ${"and-long-".repeat(30)}`,
              both: "One\n\nOther",
            },
            { kind: "conflict", number: 1, mine: "", theirs: "Other", both: "Other" },
          ],
        },
        sentFields: [{ name: "content", value: "As sent\nin two lines" }],
        fields: [{ name: "content", value: "As sent\nin two lines" }],
        action: "/admin/notes/1",
        editPath: "/admin/notes/1",
      },
    },
    ...fullAppearanceViews(),
    ...fullRevisionViews(page("notes"), toRow(note, 0)),
    ...fullDeskViews(page("notes")),
    "admin/media.njk": {
      ...page("media"),
      filters: MEDIA_FILTERS,
      files: [libraryFile(), libraryFile({ notes: [] }), libraryFile({ thumbnailPath: "", isImage: false })],
      nextPath: "/admin/media?before=7",
      error: "The file is empty.",
    },
    "admin/undescribed.njk": {
      ...page("media"),
      filters: MEDIA_FILTERS,
      notes: [
        { label: "A note", path: "/admin/notes/1", count: 1 },
        { label: "long-word".repeat(20), path: "/admin/notes/2", count: 2 },
      ],
      nextPath: "/admin/media/undescribed?before=7",
    },
    "admin/delete-media.njk": { ...page("media"), file: libraryFile() },
    "admin/erase.njk": { ...page("notes"), note: { ...toRow(note, 4), isTitled: true } },
    "admin/settings.njk": {
      ...page("settings"),
      settings: fullSettings(),
    },
    "admin/logins.njk": {
      ...page("security"),
      securityPage: "/admin/logins",
      logins: [login(1, true), login(2, false), login(3, false)],
    },
    ...fullOperationsViews(page("operations")),
    ...fullRedirectViews(page("operations")),
    ...fullTagViews(page("notes")),
    ...fullDashboardViews(page("operations")),
    "admin/health.njk": {
      ...page("operations"),
      operationsPage: "health",
      checkedAt: "February 22, 2026 at 10:00 AM",
      worst: "failed",
      checks: [
        check("ok", "The database can be read", "readable", ""),
        check("warning", "There is room on the disk", "212 MiB free", "Make room on the disk of DATA_DIR."),
        check("failed", "The database can be written", `no answer ${"and-long-".repeat(20)}`, "Look at the disk."),
      ],
      facts: [
        { name: "Running for", value: "3 days" },
        { name: "Notes", value: "577 published, 12 draft" },
      ],
    },
    "admin/backups.njk": {
      ...page("operations"),
      operationsPage: "backups",
      backups: [
        backup("by hand", "warning", "not proved"),
        backup("daily", "ok", "proved, 577 notes"),
        backup("monthly", "failed", "failed its proof"),
      ],
      schedule: "daily",
      next: "November 23, 2026 at 3:15 AM",
      isRunning: true,
      failure: "",
      room: "12.5 GiB are free there",
      folder: "/var/lib/starpunk/backups",
      restoreCommand: `DATA_DIR=/var/lib/starpunk starpunk restore --force ${"and-long-".repeat(20)}.zip`,
    },
    ...fullAppViews(page("tokens")),
    "auth/leaving.njk": { ...page("none"), leaving: { host: "ada.example", target: "https://ada.example/auth?a=b" } },
    "admin/identities.njk": {
      ...page("security"),
      securityPage: "/admin/logins/identities",
      identities: {
        rows: [
          { me: "https://ada.example/", added: "March 1, 2026", lastUsed: "never", removePath: "/admin/x" },
          { me: `https://ada.example/${"and-long-".repeat(20)}`, added: "a", lastUsed: "b", removePath: "/admin/y" },
        ],
        max: 10,
        me: field("http://ada.example", "Over http anybody on the way could sign in as you."),
      },
    },
    ...fullSecurityViews(page("security")),
    "auth/proof.njk": {
      ...page("none"),
      action: "/admin/tokens",
      fields: [{ name: "client_id", value: 'https://app.example/?a="b"' }],
      error: "That is not the password.",
      passkeys: {
        origin: "https://blog.example",
        beginPath: "/admin/proof/passkey",
        scriptPaths: [assetPath("passkeys.js")],
      },
      takesPassword: true,
    },
    "auth/resume.njk": { ...page("none"), action: "/admin/settings", fields: KEPT, message: "Not done yet." },
    "auth/setup.njk": {
      ...page("none"),
      showsForm: true,
      message: "Please check the form.",
      link: "secret",
      name: field("", "Give a name."),
      siteTitle: field("A quiet place", "This is too long."),
      password: { error: "This password is on a list of common ones." },
      timeZone: field("Mars/Olympus", "This is no time zone."),
      timeZones: ZONES,
    },
    "fragments/card.njk": { note, language: "en" },
    "fragments/error.njk": { message: "Your login has ended.", requestId: "0d3e8a4c" },
    "fragments/preview.njk": { contentHtml: note.contentHtml, title: note.title, kind: note.kind, error: "" },
  };
}

function check(status: CheckStatus, title: string, figure: string, remedy: string): CheckedHealth {
  return { name: title, title, status, figure, limit: "500 MiB or more", remedy };
}

function backup(kind: string, badge: CheckStatus, proof: string): BackupsView["backups"][number] {
  const name = `starpunk-${kind.replace(" ", "-")}-2026-11-22T031500Z.zip`;
  const problem = badge === "failed" ? "The home page of the restored site lacks the newest note." : "";
  const paths = { downloadPath: `/admin/backups/${name}`, deletePath: `/admin/backups/${name}/delete` };
  return { name, kind, badge, proof, problem, made: "November 22, 2026 at 3:15 AM", size: "3.3 MiB", ...paths };
}

function page(section: AdminPage["admin"]["section"]): AdminPage {
  return { site: sampleSite(), page: samplePage(), admin: sampleAdmin(section) };
}

const STATUSES = ["published", "scheduled", "published", "draft", "trashed", "erased"] as const;

function toRow(note: NoteView, index: number): NoteRowView {
  const status = STATUSES[index % STATUSES.length] ?? "draft";
  return {
    id: note.id,
    label: note.title || note.summary.slice(0, 80),
    isTitled: note.title !== "",
    summary: note.summary,
    isPage: index === 1,
    kind: index === 2 ? "Bookmark" : "",
    status,
    visibility: index === 1 ? "private" : "public",
    editPath: status === "erased" ? "" : `/admin/notes/${note.id}`,
    path: status === "published" ? note.path : "",
    when: note.publishedOn,
    whenAt: note.publishedAt,
    timeLeft: status === "trashed" ? "Erased for good in 30 days" : "",
    tags: note.tags.map((tag) => tag.label.toString()),
  };
}

function fullEditor(note: NoteView): EditorView {
  return {
    id: 1,
    version: 3,
    status: "published",
    formKey: "key",
    editorKey: "k".repeat(43),
    action: "/admin/notes/1",
    title: field(note.title, "This title is too long."),
    altWarning: "2 images have no description.",
    undescribed: [{ field: "alt.a.jpg", label: "cat.jpg", thumbnailPath: assetPath("icon.png") }],
    isAltAsked: true,
    content: field("\nA text that begins with an empty line.", "A note needs text."),
    tags: field("web-dev, http", "This tag is too long."),
    slug: field("admin", "The site itself has this address."),
    language: field("xx-", "This is no language."),
    publishedAt: field("2026-02-20T09:30", "There is no such time."),
    timeZone: "Europe/Berlin",
    visibility: { value: "unlisted", error: "Choose one of the three." },
    isPage: true,
    showsUpdated: true,
    pin: "unpin",
    series: field("Learning Rust", "A series has a name with letters."),
    seriesPosition: field("x", "The place in a series is a number."),
    seriesSuggestions: ["Learning Rust"],
    translationOf: field("über-mich", "There is no note at that address."),
    translationSuggestions: [{ value: "about", label: "About" }],
    languageSuggestions: [{ value: "de", label: "Deutsch" }],
    translations: [{ language: "Deutsch", label: "Über mich", editPath: "/admin/notes/7", status: "draft" }],
    translatePath: "/admin/notes/new?translate=3",
    inMenu: { isTicked: true, error: "The menu has 12 entries, as many as may be." },
    kindFields: {
      isOpen: true,
      kind: { ...field("event", "There is no such kind."), options: [{ value: "event", label: "Event" }] },
      url: field(`https://ada.example/${"long-".repeat(30)}`, "This is no address of a page."),
      rsvp: { ...field("yes", "Choose one."), options: [{ value: "yes", label: "Yes, I will be there" }] },
      start: field("2026-06-01T19:00", "Choose one."),
      end: field("2026-06-01T18:00", "The event ends before it begins."),
      place: field("Town hall", "The place is too long."),
    },
    citedPages: [
      { url: "https://ada.example/", address: "ada.example", state: "“Engines”, fetched today.", isFailed: false },
      { url: "https://b.example/", address: `b.example/${"long-".repeat(30)}`, state: "It failed.", isFailed: true },
    ],
    error: "The note was not saved.",
    path: note.path,
    tagSuggestions: ["http", "web-dev"],
    previewHtml: note.contentHtml,
    previewKind: note.kind,
    isUnsaved: true,
    isSecond: true,
    offers: [offer("A walk at dusk", ""), offer(`Long ${"and-long-".repeat(20)}`, note.title)],
    contentMaxBytes: 262_144,
    contentFormat: "markdown",
    ...EDITOR_ASSETS,
    loginPath: "/login?next=/admin/notes/new",
    updatedOn: "February 22, 2026 at 10:00 AM",
  };
}

function offer(label: string, ofNote: string): OfferView {
  return {
    editorKey: "e".repeat(43),
    label,
    ofNote,
    when: "February 22, 2026 at 10:00 AM",
    savedAt: "2026-02-22T09:00:00.000Z",
    size: "4.2 KiB",
    device: "Safari on iPhone",
    isBehind: ofNote !== "",
    continuePath: `/admin/autosaves/${"e".repeat(43)}/continue`,
    discardPath: `/admin/autosaves/${"e".repeat(43)}/discard`,
  };
}

function fullSettings(): SettingsView {
  const wrong = (value: string) => field(value, "Something is wrong with this.");
  return {
    fields: {
      siteTitle: wrong("A quiet place"),
      siteDescription: wrong("What I learned"),
      authorName: wrong("Ada"),
      authorBio: wrong("Writes.\nWalks."),
      authorLinks: wrong("https://social.example/@ada"),
      timeZone: wrong("Europe/Berlin"),
      language: wrong("xx-"),
      itemsPerPage: wrong("0"),
      maxImageMegabytes: wrong("0"),
      maxMediaMegabytes: wrong("0"),
      footerText: wrong("CC BY"),
      siteIcon: wrong("x.png"),
      authorPhoto: wrong("x.png"),
    },
    colourScheme: "dark",
    adminLanguage: "site",
    remoteImages: "link",
    statsPage: "on",
    altNudge: "ask",
    mediaMegabytesMax: { image: 50, media: 1000 },
    failedImages: [{ url: "https://pictures.example/2021/harbour.jpg", reason: "The server answered 404." }],
    timeZones: ZONES,
    iconPath: sampleSite().iconPath,
    authorPhotoPath: sampleSite().iconPath,
    error: "Nothing was saved yet.",
  };
}

function login(id: number, isThis: boolean): Views["admin/logins.njk"]["logins"][number] {
  const when = "February 20, 2026";
  const network = "2001:db8:1234::/48";
  return {
    id,
    device: "Firefox on Linux",
    network,
    lastUsed: when,
    created: when,
    isThis,
    signOutPath: `/admin/logins/${id}/end`,
  };
}
