import { wordsLanguage } from "../lib/catalogue.ts";
import type { Settings } from "./settings.ts";

/** In which language the author's own pages speak: in that of the site, where there are words in it, or in another. */
export type AdminLanguage = "site" | "en" | "de";

/** The language tag of the author's own pages, of which there are words. A region of the site's language is kept. */
export function adminLanguage({ adminLanguage, language }: Pick<Settings, "adminLanguage" | "language">): string {
  if (adminLanguage === "site") return wordsLanguage(language);
  return language.split("-")[0] === adminLanguage ? language : adminLanguage;
}
