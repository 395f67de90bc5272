// What the scripts that photograph the site share: widths, the browser, and the picture itself.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sharp from "sharp";

export const WIDTHS = [360, 768, 1280];
export const SCHEMES = ["light", "dark"];
export const VIEWPORT_HEIGHTS = { 360: 780, 768: 1024, 1280: 860 };
/** Tallest picture of a list, in pixels: what is further down looks like what is above. Other pages are shown whole. */
const MAX_HEIGHT = 1500;
/** How a page with photos is coded. */
const PHOTO = { quality: 55, effort: 6 };
/** Pixels below the last note that still fits. */
export const MARGIN = 28;

const folder = fileURLToPath(new URL("../docs/screenshots", import.meta.url));

/** Starts Chromium (CHROMIUM_PATH, else /usr/bin/chromium). Whoever asks closes it. */
export function openBrowser() {
  mkdirSync(folder, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Writes what a page shows into docs/screenshots, under a name. */
export async function photograph(page, name, { whole = true, maxHeight = MAX_HEIGHT, isPhoto = false } = {}) {
  const viewport = page.viewportSize();
  if (whole) {
    // As tall as its content, so that what sticks to the edge of the screen stands at the end and not in the middle.
    const height = await page.evaluate(heightToShow, { maxHeight, margin: MARGIN });
    await page.setViewportSize({ width: viewport.width, height: Math.max(height, viewport.height) });
  }
  const image = await page.screenshot();
  // Flat colours and sharp letters: a palette without loss is smaller than a photograph's coding, and crisp.
  const flat = isPhoto ? image : await sharp(image).png({ palette: true, colours: 64, dither: 0 }).toBuffer();
  const small = await sharp(flat)
    .webp(isPhoto ? PHOTO : { lossless: true, effort: 6 })
    .toBuffer();
  writeFileSync(join(folder, `${name}.webp`), small);
  await page.setViewportSize(viewport);
}

/** The height of the page, or of as many whole notes as fit. Runs in the page. */
function heightToShow({ maxHeight, margin }) {
  const whole = document.documentElement.scrollHeight;
  if (whole <= maxHeight) return whole;
  const ends = [...document.querySelectorAll(".entry, .row")].map(
    (note) => note.getBoundingClientRect().bottom + margin,
  );
  return Math.ceil(Math.max(...ends.filter((end) => end <= maxHeight)));
}
