import { invalid } from "../lib/errors.ts";
import { tagName } from "../lib/tag-name.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";
import type { Properties } from "./note.ts";

/** Properties of a note that belongs to a series: its name, and its place among the others. */
const [SERIES, POSITION] = ["series", "series-position"];

/** Characters of the name of a series. */
export const MAX_SERIES_LENGTH = 80;
/** Largest place in a series. */
export const MAX_SERIES_POSITION = 9_999;
/** Notes of a series that are shown; those past them are not. */
export const MAX_SERIES_NOTES = 200;

/** A series, by its place in URLs (`learning-rust`) and as the author wrote it. */
export type Series = { readonly name: string; readonly label: string };

/** Where a note belongs. */
export type SeriesPlace = Series & {
  /** Undefined: by time, after those that have one. */
  readonly position: number | undefined;
};

/** The series that a note names; undefined for none, and for what is no name: apps and other programs write all sorts. */
export function seriesOf(properties: Properties): SeriesPlace | undefined {
  const [named] = properties[SERIES] ?? [];
  const label = typeof named === "string" ? cleanText(named).replace(/\s+/gu, " ").trim() : "";
  const name = tagName(label);
  if (name === "" || [...label].length > MAX_SERIES_LENGTH) return undefined;
  return { name, label, position: readPosition(properties[POSITION]?.[0]) };
}

/** What the fields of the editor say of the series. */
export type SeriesFields = { readonly series: string; readonly seriesPosition: string };

/** The fields of a note that belongs to none. */
export const NO_SERIES: SeriesFields = { series: "", seriesPosition: "" };

/** The fields of the editor for what the properties say. */
export function seriesFields(properties: Properties): SeriesFields {
  const place = seriesOf(properties);
  return { series: place?.label ?? "", seriesPosition: place?.position === undefined ? "" : String(place.position) };
}

/**
 * The properties with what the fields say. Fields that are as they were leave the properties so. Throws `invalid` with the
 * field for a name without a letter, one too long, and for what is no place.
 */
export function withSeries(properties: Properties, fields: SeriesFields): Properties {
  const before = seriesFields(properties);
  if (fields.series === before.series && fields.seriesPosition === before.seriesPosition) return properties;
  const label = cleanText(fields.series).replace(/\s+/gu, " ").trim();
  const position = fields.seriesPosition.trim();
  const { [SERIES]: _series, [POSITION]: _position, ...others } = properties;
  if (label === "") return others;
  if (tagName(label) === "" || [...label].length > MAX_SERIES_LENGTH) {
    throw invalid("series", said`A series has a name with letters, of at most ${MAX_SERIES_LENGTH} characters.`);
  }
  if (position !== "" && readPosition(position) === undefined) {
    throw invalid(
      "series_position",
      said`The place in a series is a number from 0 to ${MAX_SERIES_POSITION}, or empty.`,
    );
  }
  return { ...others, [SERIES]: [label], ...(position === "" ? {} : { [POSITION]: [position] }) };
}

function readPosition(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !/^\d{1,5}(?:\.\d{1,3})?$/u.test(text.trim())) return undefined;
  const position = Number(text);
  return position <= MAX_SERIES_POSITION ? position : undefined;
}
