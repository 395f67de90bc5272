import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { loadSharp } from "./load-sharp.ts";
import { mediaFolder } from "./media-files.ts";

/** How an icon is drawn: `size` in pixels; with `isMaskable` a phone may cut any shape out of it. */
export type AppIcon = { readonly size: number; readonly isMaskable: boolean };

/** The part of a maskable icon that no shape cuts away: 80 % (W3C Manifest, icon masks). */
const SAFE_PART = 0.8;

/** Draws the author's icon, a file of the media store, as a square PNG. Rejects where the file is lost or no image. */
export async function drawAppIcon(
  ctx: Pick<Context, "config">,
  name: string,
  { size, isMaskable }: AppIcon,
): Promise<Buffer> {
  const sharp = await loadSharp();
  const inner = isMaskable ? Math.round(size * SAFE_PART) : size;
  const margin = Math.floor((size - inner) / 2);
  const background = isMaskable ? "#ffffff" : { r: 0, g: 0, b: 0, alpha: 0 };
  const image = sharp(await readFile(join(mediaFolder(ctx.config), name)))
    .resize(inner, inner, { fit: "contain", background })
    .extend({ top: margin, left: margin, right: size - inner - margin, bottom: size - inner - margin, background });
  return await (isMaskable ? image.flatten({ background }) : image).png().toBuffer();
}
