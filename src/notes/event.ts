import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { readTime } from "../lib/read-time.ts";
import { offsetMinutes } from "../lib/time-zone.ts";
import { isCitable, valuesOf } from "./cited.ts";
import type { Properties } from "./note.ts";

/** When an event begins or ends: minutes east of UTC as it was written, else those of the author's zone then. */
export type EventTime = {
  readonly moment: Timestamp;
  readonly offset: number;
  /** Whether it was written as a day without a time. */
  readonly isDay: boolean;
};

/** What an event has besides its name. */
export type EventFacts = {
  readonly start: EventTime | undefined;
  readonly end: EventTime | undefined;
  /** Where it is; its address on the web, if it has one. */
  readonly place: { readonly name: string; readonly url: string | undefined } | undefined;
};

/** Reads what an event has; what is written in a way that nobody can read is missing. */
export function readEvent(properties: Properties, timeZone: string): EventFacts {
  return {
    start: readEventTime(properties, "start", timeZone),
    end: readEventTime(properties, "end", timeZone),
    place: readPlace(properties),
  };
}

/** The text of a property that an event has once: of `start`, `end`; empty where there is none. */
export function eventText(properties: Properties, name: string): string {
  const [value] = valuesOf(properties, name);
  return typeof value === "string" ? value.trim() : "";
}

function readEventTime(properties: Properties, name: "start" | "end", timeZone: string): EventTime | undefined {
  const text = eventText(properties, name);
  try {
    const { moment, offset = offsetMinutes(moment, timeZone) } = readTime(text, name, timeZone);
    return { moment, offset, isDay: !text.includes(":") };
  } catch (error) {
    if (error instanceof AppError) return undefined; // A client may have sent anything.
    throw error;
  }
}

/** A place is a text, or an h-card, h-adr or h-geo of one. */
function readPlace(properties: Properties): EventFacts["place"] {
  const [value] = valuesOf(properties, "location");
  if (typeof value === "string") return value.trim() === "" ? undefined : { name: value.trim(), url: undefined };
  const { properties: card = {}, value: plain } = (value ?? {}) as { properties?: Properties; value?: unknown };
  const [name, street, locality, url] = ["name", "street-address", "locality", "url"].map((each) =>
    eventText(card, each),
  );
  const address = [street, locality].filter((part) => part).join(", ");
  const shown = name || address || (typeof plain === "string" ? plain.trim() : "");
  return shown === "" ? undefined : { name: shown, url: url && isCitable(url) ? url : undefined };
}
