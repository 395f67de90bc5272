import { AppError, invalid } from "../lib/errors.ts";

/** The types of image that are taken. */
export type ImageType = "jpeg" | "png" | "gif" | "webp";

/** Extension of the stored file's name. */
export const EXTENSIONS: Readonly<Record<ImageType, string>> = { jpeg: "jpg", png: "png", gif: "gif", webp: "webp" };

const NAMES: Readonly<Record<ImageType, string>> = { jpeg: "JPEG", png: "PNG", gif: "GIF", webp: "WebP" };

/** Said wherever a file is refused. */
const TAKEN = "JPEG, PNG, GIF and WebP images are taken.";

const MARKUP_HEAD = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|script|title|meta|!--)/iu;
const XML_HEAD = /^(?:\xef\xbb\xbf)?\s*<\?xml/iu;

type Signature<Name> = { readonly is: Name; readonly matches: (head: string) => boolean };

/** The first bytes, as Latin-1; no name and no declared type is believed. */
function begins(...starts: readonly string[]): (head: string) => boolean {
  return (head) => starts.some((start) => head.startsWith(start));
}

/** Files of the family of MP4 name their brand after a length of four bytes. */
function hasBrand(...brands: readonly string[]): (head: string) => boolean {
  return (head) => brands.some((brand) => head.startsWith(`ftyp${brand}`, 4));
}

const TYPES: readonly Signature<ImageType>[] = [
  { is: "jpeg", matches: begins("\xff\xd8\xff") },
  { is: "png", matches: begins("\x89PNG\r\n\x1a\n") },
  { is: "gif", matches: begins("GIF87a", "GIF89a") },
  { is: "webp", matches: (head) => head.startsWith("RIFF") && head.startsWith("WEBP", 8) },
];

const OTHERS: readonly Signature<string>[] = [
  { is: "an SVG drawing, which can carry scripts", matches: (head) => /<svg[\s>]/iu.test(head) },
  { is: "a web page", matches: (head) => MARKUP_HEAD.test(head) },
  { is: "an XML document", matches: (head) => XML_HEAD.test(head) },
  { is: "a PDF document", matches: begins("%PDF-") },
  { is: "an AVIF image", matches: hasBrand("avif", "avis") },
  { is: "a HEIC photo (a phone can be set to take JPEG)", matches: hasBrand("hei", "hev", "mif1", "msf1") },
  { is: "a video or sound", matches: (head) => hasBrand("")(head) || begins("\x1aE\xdf\xa3", "OggS", "ID3")(head) },
  { is: "a TIFF image", matches: begins("II*\0", "MM\0*") },
  { is: "a BMP image", matches: (head) => head.startsWith("BM") && head.startsWith("\0\0\0\0", 6) },
  { is: "an archive", matches: begins("PK\x03\x04", "\x1f\x8b", "Rar!", "7z\xbc\xaf") },
];

/** Finds the type by the first bytes. Throws `invalid` for any other, and says what it is and what is taken. */
export function findImageType(bytes: Buffer): ImageType {
  if (bytes.length === 0) throw invalid("image", `The file is empty. ${TAKEN}`);
  const head = bytes.toString("latin1", 0, 1024);
  const type = TYPES.find(({ matches }) => matches(head))?.is;
  if (type !== undefined) return type;
  const other = OTHERS.find(({ matches }) => matches(head))?.is ?? "of a type that is not known here";
  throw invalid("image", `The file is ${other}. ${TAKEN}`);
}

/** The error for a file that begins like an image of that type and goes on otherwise. */
export function damagedImage(type: ImageType, cause?: unknown): AppError {
  const sentence = `The file begins like a ${NAMES[type]} image but is damaged or cut short. Check it, then upload it again.`;
  return new AppError("invalid", sentence, { field: "image", cause });
}
