// Photographs every kind of note for docs/screenshots/: how readers see them, and the editor's fields for them.
//
//   node scripts/screenshots-kinds.mjs
//
// Needs a build (npm run build) and Chromium. The pages that the notes are about are served by this script itself.
import { once } from "node:events";
import { createServer } from "node:http";
import sharp from "sharp";
import { drawPortrait, logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const PAGES = {
  "/engines": [
    "en",
    "What the tide tables leave out",
    "Ingrid Solheim",
    "Every table is a promise made by the moon and broken by the wind. For twelve years I have written both down.",
  ],
  "/buoys": [
    "sv",
    "Fyrar, bojar och tålamod",
    "Anders Ek",
    "Den som väntar på rätt vind lär sig se på bojarna i stället.",
  ],
  "/club": [
    "en",
    "Homebrew Website Club, Gothenburg",
    "Ingrid Solheim",
    "Bring a laptop, a cable and something half finished.",
  ],
};

const elsewhere = createServer(answer).listen(0, "127.0.0.1");
await once(elsewhere, "listening");
const host = `http://127.0.0.1:${elsewhere.address().port}`;
const picture = await drawSea();
const portrait = await drawPortrait();
const site = await startDemo({ env: { ALLOW_PRIVATE_NETWORK: "true" } });
const browser = await openBrowser();
try {
  const paths = await writeNotes();
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographAll(paths, { width, colorScheme });
} finally {
  await browser.close();
  await site.stop();
  elsewhere.close();
}

async function writeNotes() {
  const page = await (await browser.newContext()).newPage();
  await logIn(page, site);
  const write = (fields) => publish(page, fields);
  await write({
    kind: "event",
    title: "Radio evening at the boathouse",
    content: "Soldering irons are there. **Tea is too.**",
    event_start: "2026-12-04T19:00",
    event_end: "2026-12-04T22:00",
    event_place: "The boathouse, Käringön",
    tags: "radio",
  });
  await write({ kind: "like", kind_url: `${host}/buoys` });
  await write({ kind: "rsvp", kind_url: `${host}/club`, rsvp: "yes", content: "I bring the long cable." });
  await write({
    kind: "bookmark",
    kind_url: `${host}/engines`,
    title: "What the tide tables leave out",
    content: "To read again before spring.",
    tags: "sea",
  });
  await write({ kind: "repost", kind_url: `${host}/buoys` });
  await write({ kind: "like", kind_url: "https://harbour.example/log/2026/a-page-that-nobody-could-fetch" });
  const reply = await write({
    kind: "reply",
    kind_url: `${host}/engines`,
    content: "The wind keeps its own table. Mine agrees with yours on all but three days in November.",
  });
  // Until the pages and their pictures have come.
  for (let tries = 0; tries < 60; tries += 1) {
    await page.goto(site.url);
    if ((await page.locator(".h-cite .p-author img").count()) >= 5) break;
    await page.waitForTimeout(500);
  }
  await page.context().close();
  return { reply };
}

async function publish(page, fields) {
  await page.goto(`${site.url}/admin/notes/new`);
  await page.locator("#kind-fields > summary").click();
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`#editor [name=${name}]`);
    if (["kind", "rsvp"].includes(name)) await field.selectOption(value);
    else await field.fill(value);
  }
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.waitForURL(/\/admin\/notes\/\d+/);
  return new URL(page.url()).pathname.split("/").at(-1);
}

async function photographAll({ reply }, { width, colorScheme }) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const take = (name, options) => photograph(page, `${name}-${width}-${colorScheme}`, options);
  await page.goto(site.url);
  await take("kinds", { maxHeight: { 360: 2400, 768: 1900, 1280: 1760 }[width] });
  await page.goto(site.url + (await page.locator(".entry:has(.in-reply-to) .u-url").first().getAttribute("href")));
  await take("kind-reply");
  await logIn(page, site);
  await page.goto(`${site.url}/admin/notes/new?kind=rsvp&url=${host}/club&rsvp=interested`);
  await take("editor-kind", { whole: false });
  await page.goto(`${site.url}/admin/notes/${reply}`);
  await page.locator(".cited-pages").scrollIntoViewIfNeeded();
  await take("editor-cited", { whole: false });
  await context.close();
}

function answer({ url }, response) {
  if (url === "/sea.png" || url === "/face.png")
    return response.setHeader("Content-Type", "image/png").end(url === "/sea.png" ? picture : portrait);
  const page = PAGES[url];
  if (page === undefined) return response.writeHead(404).end();
  const [language, title, author, text] = page;
  const image = url === "/engines" ? '<img class="u-featured" src="/sea.png" alt="">' : "";
  response
    .setHeader("Content-Type", "text/html; charset=utf-8")
    .end(`<!doctype html><html lang="${language}"><title>${title}</title>
<article class="h-entry"><h1 class="p-name">${title}</h1><p class="p-author h-card"><img class="u-photo" src="/face.png" alt=""><a class="p-name u-url" href="/">${author}</a></p>
${image}<div class="e-content"><p>${text}</p></div></article></html>`);
}

function drawSea() {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="#cfd9e6"/><circle cx="430" cy="120" r="60" fill="#f4e3b4"/><path d="M0 240q150-50 300 0t300 0v160H0z" fill="#35597a"/><path d="M0 300q150-50 300 0t300 0v100H0z" fill="#24415c"/></svg>';
  return sharp(Buffer.from(svg)).png().toBuffer();
}
