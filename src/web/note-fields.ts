import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { said } from "../lib/words.ts";
import type { Visibility } from "../notes/note.ts";

/** Labels as the field of the editor shows them. */
export function toTagsField(labels: readonly string[]): string {
  return labels.join(", ");
}

/** A moment as a `datetime-local` field shows it, in the author's zone, to the minute; empty for none. */
export function toDateField(moment: Timestamp | undefined, zone: string): string {
  if (moment === undefined) return "";
  return toLocal(moment, offsetMinutes(moment, zone)).iso.slice(0, 16);
}

/** The labels that a field says. One that came from elsewhere may have a comma: where it still stands there, it is one tag. */
export function toTags(field: string, before: readonly string[]): string[] {
  if (field === toTagsField(before)) return [...before];
  const whole = before.filter((label) => label.includes(",") && field.includes(label));
  const rest = whole.reduce((text, label) => text.replace(label, ""), field);
  return [...whole, ...rest.split(",")];
}

/** The moment that a `datetime-local` field says; undefined for an empty one. Throws `invalid` for what is no time. */
export function toMoment(field: string, zone: string, before: Timestamp | undefined): Timestamp | undefined {
  const text = field.trim();
  if (text === "") return undefined;
  return text === toDateField(before, zone) ? before : fromLocal(text, zone, "published_at");
}

/** The visibility that a field says. Throws `invalid` for any other text. */
export function toVisibility(text: string): Visibility {
  if (text === "public" || text === "unlisted" || text === "private") return text;
  throw invalid("visibility", said`A note is public, unlisted or private. Choose one of the three.`);
}
