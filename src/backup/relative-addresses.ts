import { posix } from "node:path";
import { attribute, elementsIn, parseHtml } from "../lib/html-tree.ts";
import { renderContent } from "../lib/markdown.ts";

/** A place in a Markdown text that names another file by a relative path. */
export type RelativeAddress = {
  /** As the text has it: `../pics/my%20pic.png`. */
  readonly target: string;
  readonly shows: "image" | "link";
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
};

// Looks for more than there is; the renderer then says what is an address and what is only code that looks like one.
// The address of [text](address "title") and ![alt](<address>), in the tags a and img, and of [name]: address.
const PLACES = [
  /\]\(\s*(?:<(?<angled>[^<>\n]+)>|(?<plain>(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))+))/dgu,
  /<(?:img|a)\b[^<>]*?\b(?:src|href)\s*=\s*(?:"(?<angled>[^"\n]+)"|'(?<plain>[^'\n]+)')/dgiu,
  /^[ \t>]*\[(?!\^)(?:[^[\]\\\n]|\\.)+\]:[ \t]*(?:<(?<angled>[^<>\n]+)>|(?<plain>\S+))/dgmu,
];

/**
 * Finds where a Markdown text shows an image or leads to a file by a relative path, in the order of the text. Code and
 * addresses with a scheme are left alone. Throws `invalid` for a text that cannot be rendered.
 */
export async function findRelativeAddresses(content: string): Promise<RelativeAddress[]> {
  const places = findPlaces(content);
  if (places.length === 0) return [];
  const mark = unusedMark(content);
  const marked = places.map((place, index) => ({ ...place, address: `${mark}${index}.` }));
  const { html } = await renderContent({ content: replaceAddresses(content, marked), format: "markdown", anchor: "x" });
  const shown = listShown(html);
  // Where one definition serves both, it is the image that must be there: images come last, and win.
  const kinds = new Map([
    ...shown.filter(([, kind]) => kind === "link"),
    ...shown.filter(([, kind]) => kind === "image"),
  ]);
  return marked.flatMap(({ address, ...place }) => {
    const shows = kinds.get(address);
    return shows === undefined ? [] : [{ ...place, shows }];
  });
}

/** Writes other addresses into the text. The places must be in its order and not overlap. */
export function replaceAddresses(
  content: string,
  places: readonly { start: number; end: number; address: string }[],
): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, address } of places) {
    pieces.push(content.slice(from, start), address);
    from = end;
  }
  return pieces.join("") + content.slice(from);
}

/**
 * Paths below the imported folder that an address in the file at `filePath` may mean, the likeliest first: as written,
 * decoded, in both Unicode forms (file systems differ). Never one above that folder.
 */
export function candidatesOf(target: string, filePath: string): string[] {
  const written = target.replace(/\\([!-/:-@[-`{-~])/gu, "$1");
  const path = written.split(/[?#]/u)[0] ?? "";
  const spellings = [written, path, decode(path)].flatMap((name) => [
    name,
    name.normalize("NFC"),
    name.normalize("NFD"),
  ]);
  const paths = spellings.map((name) =>
    name.startsWith("/") ? posix.normalize(name.slice(1)) : posix.normalize(posix.join(posix.dirname(filePath), name)),
  );
  return [...new Set(paths)].filter(isBelow);
}

type Place = Omit<RelativeAddress, "shows">;

function findPlaces(content: string): Place[] {
  const places = PLACES.flatMap((pattern) => [...content.matchAll(pattern)])
    .map(toPlace)
    .filter(({ target }) => target !== "" && !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#|\?)/iu.test(target))
    .sort((one, other) => one.start - other.start);
  return places.filter((place, index) => index === 0 || place.start >= (places[index - 1]?.end ?? 0));
}

function toPlace(found: RegExpMatchArray): Place {
  const name = found.groups?.angled === undefined ? "plain" : "angled";
  const [start, end] = found.indices?.groups?.[name] ?? [0, 0];
  return { start, end, target: found.groups?.[name] ?? "" };
}

/** The beginning of an address that the text does not have, as short as may be. */
function unusedMark(content: string): string {
  let mark = "/.";
  while (content.includes(mark)) mark += "-";
  return mark;
}

type Shown = RelativeAddress["shows"];

function listShown(html: string): [address: string, shows: Shown][] {
  return elementsIn(parseHtml(html)).flatMap((element): [string, Shown][] => {
    if (element.tagName === "img") return [[attribute(element, "src") ?? "", "image"]];
    return element.tagName === "a" ? [[attribute(element, "href") ?? "", "link"]] : [];
  });
}

function isBelow(path: string): boolean {
  return path !== "" && path !== "." && !/^\.\.(?:\/|$)/u.test(path) && !path.includes("\0");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone percent sign is part of the name.
  }
}
