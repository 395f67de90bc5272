import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { query } from "../support/database-files.ts";
import type { GuideSite, Said } from "../support/follow-guide.ts";
import { follow } from "../support/follow-guide.ts";
import { formTo } from "../support/forms.ts";
import type { GuideBlock } from "../support/guide-steps.ts";
import { listAnchors, listGuides, readBlocks, readLinks, readSteps } from "../support/guide-steps.ts";
import { unpackRelease } from "../support/old-data.ts";
import { createFolder, findFreePort, startServing } from "../support/server-process.ts";
import { until } from "../support/until.ts";
import { NOT_TRIED } from "./not-tried.ts";

const PASSWORD = "a quiet walk at dusk";

/** What may stand after a fence, besides `sh`: output, and what belongs into files. */
const NO_COMMANDS = ["text", "http", "ini", "nginx", "yaml"];

/** A guide while it is followed. */
type Guide = {
  readonly blocks: readonly GuideBlock[];
  /** Types some of its blocks, but for the commands that are left out. */
  readonly type: (blocks: readonly GuideBlock[], site: GuideSite) => Promise<Said[]>;
};

/** How the commands of each guide are tried; a guide that has commands and does not stand here fails. */
const TRIED: Readonly<Record<string, (guide: Guide) => Promise<void>>> = {
  "README.md": followReadme,
  "docs/operations/backup.md": followBackup,
  "docs/operations/configuration.md": followConfiguration,
  "docs/operations/dashboard.md": followDashboard,
  "docs/operations/install.md": followInstall,
  "docs/operations/performance.md": followPerformance,
  "docs/operations/scaling.md": followAll,
  "docs/operations/troubleshooting.md": followTroubleshooting,
  "docs/operations/upgrade.md": followUpgrade,
};

test.for(listGuides())("each step of %s does what it says", { timeout: 120_000 }, async (page) => {
  const languages = readBlocks(page).map(({ language }) => language);
  expect(languages.filter((language) => language !== "sh" && !NO_COMMANDS.includes(language))).toEqual([]);

  const blocks = readSteps(page);
  const leftOut = Object.keys(NOT_TRIED[page] ?? {});
  const commands = blocks.flatMap((block) => block.commands);
  const stale = leftOut.filter((command) => !commands.includes(command));
  expect(stale, "left out, but not in the guide any more").toEqual([]);

  const tried = new Set<GuideBlock>();
  const type: Guide["type"] = (some, site) => {
    for (const block of some) tried.add(block);
    return follow(some, { ...site, leftOut });
  };
  if (blocks.length > 0) expect(Object.keys(TRIED)).toContain(page);
  await TRIED[page]?.({ blocks, type });
  expect(
    blocks.filter((block) => !tried.has(block)),
    "neither tried nor in not-tried.ts",
  ).toEqual([]);
});

test.for(listGuides())("each link of %s leads to a file and a heading that are there", (page) => {
  const broken = readLinks(page).filter(({ file, heading }) => {
    return !existsSync(file) || (heading !== "" && !listAnchors(file).includes(heading));
  });

  expect(broken).toEqual([]);
});

/** For a guide of which every command is left out. */
async function followAll({ blocks, type }: Guide): Promise<void> {
  await type(blocks, { env: {} });
}

async function followReadme({ blocks, type }: Guide): Promise<void> {
  const under = (name: string) => blocks.filter(({ heading }) => heading === name);
  const places = async (dataDir: string) => {
    const port = await findFreePort();
    const env = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: "warn", PASSWORD };
    const url = `http://127.0.0.1:${port}`;
    return {
      url,
      site: { env, places: { "http://localhost:3000": url, "/var/lib/starpunk": dataDir } },
    };
  };

  const first = await places(createFolder());
  const [server = { stdout: "", stderr: "" }] = await type(under("Five minutes"), first.site);
  await publishInBrowser(server, first.url);
  expect(await read(`${first.url}/feed.xml`)).toContain("Hello, world.");

  const second = await places(createFolder());
  await startServing(second.site.env.DATA_DIR, { ...second.site.env, PORT: second.site.env.PORT });
  await type(under("Without a browser"), second.site);
  expect(await read(`${second.url}/`)).toContain("Hello from a script");

  const third = await places(createFolder());
  await type(under("Put it on the web"), third.site);
  expect(await read(`${third.url}/health`)).toBe('{"status":"ok"}');
  await type(under("Develop"), third.site);
}

/** What the README says to do between its commands: open the link, say who you are, skip the passkey, write, publish. */
async function publishInBrowser(server: Said, url: string): Promise<void> {
  await until(() => expect(server.stderr).toContain("(valid for one hour)"));
  const [, link = ""] = /Set up your site: http:\/\/localhost:\d+(\S+)/u.exec(server.stderr) ?? [];
  const setup = await fetch(url + link);
  const filled = { name: "Ada", site_title: "Ada writes", password: PASSWORD };
  const done = await submit(
    url,
    { form: formTo(await setup.text(), "/setup").fields, filled, cookie: cookieOf(setup) },
    "/setup",
  );
  const cookie = cookieOf(done);
  const offer = await read(new URL(done.headers.get("location") ?? "", url).href, { Cookie: cookie });
  const [, skip = ""] = /href="([^"]+)">Skip this and start writing/u.exec(offer) ?? [];
  const editor = await read(new URL(skip, url).href, { Cookie: cookie });
  const note = formTo(editor, "/admin/notes").fields;
  const published = await submit(
    url,
    { form: note, filled: { content: "Hello, world.", action: "publish" }, cookie },
    "/admin/notes",
  );
  expect(published.status).toBe(303);
}

type Filled = { form: object; filled: object; cookie: string };

function submit(url: string, { form, filled, cookie }: Filled, path: string): Promise<Response> {
  const body = new URLSearchParams({ ...form, ...filled } as Record<string, string>);
  return fetch(url + path, { method: "POST", body, headers: { Cookie: cookie }, redirect: "manual" });
}

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

async function read(url: string, headers: Record<string, string> = {}): Promise<string> {
  return (await fetch(url, { headers })).text();
}

async function followBackup({ blocks, type }: Guide): Promise<void> {
  const dataDir = unpackRelease("0.1.0", createFolder());
  const folder = createFolder();
  const port = await findFreePort();
  const folders = {
    "/mnt/usb": "usb",
    "/tmp/rehearsal": "rehearsal",
    "/var/lib/starpunk": "site",
    "/home/ada": "home",
  };
  for (const name of Object.values(folders)) mkdirSync(join(folder, name));
  mkdirSync(join(folder, "site", "backups"));
  writeFileSync(join(folder, "site", "backups", "a.zip"), "zip");
  const places = Object.fromEntries(Object.entries(folders).map(([from, to]) => [from, join(folder, to)]));

  await type(blocks, {
    env: { DATA_DIR: dataDir },
    places: { ...places, "PORT=3999": `PORT=${port}` },
  });

  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  for (const name of ["site", "rehearsal"]) {
    expect(query(join(folder, name, "starpunk.db"), "SELECT count(*) AS notes FROM notes")).toEqual([{ notes: 8 }]);
  }
}

async function followConfiguration({ blocks, type }: Guide): Promise<void> {
  const dataDir = createFolder();
  const port = await findFreePort();
  const places = { "/var/lib/starpunk": dataDir, "PORT=3000": `PORT=${port}` };

  const said = await type(blocks, { env: { LOG_LEVEL: "warn" }, places });

  expect(said[0]?.stdout).toMatch(/^ok +configuration/mu);
}

async function followDashboard({ blocks, type }: Guide): Promise<void> {
  const dataDir = unpackRelease("0.1.0", createFolder());
  const { url } = await startServing(dataDir);

  const said = await type(blocks, { env: { DATA_DIR: dataDir, SITE_URL: url } });

  expect(said[0]?.stdout).toBe('{"status":"ok"}');
  expect(JSON.parse(said[1]?.stdout ?? "")).toMatchObject({
    status: expect.stringMatching(/^(?:ok|warning|failed)$/u),
  });
}

async function followPerformance({ blocks, type }: Guide): Promise<void> {
  const dataDir = unpackRelease("0.1.0", createFolder());
  const { port } = await startServing(dataDir);
  const [request, metrics, ...settings] = blocks;
  if (request === undefined || metrics === undefined) throw new Error("The guide asks no server.");

  const asked = await type([request, metrics], { env: { DATA_DIR: dataDir, PORT: String(port) } });
  const own = { DATA_DIR: createFolder(), PORT: String(await findFreePort()) };
  await type(settings, { env: own });

  expect(asked[0]?.stdout).toMatch(/^first byte after 0?[.,]\d+ s$/mu);
  expect(asked[1]?.stdout).toContain('quantile="0.99"');
  expect((await fetch(`http://127.0.0.1:${own.PORT}/`)).status).toBe(200);
}

async function followInstall({ blocks, type }: Guide): Promise<void> {
  const folder = createFolder();
  const names = ["/var/lib/starpunk", "/var/log/starpunk", "/etc/systemd/system", "/opt/starpunk"];
  const places = Object.fromEntries(names.map((name) => [name, join(folder, name)]));
  for (const name of names.slice(0, -1)) mkdirSync(join(folder, name), { recursive: true });

  await type(blocks, { env: { PASSWORD }, places });

  expect(existsSync(join(folder, "opt/starpunk.old/dist/main.js"))).toBe(true);
  expect(existsSync(join(folder, "opt/starpunk/dist/main.js"))).toBe(true);
  expect(existsSync(join(folder, "etc/systemd/system/starpunk.service"))).toBe(true);
  const database = join(folder, "var/lib/starpunk/starpunk.db");
  expect(query(database, "SELECT count(*) AS authors FROM author")).toEqual([{ authors: 1 }]);
}

async function followUpgrade({ blocks, type }: Guide): Promise<void> {
  const dataDir = unpackRelease("0.1.0", createFolder());

  const said = await type(blocks, { env: { DATA_DIR: dataDir } });

  expect(said.map(({ stdout }) => stdout)).toEqual([expect.stringContaining("007-feed-items.sql\n"), ""]);
}

async function followTroubleshooting({ blocks, type }: Guide): Promise<void> {
  const dataDir = unpackRelease("0.1.0", createFolder());
  const { url, port } = await startServing(dataDir, { LOG_LEVEL: "info" });
  const id = (await fetch(`${url}/none`)).headers.get("x-request-id") ?? "";
  await fetch(`${url}/micropub`, { method: "POST", headers: { Authorization: "Bearer wrong" } });
  const rescue = join(createFolder(), "rescued");
  const env = {
    DATA_DIR: dataDir,
    SITE_URL: url,
    PORT: String(port),
    REQUEST_ID: id,
    RESCUE: rescue,
    NEW_PASSWORD: PASSWORD,
  };

  const said = await type(blocks, { env });
  const saidAfter = (typed: string) => {
    const index = blocks.findIndex(({ commands }) => commands.join("\n").includes(typed));
    return said[index]?.stdout;
  };

  expect(saidAfter("starpunk doctor")).toMatch(/^ok +integrity +8 notes/mu);
  expect(saidAfter("/health")).toBe('{"status":"ok"}');
  expect(saidAfter("REQUEST_ID")).toContain('"status":404');
  expect(saidAfter("starpunk export")).toBe("8 notes, 1 media file\n");
  expect(readFileSync(join(rescue, "starpunk.json"), "utf8")).toContain("format");
  expect(saidAfter("--head")).toMatch(/^HTTP\/1\.1 200/u);
}
