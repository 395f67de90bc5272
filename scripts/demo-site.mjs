// A site to photograph: made of scripts/demo-notes in a temporary folder, with an author, and with something to see on
// the pages of who runs it.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { writePhotoNotes } from "./demo-photos.mjs";
import { writeYears } from "./demo-years.mjs";

const START_TIMEOUT_MS = 20_000;

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Sets up, fills and serves a site in a temporary folder, with photos, or with the notes of some years, if they are wanted;
 * `env`: more of its environment; `host`: what it is called, `localhost` where passkeys are to work.
 */
export async function startDemo({ photos = false, years = false, env: own = {}, host = "127.0.0.1" } = {}) {
  const dir = mkdtempSync(join(tmpdir(), "starpunk-screenshots-"));
  const port = await freePort();
  const url = `http://${host}:${port}`;
  const password = "twelve blue herring boats";
  const env = { ...process.env, DATA_DIR: dir, PORT: String(port), SITE_URL: url, LOG_LEVEL: "warn", ...own };
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
  if (photos) {
    const folder = join(dir, "photos-to-import");
    await writePhotoNotes(folder);
    run(env, ["import", folder]);
  }
  if (years) {
    const folder = join(dir, "years-to-import");
    writeYears(folder);
    run(env, ["import", folder]);
  }
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
export async function fillSettings(page, site) {
  await logIn(page, site);
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
}

/** Gives the queue and the log something to tell: a note for later, an image that cannot be had, wrong passwords. */
export async function fillOperations(page, site) {
  for (let time = 0; time < 3; time += 1) {
    await page.goto(`${site.url}/login`);
    await page.locator("[name=password]").fill("a wrong password");
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await page.locator("[role=alert]").waitFor();
  }
  await logIn(page, site);
  await publish(page, site, { title: "New year", content: "Still to come.", date: "2030-01-01T09:00" });
  await publish(page, site, { title: "The old pier", content: "![The pier](http://127.0.0.1:9/pier.jpg)", date: "" });
  await page.waitForTimeout(3_000); // Jobs are looked for each second.
}

/** Logs the author in. */
export async function logIn(page, site) {
  await page.goto(`${site.url}/login`);
  await page.locator("[name=password]").fill(site.password);
  await page.locator("[name=password]").press("Enter");
  await page.waitForURL(/\/admin/);
}

/** Publishes a note through the editor, later where there is a date. */
async function publish(page, site, { title, content, date }) {
  await page.goto(`${site.url}/admin/notes/new`);
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator("[name=title]").fill(title);
  await page.locator("[name=content]").fill(content);
  // The field may stand in a part of the form that is folded.
  if (date !== "") await page.locator("[name=published_at]").evaluate((field, value) => (field.value = value), date);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.waitForURL(/done=/);
}

/** A lighthouse at dusk, for want of a person. */
export function drawPortrait() {
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
