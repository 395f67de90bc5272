import type { Database } from "../db/database.ts";
import { paths } from "../lib/urls.ts";
import { findMedia } from "../media/media-store.ts";
import { findVariants } from "../media/variants-store.ts";
import { imageVariants } from "../notes/image-variants.ts";
import type { Look } from "../theme/look-css.ts";
import { findTheme } from "../theme/themes.ts";
import type { HeaderView, SiteView } from "./site-views.ts";
import { styleSheet } from "./style-sheet.ts";

/** What pages know of how the site looks. */
export function lookView(db: Database, look: Look): Pick<SiteView, "stylesheetPath" | "paperColours" | "header"> {
  const [light, dark] = findTheme(look.theme).palette.paper;
  return { stylesheetPath: styleSheet(look).path, paperColours: { light, dark }, header: headerView(db, look) };
}

/** Without a header image it asks for nothing; a file that is gone is no header. */
function headerView(db: Database, { headerImage, headerAlt, headerPlace }: Look): HeaderView | null {
  const media = headerImage === "" ? undefined : findMedia(db, headerImage);
  if (media?.width === undefined || media.height === undefined) return null;
  const { width, height } = media;
  const variants = imageVariants(media, findVariants(db, [headerImage]).get(headerImage) ?? []);
  const isOnEveryPage = headerPlace === "all";
  return { path: paths.media(headerImage), width, height, alt: headerAlt, ...variants, isOnEveryPage };
}
