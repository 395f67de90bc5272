import type { SeriesPartView } from "../../src/web/series-view.ts";
import type { TranslationView } from "../../src/web/translations-view.ts";
import type { NoteView, Views } from "../../src/web/views.ts";
import { bareArchiveViews, fullArchiveViews } from "./sample-archive-views.ts";
import { fullAuthorViews } from "./sample-author-views.ts";
import { bareAuthorViews } from "./sample-bare-views.ts";
import { sampleNotes } from "./sample-notes.ts";
import { barePage, bareSite, samplePage, sampleSearch, sampleSite } from "./sample-site.ts";

type Site = { [Name in Exclude<keyof Views, keyof ReturnType<typeof bareAuthorViews>>]: Views[Name] };

/** A view for every template with everything in it that there can be. */
export async function fullViews(): Promise<Views> {
  const notes = await sampleNotes();
  return { ...fullSiteViews(notes), ...fullAuthorViews(notes) };
}

/** A view for every template with as little in it as there can be. */
export async function bareViews(): Promise<Views> {
  const [, untitled] = (await sampleNotes()) as [NoteView, NoteView];
  return { ...bareSiteViews(untitled), ...bareAuthorViews(untitled) };
}

function fullSiteViews(notes: NoteView[]): Site {
  const [first, second, third] = notes as [NoteView, NoteView, NoteView];
  const all = { site: sampleSite(), page: samplePage() };
  return {
    "notes/home.njk": { ...all, page: samplePage({ title: "" }), pinned: [], notes, isFirstPage: true },
    "notes/show.njk": {
      ...all,
      note: { ...first, visibility: "unlisted" },
      related: [third, second].map(({ title, summary, path }) => ({ label: title || summary, path })),
      newer: { label: second.summary, path: second.path },
      older: { label: third.title, path: third.path },
      series: {
        label: "Learning to see",
        path: "/series/learning-to-see",
        place: "Part 2 of 3",
        previous: { label: second.summary, path: second.path },
        next: { label: third.title, path: third.path },
        parts: seriesParts(notes),
      },
      translations: TRANSLATIONS,
    },
    "notes/series.njk": { ...all, label: "Learning to see", parts: seriesParts(notes) },
    "notes/page.njk": {
      ...all,
      note: { ...first, visibility: "unlisted" },
      changed: { at: first.publishedAt, on: first.publishedOn },
      translations: TRANSLATIONS,
    },
    "notes/preview.njk": { ...all, note: first, banner: "This is a draft.", expiresOn: "March 8, 2026 at 10:30 AM" },
    "notes/tag.njk": {
      ...all,
      tag: {
        label: "web-dev",
        path: "/tags/web-dev",
        count: notes.length,
        title: "Building for the web",
        isSection: true,
        descriptionHtml: '<p>What I learn, and <a href="/about">who I am</a>.</p>',
      },
      pinned: [first],
      notes: notes.slice(1),
      isFirstPage: true,
    },
    ...fullArchiveViews(notes),
    "notes/search.njk": {
      ...all,
      search: { ...sampleSearch("“quiet” & more"), suggestion: { label: "quiet", path: "/search?q=quiet" } },
      hits: notes.map((note) => ({
        ...note,
        titleHtml: note.title === "" ? "" : "A <mark>quiet</mark> title",
        label: "",
        excerptHtml: "A <mark>quiet</mark> day",
      })),
      message: "6 notes match.",
    },
    "error.njk": {
      ...all,
      status: 404,
      heading: "Not found",
      message: "There is no such page.",
      textHtml: '<p>Lost? <a href="/archive">The archive</a> has it all.</p>',
      requestId: "0d3e8a4c-7f0e-4a53-9a43-0f8f2a4d6d1c",
    },
  };
}

function bareSiteViews(note: NoteView): Site {
  const all = { site: bareSite(), page: barePage() };
  return {
    "notes/home.njk": { ...all, pinned: [], notes: [], isFirstPage: true },
    "notes/show.njk": {
      ...all,
      note: { ...note, tags: [], summary: "" },
      newer: null,
      older: null,
      related: [],
      series: null,
      translations: [],
    },
    "notes/series.njk": { ...all, label: "x", parts: seriesParts([note]) },
    "notes/page.njk": { ...all, note, changed: null, translations: [] },
    "notes/preview.njk": { ...all, note: { ...note, tags: [] }, banner: "This is a draft.", expiresOn: "today" },
    "notes/tag.njk": {
      ...all,
      tag: { label: "x", path: "/tags/x", count: 1, title: "x", isSection: false, descriptionHtml: "" },
      pinned: [],
      notes: [],
      isFirstPage: true,
    },
    ...bareArchiveViews(),
    "notes/search.njk": { ...all, search: sampleSearch(""), hits: [], message: "" },
    "error.njk": {
      ...all,
      status: 500,
      heading: "Something went wrong here",
      message: "Try again.",
      textHtml: "",
      requestId: "",
    },
  };
}

const TRANSLATIONS: TranslationView[] = [
  { language: "ar", direction: "rtl", label: "العربية", path: "/notes/ar" },
  { language: "de", direction: "ltr", label: "Deutsch", path: "/notes/de" },
];

function seriesParts(notes: NoteView[]): SeriesPartView[] {
  return notes.map((note, index) => ({
    label: note.title || note.summary,
    path: note.path,
    number: index + 1,
    isCurrent: index === 1,
    language: note.language,
    publishedAt: note.publishedAt,
    publishedDay: note.publishedDay,
  }));
}
