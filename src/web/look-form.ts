import { readFile } from "node:fs/promises";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import type { OwnFont } from "../site/look.ts";
import { MAX_FONTS, ownFamily } from "../site/look.ts";
import { checkSettings } from "../site/settings-input.ts";
import type { Look } from "../theme/look-css.ts";
import { saveFont } from "../theme/save-font.ts";
import { MAX_FONT_BYTES, tooLargeFont } from "../theme/woff2.ts";
import type { Form } from "./form.ts";
import type { UploadedFile } from "./multipart.ts";
import { saveUpload } from "./save-upload.ts";

/** What is wrong with each choice, in a sentence for the author. */
export type LookProblems = { readonly [Name in keyof Look]?: Words };

/** Choices as they were typed. */
export type TypedLook = { accentColour?: string; headerAlt?: string };

/** Most characters of choices in an address. */
export const MAX_LOOK_LENGTH = 8_000;

type FileContext = Pick<Context, "db" | "config" | "clock">;

const LOOK_NAMES = [
  "theme",
  "accentColour",
  "textFont",
  "headingFont",
  "fonts",
  "headerImage",
  "headerAlt",
  "headerFocus",
  "headerPlace",
] as const satisfies readonly (keyof Look)[];

/** Choices that are typed or picked, by the field's name in the form. */
const FIELDS = {
  theme: "theme",
  accentColour: "accent_colour",
  textFont: "text_font",
  headingFont: "heading_font",
  headerAlt: "header_alt",
  headerFocus: "header_focus",
  headerPlace: "header_place",
} as const;

/** The choices among settings. */
export function lookOf(settings: Look): Look {
  return Object.fromEntries(LOOK_NAMES.map((name) => [name, settings[name]])) as Look;
}

/** Choices as part of an address, so that they can be tried out before they are kept anywhere. */
export function formatLook(look: Look): string {
  return Buffer.from(JSON.stringify(lookOf(look))).toString("base64url");
}

/** Reads choices from an address. What breaks a rule is as it is stored: whoever changes the address changes only that. */
export function parseLook(text: string | undefined, stored: Look): Look {
  if (text === undefined || text === "" || text.length > MAX_LOOK_LENGTH) return stored;
  const { settings } = checkSettings(pickLook(decode(text)));
  return { ...stored, ...settings };
}

/**
 * Reads the form of the choices, on top of those that it carries on unseen in `look`. Files that came with it are stored;
 * what breaks a rule stays as it was before, and is a problem.
 */
export async function readLookForm(
  ctx: FileContext,
  form: Form,
  stored: Look,
): Promise<{ look: Look; typed: TypedLook; problems: LookProblems }> {
  const base = parseLook(form.text("look"), stored);
  const sent = Object.entries(FIELDS).filter(([, field]) => form.has(field));
  const typed: TypedLook = Object.fromEntries(sent.map(([name, field]) => [name, form.text(field)]));
  if (form.has("accent") && form.text("accent") !== "own") typed.accentColour = "";
  const header = await takeHeader(ctx, form);
  const fonts = await takeFonts(ctx, form, base);
  const checked = checkSettings({ ...typed, ...header.found });
  const look = withoutLostFonts({ ...base, ...checked.settings, fonts: fonts.found });
  return { look, typed, problems: { ...checked.problems, ...header.problems, ...fonts.problems } };
}

type Taken<Found> = { readonly found: Found; readonly problems: LookProblems };

async function takeHeader(ctx: FileContext, form: Form): Promise<Taken<{ headerImage?: string }>> {
  const found = form.has("remove_header_image") ? { headerImage: "" } : {};
  const file = form.file("header_image");
  if (file === undefined || file.sizeBytes === 0) return { found, problems: {} };
  try {
    const { name } = await saveUpload(ctx, file, { only: "image" });
    return { found: { headerImage: name }, problems: {} };
  } catch (error) {
    return { found, problems: { headerImage: sentenceOf(error) } };
  }
}

/** The fonts that are kept and those that came, each file once. */
async function takeFonts(ctx: FileContext, form: Form, base: Look): Promise<Taken<readonly OwnFont[]>> {
  const removed = new Set(form.texts("remove_font"));
  const fonts = new Map(base.fonts.filter(({ file }) => !removed.has(file)).map((font) => [font.file, font]));
  const files = form.files("font_files").filter(({ sizeBytes }) => sizeBytes > 0);
  if (fonts.size + files.length > MAX_FONTS) {
    const sentence = `A site has at most ${MAX_FONTS} font files. Remove one first.`;
    return { found: [...fonts.values()], problems: { fonts: sentence } };
  }
  const problems: { fonts?: string } = {};
  for (const file of files) {
    try {
      const font = await takeFont(ctx, file);
      fonts.set(font.file, font);
    } catch (error) {
      problems.fonts = `${file.name}: ${sentenceOf(error)}`;
    }
  }
  return { found: [...fonts.values()], problems };
}

/** Reads no more of a file into memory than a font may have. */
async function takeFont(ctx: FileContext, { path, sizeBytes, name, problem }: UploadedFile): Promise<OwnFont> {
  if (problem !== undefined) throw problem;
  if (sizeBytes > MAX_FONT_BYTES) throw tooLargeFont();
  return await saveFont(ctx, { bytes: await readFile(path), originalName: name });
}

/** A font that was removed is chosen no longer. */
function withoutLostFonts(look: Look): Look {
  const isLost = (choice: string) => {
    const family = ownFamily(choice);
    return family !== undefined && !look.fonts.some((font) => font.family === family);
  };
  const { textFont, headingFont } = look;
  return {
    ...look,
    textFont: isLost(textFont) ? "theme" : textFont,
    headingFont: isLost(headingFont) ? "theme" : headingFont,
  };
}

/** Said at its field, beside whatever else is wrong. */
function sentenceOf(error: unknown): Words {
  if (!(error instanceof AppError) || error.code === "storage_full") throw error;
  return error.said;
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined; // An address that was cut short.
  }
}

function pickLook(value: unknown): Partial<Record<keyof Look, unknown>> {
  if (typeof value !== "object" || value === null) return {};
  const entries = LOOK_NAMES.filter((name) => Object.hasOwn(value, name));
  return Object.fromEntries(entries.map((name) => [name, (value as Record<string, unknown>)[name]]));
}
