import { askFor } from "../load/ask.ts";

/** A feed taken apart. */
export type FeedParts = {
  /** Before the first item, and after the last. */
  readonly head: string;
  readonly tail: string;
  /** `<item>…</item>` of each note, newest first. */
  readonly items: readonly string[];
  /** Path and query of the page with older notes. */
  readonly nextPath: string | undefined;
};

const ITEM = "<item>";
const ITEM_END = "</item>\n";

/** Takes a page of an RSS feed apart. Text in it is escaped, so that nothing but an item looks like one. */
export function splitFeed(xml: string): FeedParts {
  const start = xml.indexOf(ITEM);
  const end = xml.lastIndexOf(ITEM_END) + ITEM_END.length;
  if (start < 0 || end < start) throw new Error("The feed has no items.");
  const items = xml
    .slice(start, end)
    .split(ITEM_END)
    .slice(0, -1)
    .map((item) => item + ITEM_END);
  const [, next] = /<atom:link rel="next"[^>]* href="([^"]+)"/.exec(xml.slice(0, start)) ?? [];
  return { head: xml.slice(0, start), tail: xml.slice(end), items, nextPath: next && toPath(next) };
}

/** Reads every page of a server's feed: the items of all notes, newest first. */
export async function readAllItems(origin: string): Promise<string[]> {
  const items: string[] = [];
  let path: string | undefined = "/feed.xml";
  while (path !== undefined) {
    const page: FeedParts = splitFeed((await askFor(200, origin + path)).body.toString());
    items.push(...page.items);
    path = page.nextPath;
  }
  return items;
}

function toPath(attribute: string): string {
  const { pathname, search } = new URL(attribute.replaceAll("&amp;", "&"));
  return pathname + search;
}
