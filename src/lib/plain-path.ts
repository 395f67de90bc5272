/**
 * A path as requests for it are looked up: decoded, NFC, without query, fragment, dots, doubled slashes or one at its end.
 * Undefined for what does not begin with one slash, and where nothing is left or a character stands that no path has:
 * what `cleanText` takes away has no way back, even where it came encoded.
 */
export function plainPath(text: string): string | undefined {
  const written = text.trim().split(/[?#]/u)[0] ?? "";
  if (!/^\/(?![/\\])/u.test(written)) return undefined;
  const path = `/${plainSegments(written).join("/")}`;
  return path === "/" || /\\|\p{Cc}|\p{Noncharacter_Code_Point}/u.test(path) ? undefined : path;
}

function plainSegments(path: string): string[] {
  const kept: string[] = [];
  for (const segment of path.split("/").map(decodeSegment)) {
    if (segment === "..") kept.pop();
    else if (segment !== "." && segment !== "") kept.push(segment);
  }
  return kept;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment).normalize("NFC");
  } catch {
    return segment; // A lone percent sign is part of the name.
  }
}
