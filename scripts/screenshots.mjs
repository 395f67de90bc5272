// Photographs the site for docs/screenshots/: each page at three widths, in light and dark.
//
//   node scripts/screenshots.mjs                     a site of its own, made of scripts/demo-notes in a temporary folder
//   node scripts/screenshots.mjs URL < password      a site that runs at URL, with the password of its author
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sharp from "sharp";

const WIDTHS = [360, 768, 1280];
const SCHEMES = ["light", "dark"];
/** Tallest picture of a list, in pixels: what is further down looks like what is above. Other pages are shown whole. */
const MAX_HEIGHT = 1500;
const MAX_WHOLE_HEIGHT = 4500;
const MARGIN = 28; // pixels below the last note that still fits
const VIEWPORT_HEIGHTS = { 360: 780, 768: 1024, 1280: 860 };
const START_TIMEOUT_MS = 20_000;

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "docs", "screenshots");

/** Readers' pages by the name of their picture. `links`: the first of these that home has. */
const PUBLIC_PAGES = [
  { name: "home", path: "/" },
  { name: "note", links: [".h-entry a[href$='/conditional-requests']", ".h-entry h2 a"], maxHeight: MAX_WHOLE_HEIGHT },
  { name: "tag", links: [".tags a[href='/tags/web']", ".tags a"] },
  { name: "archive", path: "/archive" },
  { name: "search", path: "/search?q=feed" },
  { name: "not-found", path: "/no-such-page" },
  { name: "login", path: "/login" },
];

const site = process.argv[2] ? { url: process.argv[2], password: readFileSync(0, "utf8").trim() } : await startDemo();
const browser = await chromium.launch({
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
mkdirSync(folder, { recursive: true });
try {
  if (site.isDemo) await fillSettings();
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographAll(width, colorScheme);
} finally {
  await browser.close();
  await site.stop?.();
}

async function photographAll(width, colorScheme) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const take = (name, options) => photograph(page, `${name}-${width}-${colorScheme}`, options);
  for (const { name, path, links, maxHeight } of PUBLIC_PAGES) {
    await page.goto(site.url + (path ?? (await findLink(page, links))));
    await take(name, { maxHeight });
  }
  await logIn(page);
  await page.goto(`${site.url}/admin`);
  await take("admin-notes");
  await write(page);
  await take("editor", { whole: false });
  if (width < 1024) await photographPreview(page, take);
  for (const name of ["settings", "health"]) {
    await page.goto(`${site.url}/admin/${name}`);
    await take(name, { maxHeight: MAX_WHOLE_HEIGHT });
  }
  await context.close();
}

/** On a narrow screen the preview stands below the form; the button leads to it. */
async function photographPreview(page, take) {
  const viewport = page.viewportSize();
  const preview = await page.locator(".preview").boundingBox();
  await page.setViewportSize({ width: viewport.width, height: Math.ceil(preview.height) + MARGIN });
  await page.getByRole("button", { name: "Preview" }).click();
  await take("editor-preview", { whole: false });
  await page.setViewportSize(viewport);
}

async function findLink(page, selectors) {
  await page.goto(site.url);
  for (const selector of selectors) {
    const link = page.locator(selector).first();
    if ((await link.count()) > 0) return link.getAttribute("href");
  }
  throw new Error(`Home has none of ${selectors.join(", ")}. Publish a note with a title and a tag first.`);
}

async function logIn(page) {
  await page.goto(`${site.url}/login`);
  await page.locator("[name=password]").fill(site.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(/\/admin/);
}

/** Types a note and waits for its preview. Nothing is saved. */
async function write(page) {
  await page.goto(`${site.url}/admin/notes/new`);
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator("[name=title]").fill("Why the harbour light blinks");
  await page.locator("[name=content]").fill(readFileSync(join(root, "scripts", "demo-notes", "draft.txt"), "utf8"));
  await page.locator("[name=tags]").fill("Sea, making");
  await page.locator("#preview pre").waitFor();
  await page.evaluate(() => {
    document.querySelector("#content").scrollTop = 0;
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
}

async function photograph(page, name, { whole = true, maxHeight = MAX_HEIGHT } = {}) {
  const viewport = page.viewportSize();
  if (whole) {
    // As tall as its content, so that what sticks to the edge of the screen stands at the end and not in the middle.
    const height = await page.evaluate(heightToShow, { maxHeight, margin: MARGIN });
    await page.setViewportSize({ width: viewport.width, height: Math.max(height, viewport.height) });
  }
  const image = await page.screenshot();
  // Flat colours and sharp letters: a palette without loss is smaller than a photograph's coding, and crisp.
  const flat = await sharp(image).png({ palette: true, colours: 64, dither: 0 }).toBuffer();
  const small = await sharp(flat).webp({ lossless: true, effort: 6 }).toBuffer();
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

/** Sets up, fills and serves a site in a temporary folder. */
async function startDemo() {
  const dir = mkdtempSync(join(tmpdir(), "starpunk-screenshots-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const password = "twelve blue herring boats";
  const env = { ...process.env, DATA_DIR: dir, PORT: String(port), SITE_URL: url, LOG_LEVEL: "error" };
  run(
    env,
    [
      "setup",
      "--name",
      "Mara Lindqvist",
      "--title",
      "Salt & Signal",
      "--time-zone",
      "Europe/Stockholm",
      "--password-stdin",
    ],
    password,
  );
  run(env, ["import", join(root, "scripts", "demo-notes")]);
  const server = spawn(process.execPath, [join(root, "dist", "main.js"), "serve"], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = async () => {
    if (server.exitCode === null && server.kill("SIGTERM")) await once(server, "exit");
    rmSync(dir, { recursive: true, force: true });
  };
  await waitUntilUp(`${url}/health`).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url, password, stop, isDemo: true };
}

function run(env, args, input = "") {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "dist", "main.js"), ...args], {
    env,
    input,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`starpunk ${args[0]} failed: ${stderr}`);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

async function waitUntilUp(url) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within ${START_TIMEOUT_MS / 1000} seconds.`);
}

/** Gives the demo's author a face and a few words, through the page that authors use. */
async function fillSettings() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await logIn(page);
  await page.goto(`${site.url}/admin/settings`);
  await page.locator("[name=site_description]").fill("Notes from a harbour town: tides, small tools, and the web.");
  await page
    .locator("[name=author_bio]")
    .fill("I mend radios, keep a tide table, and write down what I learn before the next boat.");
  await page.locator("[name=author_links]").fill("https://social.example/@mara\nhttps://code.example/mara");
  await page.locator("[name=footer_text]").fill("Words under CC BY 4.0.");
  await page
    .locator("[name=author_photo]")
    .setInputFiles({ name: "mara.png", mimeType: "image/png", buffer: await drawPortrait() });
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.waitForURL(/done=settings/);
  await context.close();
}

/** A lighthouse at dusk, for want of a person. */
function drawPortrait() {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240">
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#1f3a5f"/><stop offset=".6" stop-color="#d98a6a"/><stop offset="1" stop-color="#f3c98b"/>
    </linearGradient>
    <rect width="240" height="240" fill="url(#sky)"/>
    <path d="M128 78 240 30v96z" fill="#fff3c4" opacity=".75"/>
    <path d="M106 96h30l10 104H96z" fill="#f7f1e8"/><path d="M103 128h36l2 22h-40zM99 172h44l2 22H97z" fill="#b0124f"/>
    <path d="M108 64h26v32h-26z" fill="#fff3c4"/><path d="M104 64 121 46l17 18z" fill="#27405e"/>
    <path d="M0 196q60-14 120 0t120 0v44H0z" fill="#27405e"/>
  </svg>`;
  return sharp(Buffer.from(drawing)).png().toBuffer();
}
