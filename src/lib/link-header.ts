import { isUrl } from "./is-url.ts";

/** Characters of a Link header that are read; what lies beyond says nothing. */
export const MAX_LINK_HEADER_LENGTH = 16_384;

/** One link: what stands in the pointed brackets, and its parameters. */
const LINK = /<([^<>]*)>((?:\s*;\s*[^\s=;,<>"]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"<>]*))?)*)/g;
/** One parameter: its name, and its value with quotes or without. */
const PARAMETER = /;\s*([^\s=;,<>"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"<>]*)))?/g;

/**
 * The targets of all links with this relation type, in order, made absolute against `base`. Types are compared whole and
 * without regard to case; of several `rel` in one link the first counts. A target that is no address is left out.
 * @see https://www.rfc-editor.org/rfc/rfc8288#section-3
 */
export function linkTargets(header: string, rel: string, base: string): string[] {
  const targets: string[] = [];
  for (const [, target = "", parameters = ""] of header.slice(0, MAX_LINK_HEADER_LENGTH).matchAll(LINK)) {
    const isMeant = relationTypes(parameters).includes(rel.toLowerCase());
    if (isMeant && isUrl(target, base)) targets.push(new URL(target, base).href);
  }
  return targets;
}

function relationTypes(parameters: string): string[] {
  for (const [, name = "", quoted, bare] of parameters.matchAll(PARAMETER)) {
    if (name.toLowerCase() === "rel") return (quoted ?? bare ?? "").toLowerCase().split(/\s+/);
  }
  return [];
}
