import type { RequestHandler } from "express";
import { said } from "../lib/words.ts";
import { HttpError } from "./http-error.ts";

/** A percent-encoded ASCII character that means something else when it stands by itself, or may not stand there. */
const KEPT_ENCODED = /(%(?:[01][0-9A-F]|2[0-9ABCF]|3[A-F]|40|5[BCDE]|60|7[BCDF]))/i;

/** Paths that have no other spelling: most of those that are asked for. */
const PLAIN = /^(?:\/|(?:\/[\w-]+)+)$/;

/** Seconds for which a browser may remember the one right spelling of a path. */
const REDIRECT_SECONDS = 86_400;

/**
 * Leads each other spelling of a path to the one that is used here: 301, or 308 where a body must be sent again. The
 * query goes along as it is, and the target is always on this site. A path that cannot be read gets 400.
 */
export function canonicalPaths(): RequestHandler {
  return (req, res, next) => {
    req.url = originForm(req.url);
    const { path, query } = splitTarget(req.url);
    const canonical = canonicalPath(path);
    if (canonical === undefined) {
      throw new HttpError(400, said`This address cannot be read: its percent-encoding is broken, or it is not UTF-8.`);
    }
    if (canonical === path) return next();

    res.status(req.method === "GET" || req.method === "HEAD" ? 301 : 308);
    res.set({ Location: canonical + printable(query), "Cache-Control": `public, max-age=${REDIRECT_SECONDS}` });
    res.end();
  };
}

/**
 * The one spelling of a path: NFC in UTF-8; percent-encoded, in capitals, where it must be and nowhere else; no dot
 * segments, no doubled slashes, none at the end. `path` is as it came, one character a byte. Encoded reserved
 * characters stay encoded. Returns undefined when the percent-encoding is broken or the bytes are not UTF-8.
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function canonicalPath(path: string): string | undefined {
  if (PLAIN.test(path)) return path;
  if (/%(?![0-9a-f]{2})/i.test(path) || path.includes("#")) return undefined;
  try {
    const segments = encodeRawBytes(path).split("/").map(canonicalSegment);
    return `/${resolveDots(segments).join("/")}`;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/**
 * A request target may name a host (RFC 9112, 3.2.2); it says nothing about this site, so only the path stays. `*` is
 * the server as a whole, of which the root is the nearest thing.
 */
function originForm(target: string): string {
  if (target === "*") return "/";
  const absolute = /^https?:\/\/[^/?#]*(.*)$/is.exec(target)?.[1];
  if (absolute === undefined) return target;
  return absolute.startsWith("/") ? absolute : `/${absolute}`;
}

/** The path that a request target names, as it came. */
export function targetPath(target: string): string {
  return splitTarget(originForm(target)).path;
}

function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf("?");
  return mark === -1 ? { path: target, query: "" } : { path: target.slice(0, mark), query: target.slice(mark) };
}

function encodeRawBytes(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Throws URIError when the bytes are not UTF-8. */
function canonicalSegment(segment: string): string {
  return segment
    .split(KEPT_ENCODED)
    .map((part, index) => (index % 2 === 1 ? part.toUpperCase() : encode(decodeURIComponent(part).normalize("NFC"))))
    .join("");
}

/** Encodes what may not stand in a path. `$&+,;=:@` may, although encodeURIComponent thinks of query values. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent);
}

function resolveDots(segments: readonly string[]): string[] {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== "." && segment !== "") kept.push(segment);
  }
  return kept;
}

function printable(query: string): string {
  return query.replace(/[^\x21-\x7e]/g, (byte) => encodeRawBytes(byte).toUpperCase());
}
