// Photographs what a note shows besides words, for docs/screenshots/: galleries of one, two, three and five photos, a film, a
// recording and a PDF, the media library, and the question for descriptions. At three widths, in light and dark, with a site
// of its own.
//
//   node scripts/screenshots-media.mjs
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import sharp from "sharp";
import { logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const MAX_WHOLE_HEIGHT = 4500;
const WIDE = [1600, 1067];
const TALL = [1067, 1600];
const FILM_MS = 1500;

const site = await startDemo();
const browser = await openBrowser();
try {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await logIn(page, site);
  const photos = await makePhotos();
  for (const note of galleries(photos)) await publish(page, note);
  const files = await publish(page, {
    title: "The tide, seen, heard and written down",
    tags: "tide",
    files: await makeFiles(),
  });
  const asking = { content: "Low water on Saturday.\n", files: photos.slice(7, 9) };
  const storageState = await context.storageState();
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) await photographAll({ width, colorScheme, storageState, files, asking });
  }
} finally {
  await browser.close();
  await site.stop();
}

async function photographAll({ width, colorScheme, storageState, files, asking }) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, storageState, javaScriptEnabled: false });
  const page = await context.newPage();
  const options = (name) => ({ whole: name !== "media", maxHeight: MAX_WHOLE_HEIGHT, isPhoto: true });
  const take = (name) => photograph(page, `${name}-${width}-${colorScheme}`, options(name));
  for (const [name, path] of Object.entries({ gallery: "/tags/gallery", files, media: "/admin/media" })) {
    await page.goto(site.url + path, { waitUntil: "networkidle" });
    await take(name);
  }
  await fill(page, asking);
  await page.locator("button[value=publish]").click();
  await page.locator(".alt-field").first().waitFor();
  await take("editor-describe");
  await context.close();
}

/** Writes a note by the editor, files and all. Returns its path. */
async function publish(page, note) {
  await fill(page, note);
  await page.locator("button[value=add_images]").click();
  const described = (await page.locator("[name=content]").inputValue()).replaceAll("![]", "![By the sea]");
  await page.locator("[name=content]").fill(note.caption ? described.replace(/\)/u, ` "${note.caption}")`) : described);
  await page.locator("button[value=publish]").click();
  return page.getByRole("link", { name: "View", exact: true }).getAttribute("href");
}

async function fill(page, { title = "", content = "", tags = "", files }) {
  await page.goto(`${site.url}/admin/notes/new`);
  await page.locator("[name=title]").fill(title);
  await page.locator("[name=content]").fill(content);
  await page.locator("[name=tags]").fill(tags);
  await page.locator("[name=image]").setInputFiles(files);
}

function galleries(photos) {
  const tags = "gallery";
  return [
    { content: "Five before breakfast.", files: photos.slice(2, 7), tags },
    { content: "Three ways to look at a lighthouse.", files: [photos[0], photos[4], photos[5]], tags },
    { content: "Low water, high water.", files: photos.slice(0, 2), tags },
    { content: "One will do.", files: [photos[8]], caption: "Hållö, a little before eight", tags },
  ];
}

/** Views of the sea at nine hours of the day: some wide, some tall. */
async function makePhotos() {
  const shapes = [WIDE, WIDE, TALL, WIDE, TALL, WIDE, WIDE, TALL, WIDE];
  return await Promise.all(
    shapes.map(async (shape, hour) => file(`shore-${hour + 1}.jpg`, "image/jpeg", await paint(shape, hour))),
  );
}

function file(name, mimeType, buffer) {
  return { name, mimeType, buffer };
}

function paint([width, height], hour) {
  const hue = 200 + hour * 17;
  const horizon = height * 0.6;
  const hills = [0, 1, 2].map((row) => {
    const y = horizon - (3 - row) * height * 0.05;
    const bend = (hour * 37 + row * 53) % 40;
    return `<path d="M0 ${y} Q ${width * 0.3} ${y - height * (0.1 + bend / 400)} ${width * 0.55} ${y} T ${width} ${y - 40} V ${height} H 0 Z" fill="hsl(${hue + row * 8} 30% ${45 - row * 9}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="hsl(${hue} 45% 55%)"/><stop offset="1" stop-color="hsl(${hue - 150} 70% 80%)"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * (0.15 + hour * 0.08)}" cy="${horizon * 0.55}" r="${height * 0.05}" fill="hsl(45 90% 85%)"/>
    ${hills.join("")}
    <rect y="${height * 0.72}" width="100%" height="${height * 0.28}" fill="hsl(${hue} 40% 35%)" opacity=".85"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer();
}

/** A film that Chromium records of a canvas, a second of sound, and a PDF of nothing. */
async function makeFiles() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.url);
  const film = await page.evaluate(record, { width: 640, height: 360, lengthMs: FILM_MS });
  await context.close();
  const frame = Buffer.concat([Buffer.from("fffb9064", "hex"), Buffer.alloc(413)]);
  const pdf = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n";
  return [
    file("tide.webm", "video/webm", Buffer.from(film, "base64")),
    file("foghorn.mp3", "audio/mpeg", Buffer.concat(Array(80).fill(frame))),
    file("tide-table.pdf", "application/pdf", Buffer.from(pdf)),
  ];
}

/** Runs in a page. */
async function record({ width, height, lengthMs }) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((done) => {
    recorder.onstop = done;
  });
  recorder.start();
  const begin = performance.now();
  while (performance.now() - begin < lengthMs) {
    const tide = 200 + 40 * Math.sin(performance.now() / 300);
    pen.fillStyle = "#9cc4d8";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#2f5d73";
    pen.fillRect(0, tide, width, height);
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
