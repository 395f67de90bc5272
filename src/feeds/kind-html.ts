import { findCatalogue } from "../lib/catalogue.ts";
import { escapeHtml } from "../lib/html.ts";
import { formatDate } from "../lib/time-zone.ts";
import { inWords, t } from "../lib/words.ts";
import type { Citation } from "../notes/citation-store.ts";
import type { Cited } from "../notes/cited.ts";
import { listCited } from "../notes/cited.ts";
import type { EventTime } from "../notes/event.ts";
import { readEvent } from "../notes/event.ts";
import { readRsvp } from "../notes/kind.ts";
import type { Described } from "../notes/kind-words.ts";
import { CITING_WORDS, isTelling, RSVP_WORDS, shortUrl } from "../notes/kind-words.ts";
import { NO_PROPERTIES } from "../notes/note-citations.ts";
import type { Settings } from "../site/settings.ts";

/**
 * What a note is besides its text, as HTML for feeds: whom it answers, what it likes, shares or marks, an RSVP, when and
 * where an event is. Empty for a plain note. Escaped, absolute addresses only.
 */
export function kindHtml(note: Described, settings: Pick<Settings, "timeZone" | "language">): string {
  const { kind, properties, citations } = note;
  if (properties === NO_PROPERTIES) return "";
  const answer = readRsvp(properties);
  return inWords(findCatalogue(settings.language), () =>
    [
      kind === "event" ? eventHtml(note, settings) : "",
      answer === undefined
        ? ""
        : `<p>${t("RSVP:")} <data class="p-rsvp" value="${answer}">${RSVP_WORDS[answer]}</data></p>\n`,
      ...listCited(properties).map((cited) => citedHtml(cited, citations?.get(cited.url))),
    ].join(""),
  );
}

function citedHtml({ property, url }: Cited, citation: Citation | undefined): string {
  const name = isTelling(citation) ? (citation.title ?? (citation.authorName && t("a post"))) : undefined;
  const by = citation?.authorName === undefined ? "" : ` ${t("by")} ${escapeHtml(citation.authorName)}`;
  const link = `<a class="u-${property}" href="${escapeHtml(url)}">${escapeHtml(name ?? shortUrl(url))}</a>`;
  const excerpt =
    citation?.excerpt === undefined ? "" : `<blockquote><p>${escapeHtml(citation.excerpt)}</p></blockquote>\n`;
  return `<p>${CITING_WORDS[property]} ${link}${by}</p>\n${excerpt}`;
}

function eventHtml({ properties }: Described, settings: Pick<Settings, "timeZone" | "language">): string {
  const { start, end, place } = readEvent(properties, settings.timeZone);
  const times = [start, end].filter((time) => time !== undefined).map((time) => timeText(time, settings.language));
  const parts = [times.join(" – "), place?.name ?? ""].filter((part) => part !== "").map(escapeHtml);
  return parts.length === 0 ? "" : `<p>${parts.join("<br>")}</p>\n`;
}

function timeText({ moment, offset, isDay }: EventTime, language: string): string {
  return formatDate(moment, { offsetMinutes: offset, language, show: isDay ? "date" : "date-time" });
}
