import { findCatalogue } from "../lib/catalogue.ts";
import { inWords } from "../lib/words.ts";
import { kindJsonLd } from "./kind-json-ld.ts";
import type { NoteView, SiteView } from "./views.ts";

/** The note as schema.org JSON in its script element. */
export function noteJsonLdHtml(site: SiteView, note: NoteView): string {
  const posting = {
    "@context": "https://schema.org",
    ...kindJsonLd(note),
    "@id": note.url,
    url: note.url,
    mainEntityOfPage: note.url,
    description: note.summary || note.kind.label,
    datePublished: note.publishedAt,
    dateModified: note.updatedAt || note.publishedAt,
    inLanguage: note.language,
    keywords: note.tags.map((tag) => tag.label),
    author: { "@type": "Person", name: site.author.name || site.title, url: site.url },
  };
  return inWords(findCatalogue(site.language), () => jsonLdHtml(posting));
}

/** An object of schema.org as JSON in its script element. `<` is escaped, so no text can end the element. */
export function jsonLdHtml(thing: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(thing).replace(/[<\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `<script type="application/ld+json">${json}</script>`;
}
