import { brotliCompressSync } from "node:zlib";
import { mf2 } from "microformats-parser";
import type { DefaultTreeAdapterTypes } from "parse5";
import { parse, parseFragment } from "parse5";
import { expect, test } from "vitest";
import { THEMES } from "../../src/site/look.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { createRender } from "../../src/web/render.ts";
import { styleSheet } from "../../src/web/style-sheet.ts";
import type { NoteView, Views } from "../../src/web/views.ts";
import { sampleNotes } from "../support/sample-notes.ts";
import { barePage, bareSite, samplePage, sampleSite } from "../support/sample-site.ts";
import { bareViews, fullViews } from "../support/sample-views.ts";

type Element = DefaultTreeAdapterTypes.Element;

const render = createRender();
const full = await fullViews();
const bare = await bareViews();
const notes = await sampleNotes();
const names = Object.keys(full) as (keyof Views)[];
const each = names.flatMap((name) => [
  { name, kind: "full", html: render(name, full[name]) },
  { name, kind: "bare", html: render(name, bare[name]) },
]);
const pages = each.filter(({ name }) => !name.startsWith("fragments/"));

test("every view has samples", () => {
  expect(names.length).toBeGreaterThanOrEqual(19);
  expect(Object.keys(bare).toSorted()).toEqual(names.toSorted());
});

test.each(each)("$name, $kind, is HTML without a parse error and prints no missing value", ({ name, html }) => {
  const errors: string[] = [];
  const onParseError = ({ code, startLine }: { code: string; startLine: number }) =>
    errors.push(`${code}:${startLine}`);

  if (name.startsWith("fragments/")) parseFragment(html, { onParseError, sourceCodeLocationInfo: true });
  else parse(html, { onParseError, sourceCodeLocationInfo: true });

  expect(errors).toEqual([]);
  expect(html).not.toMatch(/\bundefined\b|\[object |\bNaN\b/);
});

test.each(each)("$name, $kind, has nothing inline that the content security policy would stop", ({ html }) => {
  const elements = elementsOf(html);

  const inline = elements.filter(
    (element) =>
      element.tagName === "style" ||
      (element.tagName === "script" && !attr(element, "src") && attr(element, "type") !== "application/ld+json") ||
      element.attrs.some(({ name }) => name === "style" || /^on/.test(name)),
  );

  expect(inline.map(({ tagName, attrs }) => [tagName, attrs])).toEqual([]);
});

test.each(pages)("$name, $kind, has one h1, one main, a skip link, and ids that are unique and found", ({ html }) => {
  const elements = elementsOf(html);
  const ids = elements.flatMap((element) => attr(element, "id") ?? []);

  const named = elements.flatMap((element) =>
    ["for", "list", "popovertarget", "aria-describedby", "aria-labelledby"].flatMap(
      (name) => attr(element, name)?.trim().split(/\s+/) ?? [],
    ),
  );

  expect(new Set(ids).size).toBe(ids.length);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  expect(elements.filter(({ tagName }) => tagName === "main")).toHaveLength(1);
  expect(elements.find(({ tagName }) => tagName === "a")?.attrs).toContainEqual({ name: "href", value: "#main" });
});

test.each(pages)("$name, $kind, has headings that go down by one level at a time from one h1", ({ html }) => {
  const levels = elementsOf(html).flatMap(({ tagName }) => (/^h[1-6]$/.test(tagName) ? Number(tagName[1]) : []));

  expect(levels.filter((level) => level === 1)).toEqual([1]);
  expect(levels[0]).toBe(1);
  expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
});

test.each(each)("$name, $kind, sends the token with every form that changes something", ({ html }) => {
  const forms = elementsOf(html).filter(({ tagName }) => tagName === "form");

  const bad = forms.filter((form) => {
    const fields = descendants(form).flatMap((element) => attr(element, "name") ?? []);
    return attr(form, "method") === "post" ? !fields.includes("csrf_token") : attr(form, "role") !== "search";
  });

  expect(bad.map(({ attrs }) => attrs)).toEqual([]);
});

test.each(each)("$name, $kind, has no class that only looks like a microformat", ({ html }) => {
  const classes = elementsOf(html).flatMap((element) => attr(element, "class")?.split(/\s+/) ?? []);

  const known =
    /^(h-(card|entry|feed)|p-(author|category|name|note|summary)|u-(photo|uid|url)|dt-(published|updated)|e-content)$/;

  expect(classes.filter((name) => /^(h|p|u|dt|e)-/.test(name) && !known.test(name))).toEqual([]);
});

test.each(pages.filter(({ name }) => /^(notes\/|error)/.test(name)))(
  "$name, $kind, has no script and loads nothing from elsewhere",
  ({ html }) => {
    const elements = elementsOf(html);

    const sources = elements.flatMap((element) => {
      const isLoaded = element.tagName !== "link" || /stylesheet|icon/.test(attr(element, "rel") ?? "");
      return (
        (isLoaded
          ? (attr(element, "src") ?? (element.tagName === "link" ? attr(element, "href") : undefined))
          : undefined) ?? []
      );
    });

    expect(elements.filter((element) => element.tagName === "script" && attr(element, "src"))).toEqual([]);
    expect(sources.filter((source) => !source.startsWith("/static/"))).toEqual([]);
    expect(sources.length).toBeGreaterThan(2);
  },
);

test("home is one h-feed with its notes, newest first, and one representative h-card", () => {
  const { items, rels } = parseMicroformats(render("notes/home.njk", full["notes/home.njk"]), "https://blog.example/");

  const [card, feed] = items;
  expect(items.map(({ type }) => type)).toEqual([["h-card"], ["h-feed"]]);
  expect(card?.properties).toMatchObject({
    name: ["Ada Example"],
    url: ["https://blog.example/", "https://social.example/@ada", expect.stringMatching(/^https:\/\/code\.example\//)],
    uid: ["https://blog.example/"],
    note: ["Writes, walks, and keeps bees.\nLives by the sea."],
    photo: [expect.stringMatching(/^https:\/\/blog\.example\/static\/icon/)],
  });
  expect(feed?.properties.name).toEqual(["A quiet place"]);
  expect(feed?.children?.map(({ type, properties }) => [type, properties.url, properties.published])).toEqual(
    notes.map((note) => [["h-entry"], [note.url], [note.publishedAt]]),
  );
  expect(rels.me).toContain("https://social.example/@ada");
});

test("home shows a short untitled note in full, any other as title and summary", () => {
  const { items } = parseMicroformats(render("notes/home.njk", full["notes/home.njk"]), "https://blog.example/");

  const entries = items[1]?.children?.map(({ properties }) => Object.keys(properties)) ?? [];
  expect(entries.map((names) => names.includes("name"))).toEqual(notes.map(({ title }) => title !== ""));
  expect(entries.map((names) => names.includes("content"))).toEqual(notes.map(({ showsInFull }) => showsInFull));
  expect(entries.map((names) => names.includes("summary"))).toEqual(notes.map(({ showsInFull }) => !showsInFull));
});

test("a permalink is one h-entry with everything that is known of the note", () => {
  const { items } = parseMicroformats(render("notes/show.njk", full["notes/show.njk"]), notes[0]?.url ?? "");

  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    type: ["h-entry"],
    properties: {
      name: ["Everything a note can hold, in one place"],
      url: ["https://blog.example/notes/sample-0"],
      uid: ["https://blog.example/notes/sample-0"],
      published: ["2026-02-20T09:30:00+01:00"],
      updated: ["2026-02-22T10:00:00+01:00"],
      author: [{ type: ["h-card"], properties: { name: ["Ada Example"], url: ["https://blog.example/"] } }],
      content: [{ html: expect.stringContaining("<h2"), value: expect.stringContaining("Donaudampfschifffahrt") }],
    },
  });
  expect(items[0]?.properties.category).toEqual(expect.arrayContaining(["web-dev", "A long tag with spaces"]));
  expect(items[0]?.children).toBeUndefined();
});

test("a note without a title has no p-name, neither written nor implied", () => {
  const { items } = parseMicroformats(render("notes/show.njk", bare["notes/show.njk"]), notes[1]?.url ?? "");

  expect(items).toHaveLength(1);
  expect(items[0]?.properties).not.toHaveProperty("name");
  expect(items[0]?.properties).not.toHaveProperty("updated");
});

test.each(["notes/tag.njk", "notes/archive-period.njk"] as const)("%s is one h-feed with its notes", (name) => {
  const { items } = parseMicroformats(render(name, full[name] as never), "https://blog.example/list");

  expect(items).toHaveLength(1);
  expect(items[0]?.type).toEqual(["h-feed"]);
  expect(items[0]?.properties.name).toHaveLength(1);
  expect(items[0]?.children?.map(({ properties }) => properties.url)).toEqual(notes.map(({ url }) => [url]));
});

test("an error page has nothing of a note", () => {
  const view = { ...full["error.njk"], page: { ...barePage(), title: "Gone" }, status: 410 };

  const { items } = parseMicroformats(render("error.njk", view), "https://blog.example/notes/x");

  expect(items).toEqual([]);
});

test("before set-up and before the first note, home says so and who may begin", () => {
  const waiting = render("notes/home.njk", {
    site: bareSite(),
    page: barePage(),
    pinned: [],
    notes: [],
    isFirstPage: true,
  });
  const begun = render("notes/home.njk", {
    site: sampleSite(),
    page: samplePage(),
    pinned: [],
    notes: [],
    isFirstPage: true,
  });

  expect(waiting).toContain("Nothing here yet");
  expect(waiting).toContain("set-up link");
  expect(begun).toContain("Nothing here yet");
  expect(begun).not.toContain("set-up link");
});

test("each note reads in the direction of its own script and says its language", () => {
  const html = render("notes/home.njk", full["notes/home.njk"]);

  const texts = elementsOf(html).filter((element) =>
    /\b(e-content|p-summary|p-name)\b/.test(attr(element, "class") ?? ""),
  );
  const ofNotes = texts.filter((element) => attr(element, "lang") !== undefined);

  expect(ofNotes.map((element) => attr(element, "dir"))).toEqual(
    ofNotes.map((element) => (attr(element, "lang") === "en" ? "ltr" : "rtl")),
  );
  expect(new Set(ofNotes.map((element) => attr(element, "lang")))).toEqual(new Set(["en", "ar", "he"]));
});

test("htmx leaves alone whatever an author or a stranger wrote", () => {
  const containers = each.flatMap(({ html }) =>
    elementsOf(html).filter((element) => /\b(e-content|prose)\b/.test(attr(element, "class") ?? "")),
  );

  expect(containers.length).toBeGreaterThan(5);
  expect(containers.filter((element) => attr(element, "hx-ignore") === undefined)).toEqual([]);
});

test("a text that begins with an empty line keeps it in the editor", () => {
  const html = render("admin/editor.njk", full["admin/editor.njk"]);

  const area = elementsOf(html).find((element) => attr(element, "name") === "content") as Element;
  const [text] = area.childNodes as DefaultTreeAdapterTypes.TextNode[];

  expect(text?.value).toBe("\nA text that begins with an empty line.");
});

test("a fixed colour scheme stands on the page; none is named where the reader's system decides", () => {
  const dark = render("error.njk", { ...full["error.njk"], site: sampleSite({ colourScheme: "dark" }) });
  const system = render("error.njk", full["error.njk"]);

  expect(dark).toContain('<html lang="en" data-colour-scheme="dark">');
  expect(system).toContain('<html lang="en">');
});

test.each(THEMES)(
  "home with twenty notes and the style sheet of the theme %s weigh at most 14 KB in brotli",
  (theme) => {
    const font = { file: `${"a".repeat(22)}.woff2`, family: "Ink", weights: [100, 900], isItalic: false } as const;
    const fonts = [font, { ...font, file: `${"b".repeat(22)}.woff2`, isItalic: true }];
    const { text } = styleSheet({ ...DEFAULT_SETTINGS, theme, accentColour: "#ffcc00", fonts, textFont: "own:Ink" });
    const html = render("notes/home.njk", { ...full["notes/home.njk"], notes: twentyNotes() });

    const weight = brotliCompressSync(text).length + brotliCompressSync(html).length;

    expect(brotliCompressSync(text).length).toBeLessThanOrEqual(5.5 * 1024);
    expect(weight).toBeLessThanOrEqual(14 * 1024);
  },
);

/** Notes whose summaries hardly compress: every word is another. */
function twentyNotes(): NoteView[] {
  const word = (seed: number) => ((seed * 2_654_435_761) % 4_294_967_296).toString(36).slice(0, 6);
  return Array.from({ length: 20 }, (_, note) => ({
    ...(notes[5] as NoteView),
    path: `/notes/${word(note)}-${word(note + 50)}`,
    title: `${word(note)} ${word(note + 100)} ${word(note + 200)}`,
    summary: Array.from({ length: 40 }, (_, index) => word(note * 40 + index + 1000)).join(" "),
    showsInFull: false,
  }));
}

function parseMicroformats(html: string, baseUrl: string) {
  return mf2(html, { baseUrl });
}

function elementsOf(html: string): Element[] {
  const root = html.startsWith("<!doctype") ? parse(html) : parseFragment(html);
  return descendants(root as unknown as Element);
}

function descendants(node: Element): Element[] {
  return node.childNodes.flatMap((child) => ("tagName" in child ? [child, ...descendants(child)] : []));
}

function attr(element: Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}
