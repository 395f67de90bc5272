import { posix } from "node:path";

/** A place in a Markdown text that names an image by a relative path. */
type ImagePlace = { readonly start: number; readonly end: number; readonly target: string };

// The address of ![alt](address "title"), with or without <…>; of src="…" in HTML; and of [name]: address.
const PLACES = [
  /!\[(?:[^\]\\]|\\.)*\]\(\s*(?:<(?<angled>[^<>\n]+)>|(?<plain>(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))+))/dgu,
  /<img\b[^>]*?\bsrc\s*=\s*(?:"(?<angled>[^"\n]+)"|'(?<plain>[^'\n]+)')/dgiu,
  /^ {0,3}\[(?:[^\]\\]|\\.)+\]:[ \t]*(?:<(?<angled>[^<>\n]+)>|(?<plain>\S+))/dgmu,
];
const CODE = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[`~]*[ \t]*$|(?![\s\S]))|`[^`\n]+`/gmu;

/**
 * Finds images that a Markdown file below the imported folder names by relative paths. Returns what the text says and
 * the paths below that folder that it may mean, the likeliest first. Code and addresses with a scheme are left alone.
 */
export function findRelativeImages(content: string, filePath: string): { target: string; candidates: string[] }[] {
  const targets = [...new Set(findPlaces(content).map((place) => place.target))];
  return targets
    .map((target) => ({ target, candidates: candidatesOf(target, filePath) }))
    .filter(({ candidates }) => candidates.length > 0);
}

/** Writes other addresses into the text, wherever it names those images. */
export function replaceImages(content: string, addresses: ReadonlyMap<string, string>): string {
  let text = content;
  const places = findPlaces(content).sort((one, other) => other.start - one.start);
  for (const place of places) {
    const address = addresses.get(place.target);
    if (address !== undefined) text = text.slice(0, place.start) + address + text.slice(place.end);
  }
  return text;
}

function findPlaces(content: string): ImagePlace[] {
  const code = [...content.matchAll(CODE)].map((found) => ({ start: found.index, end: found.index + found[0].length }));
  return PLACES.flatMap((pattern) => [...content.matchAll(pattern)])
    .map(toPlace)
    .filter(
      (place) => isRelative(place.target) && !code.some((span) => span.start <= place.start && place.end <= span.end),
    );
}

function toPlace(found: RegExpMatchArray): ImagePlace {
  const name = found.groups?.["angled"] === undefined ? "plain" : "angled";
  const [start, end] = found.indices?.groups?.[name] ?? [0, 0];
  return { start, end, target: found.groups?.[name] ?? "" };
}

function isRelative(target: string): boolean {
  return target !== "" && !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#|\?)/iu.test(target);
}

/** As written, percent-decoded, in both Unicode forms (file systems differ); never above the imported folder. */
function candidatesOf(target: string, filePath: string): string[] {
  const path = target.split(/[?#]/u)[0] ?? "";
  const spellings = [target, path, decode(path)].flatMap((name) => [
    name,
    name.normalize("NFC"),
    name.normalize("NFD"),
  ]);
  const paths = spellings.map((name) =>
    name.startsWith("/") ? posix.normalize(name.slice(1)) : posix.normalize(posix.join(posix.dirname(filePath), name)),
  );
  return [...new Set(paths)].filter(
    (name) => name !== "" && name !== "." && !name.startsWith("..") && !name.includes("\0"),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone percent sign is part of the name.
  }
}
