import type { Context } from "../context/context.ts";
import { createUrls } from "../lib/urls.ts";
import { readSettings } from "../site/settings-store.ts";
import { profileUrl } from "./identifiers.ts";

/** What an app with the scope `profile` learns of the author (section 5.3.4). */
export type Profile = { readonly name: string; readonly url: string; readonly photo?: string };

/** The author as the h-card of the home page shows her. */
export function readProfile(ctx: Pick<Context, "db" | "config">): Profile {
  const { authorName, authorPhoto } = readSettings(ctx.db);
  const url = profileUrl(ctx.config.SITE_URL);
  const photo = authorPhoto === "" ? {} : { photo: createUrls(ctx.config.SITE_URL).media(authorPhoto) };
  return { name: authorName, url, ...photo };
}
