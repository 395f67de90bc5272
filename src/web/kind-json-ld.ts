import type { CiteView, KindView } from "./kind-views.ts";
import type { NoteView } from "./views.ts";

/** What schema.org calls a note of this kind, and what it says of it beyond what it says of every note. */
export function kindJsonLd(note: Pick<NoteView, "title" | "kind">): Readonly<Record<string, unknown>> {
  const { kind, title } = note;
  if (kind.event !== null) return eventJsonLd(title, kind.event);
  const of = (property: string) => kind.cites.filter((cite) => cite.property === property).map(work);
  const [answered, shared, marked, liked] = ["u-in-reply-to", "u-repost-of", "u-bookmark-of", "u-like-of"].map(of);
  const headline = title === "" ? {} : { headline: title };
  if (answered?.[0] !== undefined && kind.rsvp === null)
    return { "@type": "Comment", ...headline, parentItem: answered[0] };
  const sharedContent = [...(shared ?? []), ...(marked ?? [])];
  const about = [...(answered ?? []), ...(liked ?? [])];
  return {
    "@type": title === "" ? "SocialMediaPosting" : "BlogPosting",
    ...headline,
    ...(sharedContent.length === 0 ? {} : { sharedContent }),
    ...(about.length === 0 ? {} : { about }),
  };
}

function eventJsonLd(name: string, { start, end, place, placeUrl }: NonNullable<KindView["event"]>) {
  return {
    "@type": "Event",
    ...(name === "" ? {} : { name }),
    ...(start === null ? {} : { startDate: start.at }),
    ...(end === null ? {} : { endDate: end.at }),
    ...(place === ""
      ? {}
      : { location: { "@type": "Place", name: place, ...(placeUrl === "" ? {} : { url: placeUrl }) } }),
  };
}

function work({ url, title, authorName }: CiteView) {
  return {
    "@type": "CreativeWork",
    url,
    ...(title === "" ? {} : { name: title }),
    ...(authorName === "" ? {} : { author: { "@type": "Person", name: authorName } }),
  };
}
