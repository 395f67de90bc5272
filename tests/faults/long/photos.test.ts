import { statSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { devices } from "playwright-core";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { startChild } from "../../support/child.ts";
import { openPage, startChromium } from "../../support/chromium.ts";
import { EXIF } from "../../support/images.ts";
import type { ReaderFigures } from "../../support/reader-child.ts";
import { createFolder, findFreePort, startProgram } from "../../support/server-process.ts";
import { PROCESS_PASSWORD, sendNote, setUpSite } from "../../support/site-author.ts";
import { until } from "../../support/until.ts";

const PHOTOS = 40;
/** How long readers are watched at rest, before and after, in seconds. */
const REST_SECONDS = Number(process.env.PHOTOS_REST_SECONDS ?? 60);
/** Requests of readers, a second. */
const PER_SECOND = 50;
/** Niceness of the server and of the readers: below 0, as root, neighbours on the machine disturb the figures less. */
const NICE = Number(process.env.PHOTOS_NICE ?? 0);
/** How long the upload may take, in milliseconds. */
const UPLOAD_MS = 800_000;

/** Photos of 12 megapixels, each different from the others, with all that a phone writes into them. */
async function makePhotos(): Promise<string[]> {
  const folder = createFolder();
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  const grain = sharp({ create: { width: 1400, height: 1050, channels: 3, background: "#000", noise } });
  const { data, info } = await grain.resize(4000, 3000).raw().toBuffer({ resolveWithObject: true });
  const paths: string[] = [];
  for (let number = 0; number < PHOTOS; number += 1) {
    data.fill(number * 6, number * 100_000, number * 100_000 + 50_000);
    const path = join(folder, `photo-${number}.jpg`);
    writeFileSync(path, await sharp(data, { raw: info }).jpeg({ quality: 88 }).withExif(EXIF).toBuffer());
    paths.push(path);
  }
  return paths;
}

/** A site with notes to read. */
async function serve() {
  const dataDir = createFolder();
  const site = await setUpSite(dataDir);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const through = NICE === 0 ? [] : ["nice", "-n", String(NICE)];
  const env = { DATA_DIR: dataDir, PORT: String(port), SITE_URL: url, LOG_LEVEL: "warn" };
  const server = startProgram({ words: ["serve"], env, through });
  await until(() => expect(server.said.stderr).toContain("StarPunk is at"));
  const login = { cookie: "", csrfToken: "" };
  for (let number = 0; number < 40; number += 1) {
    const note = { content: `Note ${number}. ${"Some words to read. ".repeat(40)}`, tags: ["sea"], formKey: "" };
    await sendNote({ port, site, login }, { ...note, way: "form" });
  }
  return { url };
}

async function logIn(url: string) {
  const browser = await startChromium();
  onTestFinished(() => browser.close());
  const { page } = await openPage(browser, devices["Pixel 7"] ?? {});
  await page.goto(`${url}/login`);
  await page.fill("[name=password]", PROCESS_PASSWORD);
  await page.press("[name=password]", "Enter");
  await page.waitForURL("**/admin**");
  return page;
}

test(`${PHOTOS} photos of several megabytes upload from a phone in one go, and readers wait at most twice as long`, async () => {
  const photos = await makePhotos();
  const { url } = await serve();
  const page = await logIn(url);
  const readers = await startChild(new URL("../../support/reader-child.ts", import.meta.url));
  const urls = ["/", "/tags/sea", "/archive", "/feed.xml"].map((path) => url + path);
  await readers.ask({ do: "read", urls, perSecond: PER_SECOND, priority: NICE });
  const watch = async (during: () => Promise<unknown>): Promise<ReaderFigures> => {
    await readers.ask({ do: "tell" });
    await during();
    return readers.ask<ReaderFigures>({ do: "tell" });
  };
  await pause(5_000);

  const before = await watch(() => pause(REST_SECONDS * 1000));
  await page.goto(`${url}/admin/media`);
  await page.setInputFiles("details.upload [name=image]", photos);
  const startedAt = performance.now();
  const during = await watch(async () => {
    await page.click("details.upload button", { noWaitAfter: true });
    await page.waitForURL("**/admin/media?done=uploaded", { timeout: UPLOAD_MS });
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const loop = await page.evaluate(async () => {
    const answer = await fetch("/admin/metrics", { headers: { Accept: "application/json" } });
    return JSON.stringify((await answer.json()).process?.eventLoopDelay ?? null);
  });
  const varying = await watch(() => pause(REST_SECONDS * 1000));

  const shown = await page.locator(".media-card").count();
  const megabytes = Math.round(photos.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6);
  console.log(
    JSON.stringify(
      { megabytes, photos: PHOTOS, seconds, before, during, varying, loop, load: loadavg(), nice: NICE },
      null,
      2,
    ),
  );
  expect(shown).toBe(PHOTOS);
  expect([before.failed, during.failed, varying.failed]).toEqual([0, 0, 0]);
  expect(during.p99).toBeLessThanOrEqual(2 * Math.max(before.p99, 5));
});
