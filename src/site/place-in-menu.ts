import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { writeSettings } from "./change-settings.ts";
import type { NavigationEntry } from "./navigation.ts";
import { MAX_NAVIGATION_ENTRIES } from "./navigation.ts";
import { readSettings } from "./settings-store.ts";

/** What is to stand in the menu for a page of the site. */
export type MenuPlace = {
  /** Addresses that the page has or had: entries that lead there are its own. */
  readonly addresses: readonly string[];
  /** Undefined: none, and those that are there go. */
  readonly entry: NavigationEntry | undefined;
  /** Whether the author asks for it now, and is told of a menu that is full; else it stays out of it. */
  readonly isAsked: boolean;
};

/** The first entry of the menu that leads to one of these addresses. */
export function findInMenu(db: Database, addresses: readonly string[]): NavigationEntry | undefined {
  return readSettings(db).navigation.find(({ address }) => addresses.includes(address));
}

/** Gives a page its entry, in the place of the present one or last, or takes it out. Only inside a write. Throws `invalid`. */
export function placeInMenu(db: Database, { addresses, entry, isAsked }: MenuPlace, now: Timestamp): void {
  const { navigation } = readSettings(db);
  const place = navigation.findIndex(({ address }) => addresses.includes(address));
  if (entry === undefined) {
    writeSettings(db, { navigation: navigation.filter(({ address }) => !addresses.includes(address)) }, now);
  } else if (place >= 0) writeSettings(db, { navigation: navigation.with(place, entry) }, now);
  else if (navigation.length < MAX_NAVIGATION_ENTRIES) {
    writeSettings(db, { navigation: [...navigation, entry] }, now);
  } else if (isAsked) {
    throw invalid(
      "in_menu",
      said`The menu has ${MAX_NAVIGATION_ENTRIES} entries, as many as may be. Remove one first.`,
    );
  }
}
