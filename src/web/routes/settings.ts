import type { Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { timeZones } from "../../lib/time-zone.ts";
import { paths } from "../../lib/urls.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { listFailedRemoteImages } from "../../media/remote-images-store.ts";
import { changeSite } from "../../notes/change-site.ts";
import type { Settings } from "../../site/settings.ts";
import type { SettingsProblems } from "../../site/settings-input.ts";
import { checkSettings, MAX_IMAGE_MEGABYTES, MAX_MEDIA_MEGABYTES } from "../../site/settings-input.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { Form } from "../form.ts";
import { readForm, takesFiles } from "../form.ts";
import { withNotice } from "../notices.ts";
import { createRouter } from "../router.ts";
import { saveUpload } from "../save-upload.ts";
import type { FieldView, Render, SettingsView } from "../views.ts";

/** Images that could not be copied which the page lists, the newest first. */
export const MAX_FAILED_IMAGES = 20;

/** Settings that are typed into a field, by the field's name in the form. */
const TEXT_FIELDS = {
  siteTitle: "site_title",
  siteDescription: "site_description",
  authorName: "author_name",
  authorBio: "author_bio",
  authorLinks: "author_links",
  timeZone: "time_zone",
  language: "language",
  itemsPerPage: "items_per_page",
  maxImageMegabytes: "max_image_megabytes",
  maxMediaMegabytes: "max_media_megabytes",
  footerText: "footer_text",
} as const;

/** Settings that are images, by the field's name in the form. */
const IMAGE_FIELDS = { siteIcon: "site_icon", authorPhoto: "author_photo" } as const;

type Typed = Readonly<Record<string, string>>;
type Shown = { typed: Typed; problems: SettingsProblems & Readonly<Record<string, Words>> };

/** The settings of the site. */
export function settingsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/admin/settings", (_req, res) => {
    sendSettings(ctx, render, { res, typed: typedFrom(readSettings(ctx.db)), problems: {} });
  });

  router.post("/admin/settings", takesFiles(ctx, { max: Object.keys(IMAGE_FIELDS).length }), async (req, res) => {
    const form = await readForm(req);
    const typed = typedIn(form);
    const images = await takeImages(ctx, form);
    const { settings, problems } = checkSettings({ ...typed, ...images.names });
    const all = { ...problems, ...images.problems };
    if (Object.keys(all).length > 0) return sendSettings(ctx, render, { res, typed, problems: all });
    await changeSite(acting(ctx, req), settings);
    res.redirect(303, withNotice("/admin/settings", "settings"));
  });

  return router;
}

function sendSettings(ctx: Context, render: Render, { res, ...shown }: { res: Response } & Shown): void {
  const isWrong = Object.keys(shown.problems).length > 0;
  const html = render("admin/settings.njk", {
    ...adminPage(ctx, res, { section: "settings", title: said`Settings` }),
    settings: settingsView(ctx, shown),
  });
  sendAuthorPage(res, { html, status: isWrong ? 422 : 200 });
}

function settingsView(ctx: Context, { typed, problems }: Shown): SettingsView {
  const stored = readSettings(ctx.db);
  const field = (name: keyof Settings): FieldView => ({ value: typed[name] ?? "", error: problems[name] ?? "" });
  return {
    fields: {
      siteTitle: field("siteTitle"),
      siteDescription: field("siteDescription"),
      authorName: field("authorName"),
      authorBio: field("authorBio"),
      authorLinks: field("authorLinks"),
      timeZone: field("timeZone"),
      language: field("language"),
      itemsPerPage: field("itemsPerPage"),
      maxImageMegabytes: field("maxImageMegabytes"),
      maxMediaMegabytes: field("maxMediaMegabytes"),
      footerText: field("footerText"),
      siteIcon: { value: stored.siteIcon, error: problems.siteIcon ?? "" },
      authorPhoto: { value: stored.authorPhoto, error: problems.authorPhoto ?? "" },
    },
    colourScheme: chosen(typed.colourScheme, ["system", "light", "dark"], stored.colourScheme),
    adminLanguage: chosen(typed.adminLanguage, ["site", "en", "de"], stored.adminLanguage),
    remoteImages: chosen(typed.remoteImages, ["copy", "link", "load"], stored.remoteImages),
    statsPage: chosen(typed.statsPage, ["on", "off"], stored.statsPage),
    altNudge: chosen(typed.altNudge, ["ask", "off"], stored.altNudge),
    mediaMegabytesMax: { image: MAX_IMAGE_MEGABYTES, media: MAX_MEDIA_MEGABYTES },
    timeZones: timeZones(),
    iconPath: stored.siteIcon === "" ? "" : paths.media(stored.siteIcon),
    authorPhotoPath: stored.authorPhoto === "" ? "" : paths.media(stored.authorPhoto),
    failedImages: listFailedRemoteImages(ctx.db, MAX_FAILED_IMAGES).map(({ url, reason = "" }) => ({ url, reason })),
    error: Object.keys(problems).length > 0 ? said`Nothing was saved yet. See the fields that are marked.` : "",
  };
}

function typedFrom(settings: Settings): Typed {
  const names = Object.keys(TEXT_FIELDS) as (keyof typeof TEXT_FIELDS)[];
  const texts = names.map((name) => [name, toText(settings[name])] as const);
  return {
    ...Object.fromEntries(texts),
    colourScheme: settings.colourScheme,
    adminLanguage: settings.adminLanguage,
    remoteImages: settings.remoteImages,
    statsPage: settings.statsPage,
    altNudge: settings.altNudge,
  };
}

/** Only what the form has: a client that sends one field changes one setting. */
function typedIn(form: Form): Typed {
  const fields = {
    ...TEXT_FIELDS,
    colourScheme: "colour_scheme",
    adminLanguage: "admin_language",
    remoteImages: "remote_images",
    statsPage: "stats_page",
    altNudge: "alt_nudge",
  };
  const sent = Object.entries(fields).filter(([, field]) => form.has(field));
  return Object.fromEntries(sent.map(([name, field]) => [name, form.text(field)]));
}

function toText(value: Settings[keyof Settings]): string {
  return Array.isArray(value) ? value.join("\n") : String(value);
}

type TakenImages = { names: Partial<Record<keyof typeof IMAGE_FIELDS, string>>; problems: Record<string, Words> };

/** Stores the images that came with the form; a ticked `remove_…` takes the present one away. */
async function takeImages(ctx: Context, form: Form): Promise<TakenImages> {
  const taken: TakenImages = { names: {}, problems: {} };
  for (const [name, field] of Object.entries(IMAGE_FIELDS) as [keyof typeof IMAGE_FIELDS, string][]) {
    if (form.has(`remove_${field}`)) taken.names[name] = "";
    const file = form.file(field);
    if (file === undefined) continue;
    try {
      taken.names[name] = (await saveUpload(ctx, file, { only: "image" })).name;
    } catch (error) {
      // Said at its field, beside whatever else is wrong.
      if (!(error instanceof AppError) || error.code === "storage_full") throw error;
      taken.problems[name] = error.said;
    }
  }
  return taken;
}

function chosen<Value extends string>(typed: string | undefined, values: readonly Value[], stored: Value): Value {
  return values.find((value) => value === typed) ?? stored;
}
