import { formatDate, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import type { Citation } from "../notes/citation-store.ts";
import type { Cited } from "../notes/cited.ts";
import { listCited } from "../notes/cited.ts";
import type { EventTime } from "../notes/event.ts";
import { readEvent } from "../notes/event.ts";
import { readRsvp } from "../notes/kind.ts";
import type { Described } from "../notes/kind-words.ts";
import { CITING_WORDS, describeKind, isTelling, KIND_NOUNS, RSVP_WORDS, shortUrl } from "../notes/kind-words.ts";
import type { NoteKind } from "../notes/note.ts";
import { NO_PROPERTIES } from "../notes/note-citations.ts";
import type { Settings } from "../site/settings.ts";
import type { CiteView, EventTimeView, KindView } from "./kind-views.ts";

type Shown = Pick<Settings, "timeZone" | "language">;

/** What a note is besides its text, as readers see it. */
export function kindView(note: Described, settings: Shown): KindView {
  const { kind, properties, citations } = note;
  if (properties === NO_PROPERTIES && kind !== "event") return PLAIN[kind];
  const answer = readRsvp(properties);
  return {
    noun: KIND_NOUNS[kind],
    label: describeKind(note),
    cites: listCited(properties).map((cited) => citeView(cited, citations?.get(cited.url))),
    rsvp: answer === undefined ? null : { value: answer, words: RSVP_WORDS[answer] },
    event: kind === "event" ? eventView(note, settings) : null,
  };
}

/** The HTML of a photo note, whose images are its photos, also those that stand in its text. */
export function withPhotoClass(contentHtml: string): string {
  return contentHtml.replace(/<img (?![^>]*\bclass=)/gu, '<img class="u-photo" ');
}

/** Whether there is anything to show of it besides its name. */
export function showsKind({ cites, rsvp, event }: KindView): boolean {
  return cites.length > 0 || rsvp !== null || event !== null;
}

/** Notes that have nothing besides their text, made once: nearly all are such. */
const PLAIN = Object.fromEntries(
  Object.entries(KIND_NOUNS).map(([kind, noun]) => [kind, { noun, label: "", cites: [], rsvp: null, event: null }]),
) as unknown as Readonly<Record<NoteKind, KindView>>;

function citeView({ property, url }: Cited, citation: Citation | undefined): CiteView {
  const place = { property: `u-${property}`, verb: CITING_WORDS[property], url, address: shortUrl(url) };
  const picture = (name: string | undefined) => (name === undefined ? "" : paths.media(name));
  return {
    ...place,
    isKnown: isTelling(citation),
    title: citation?.title ?? "",
    authorName: citation?.authorName ?? "",
    authorUrl: citation?.authorUrl ?? "",
    authorPhotoPath: picture(citation?.authorPhoto),
    excerpt: citation?.excerpt ?? "",
    imagePath: picture(citation?.image),
    language: citation?.language ?? "",
  };
}

function eventView({ properties }: Described, settings: Shown): KindView["event"] {
  const { start, end, place } = readEvent(properties, settings.timeZone);
  return {
    start: start === undefined ? null : timeView(start, settings),
    end: end === undefined ? null : timeView(end, settings),
    place: place?.name ?? "",
    placeUrl: place?.url ?? "",
  };
}

/** On the clocks of where it was written: an event elsewhere begins when it begins there. */
function timeView({ moment, offset, isDay }: EventTime, { language }: Shown): EventTimeView {
  const { date, iso } = toLocal(moment, offset);
  const style = { offsetMinutes: offset, language };
  if (isDay) return { at: date, on: formatDate(moment, style) };
  return { at: iso, on: formatDate(moment, { ...style, show: "date-time" }) };
}
