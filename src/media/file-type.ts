import { AppError, invalid } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** The types of image that are taken. */
export type ImageType = "jpeg" | "png" | "gif" | "webp" | "avif";

/** The types of file that are taken besides images. */
export type OtherType = "mp4" | "webm" | "mp3" | "ogg" | "pdf";

/** Every type of file that is taken. */
export type FileType = ImageType | OtherType;

/** What is looked at to find the type of a file: so many of its first bytes. */
export const HEAD_BYTES = 1024;

const IMAGE_TYPES: readonly FileType[] = ["jpeg", "png", "gif", "webp", "avif"];

const NAMES: Readonly<Record<FileType, Words>> = {
  jpeg: said`a JPEG image`,
  png: said`a PNG image`,
  gif: said`a GIF image`,
  webp: said`a WebP image`,
  avif: said`an AVIF image`,
  mp4: said`an MP4 film or recording`,
  webm: said`a WebM film or recording`,
  mp3: said`an MP3 recording`,
  ogg: said`an Ogg recording`,
  pdf: said`a PDF document`,
};

const TAKEN = said`JPEG, PNG, GIF, WebP and AVIF images, MP4, WebM, MP3, Ogg and PDF files are taken.`;
const TAKEN_IMAGES = said`JPEG, PNG, GIF, WebP and AVIF images are taken.`;

const MARKUP_HEAD = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|script|title|meta|!--)/iu;
const XML_HEAD = /^(?:\xef\xbb\xbf)?\s*<\?xml/iu;
/** The head of a frame of MPEG audio, layer III: its sync, and neither a rate nor a frequency that there is not. */
const MP3_FRAME = /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\0\xf0-\xff]/u;

type Signature<Name> = { readonly is: Name; readonly matches: (head: string) => boolean };

/** The first bytes, as Latin-1; no name and no declared type is believed. */
function begins(...starts: readonly string[]): (head: string) => boolean {
  return (head) => starts.some((start) => head.startsWith(start));
}

/** Files of the family of MP4 name their brand after a length of four bytes. */
function hasBrand(...brands: readonly string[]): (head: string) => boolean {
  return (head) => brands.some((brand) => head.startsWith(`ftyp${brand}`, 4));
}

const OTHERS: readonly Signature<Words>[] = [
  { is: said`an SVG drawing, which can carry scripts`, matches: (head) => /<svg[\s/>]/iu.test(head) },
  { is: said`a web page`, matches: (head) => MARKUP_HEAD.test(head) },
  { is: said`an XML document`, matches: (head) => XML_HEAD.test(head) },
  { is: said`an AVIF animation`, matches: hasBrand("avis") },
  { is: said`a HEIC photo (a phone can be set to take JPEG)`, matches: hasBrand("hei", "hev", "mif1", "msf1") },
  { is: said`a QuickTime film (a phone can be set to take MP4)`, matches: hasBrand("qt  ") },
  { is: said`a TIFF image`, matches: begins("II*\0", "MM\0*") },
  { is: said`a BMP image`, matches: (head) => head.startsWith("BM") && head.startsWith("\0\0\0\0", 6) },
  { is: said`an archive`, matches: begins("PK\x03\x04", "\x1f\x8b", "Rar!", "7z\xbc\xaf") },
];

const TYPES: readonly Signature<FileType>[] = [
  { is: "jpeg", matches: begins("\xff\xd8\xff") },
  { is: "png", matches: begins("\x89PNG\r\n\x1a\n") },
  { is: "gif", matches: begins("GIF87a", "GIF89a") },
  { is: "webp", matches: (head) => head.startsWith("RIFF") && head.startsWith("WEBP", 8) },
  { is: "avif", matches: hasBrand("avif") },
  { is: "mp4", matches: (head) => hasBrand("")(head) && !OTHERS.some(({ matches }) => matches(head)) },
  { is: "webm", matches: begins("\x1aE\xdf\xa3") },
  { is: "ogg", matches: begins("OggS") },
  { is: "mp3", matches: (head) => head.startsWith("ID3") || MP3_FRAME.test(head) },
  { is: "pdf", matches: begins("%PDF-") },
];

/** The type that a file begins like; undefined for one that is not taken. */
export function guessFileType(head: Buffer): FileType | undefined {
  const text = head.toString("latin1", 0, HEAD_BYTES);
  return TYPES.find(({ matches }) => matches(text))?.is;
}

/** Finds the type by the first bytes. Throws `invalid` for any other, and says what it is and what is taken. */
export function findFileType(head: Buffer): FileType {
  const type = guessFileType(head);
  if (type !== undefined) return type;
  throw refusal(head, TAKEN);
}

/** The same where only an image will do. */
export function findImageType(head: Buffer): ImageType {
  const type = guessFileType(head);
  if (type === undefined) throw refusal(head, TAKEN_IMAGES);
  if (isImageType(type)) return type;
  throw invalid("image", said`The file is ${NAMES[type]}. ${TAKEN_IMAGES}`);
}

/** Whether a type is one of an image. */
export function isImageType(type: FileType): type is ImageType {
  return IMAGE_TYPES.includes(type);
}

/** The error for a file that begins like one of that type and goes on otherwise. */
export function damagedFile(type: FileType, cause?: unknown): AppError {
  const sentence = said`The file begins like ${NAMES[type]} but is damaged or cut short. Check it, then upload it again.`;
  return new AppError("invalid", sentence, { field: "image", cause });
}

function refusal(head: Buffer, taken: Words): AppError {
  if (head.length === 0) return invalid("image", said`The file is empty. ${taken}`);
  const text = head.toString("latin1", 0, HEAD_BYTES);
  const other = OTHERS.find(({ matches }) => matches(text))?.is ?? said`of a type that is not known here`;
  return invalid("image", said`The file is ${other}. ${taken}`);
}
