import type { BlogNumbers } from "./blog-numbers.ts";
import { FEED_NAMES } from "./daily-counts.ts";
import type { MetricFamily, MetricSample } from "./prometheus.ts";

/** The numbers of the blog as families for Prometheus. Those of today go back to 0 at the author's midnight. */
export function blogFamilies({ notes, feeds, subscribers, searches, logins, storage }: BlogNumbers): MetricFamily[] {
  return [
    gauge("starpunk_notes_today", "Notes that something was done to today.", labelled("action", notes.today)),
    gauge(
      "starpunk_feed_requests_today",
      "Answers of feeds today.",
      FEED_NAMES.flatMap((format) => [
        { labels: { format, status: "200" }, value: feeds.today[format].sent },
        { labels: { format, status: "304" }, value: feeds.today[format].notModified },
      ]),
    ),
    gauge(
      "starpunk_feed_subscribers",
      "Estimated subscribers.",
      labelled("kind", { declared: subscribers.declared, undeclared: subscribers.undeclared }),
    ),
    gauge(
      "starpunk_searches_today",
      "Searches today.",
      labelled("outcome", { done: searches.today, refused: searches.refusedToday }),
    ),
    gauge(
      "starpunk_logins_today",
      "Logins today.",
      labelled("outcome", { done: logins.today, refused: logins.refusedToday }),
    ),
    gauge("starpunk_media_bytes", "Sizes of the files in the media folder.", [{ value: storage.mediaBytes }]),
    gauge("starpunk_media_files", "Files in the media folder.", [{ value: storage.mediaFiles }]),
  ];
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, help, type: "gauge", samples };
}

function labelled(label: string, values: Readonly<Record<string, number>>): MetricSample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
