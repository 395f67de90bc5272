import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SafeFetch } from "../../src/lib/safe-fetch.ts";
import { paths } from "../../src/lib/urls.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { examineNode, judgeDisk } from "../../src/monitoring/examine-machine.ts";
import { DISK_FAILED_BYTES, DISK_WARNING_BYTES } from "../../src/monitoring/health-checks.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import type { TestContext } from "../support/context.ts";
import { testContext } from "../support/context.ts";
import { query, tamper } from "../support/database-files.ts";
import { examineSite, findFaults, mendSite, toLines } from "../support/doctor.ts";
import { picture } from "../support/images.ts";
import { unpackRelease } from "../support/old-data.ts";

const ORIGIN = { madeBy: "admin" };

/** A site with some notes and one image, all of it well. */
async function openSite(): Promise<TestContext & { file: string; image: string; clockToFiles: () => void }> {
  const context = await testContext();
  const { ctx, dir, clock } = context;
  const image = (await saveImage(ctx, { bytes: await picture(30, 20).png().toBuffer() })).name;
  await publishNote(ctx, { content: `Words ![Picture](${paths.media(image)})`, slug: "pictured" }, ORIGIN);
  for (let number = 0; number < 30; number += 1) await publishNote(ctx, { content: `Note ${number}` }, ORIGIN);
  await indexNewNotes(ctx.db);
  // Files are written in real time, and the clock of a test stands still.
  const clockToFiles = () => clock.set(new Date(statSync(join(dir, "starpunk.db")).mtimeMs).toISOString() as never);
  clockToFiles();
  return { ...context, file: join(dir, "starpunk.db"), image, clockToFiles };
}

test("a site that is well has nothing to mend, and each thing that was looked at is named with a figure", async () => {
  const site = await openSite();

  const findings = await examineSite(site);

  expect(toLines(findings.filter(({ status }) => status !== "ok"))).toEqual([
    expect.stringMatching(/^warning backup: none in /u),
    expect.stringMatching(
      /^warning site_url: http:\/\/localhost:3000\/health cannot be reached from here \(Nobody is there/u,
    ),
  ]);
  expect(findings.map(({ check }) => check)).toEqual([
    ...["node", "configuration", "permissions", "disk_space", "clock", "sqlite", "schema", "integrity", "foreign_keys"],
    ...["search_index", "jobs", "media", "variants", "theme", "leftovers", "kept_copies", "backup", "site_url"],
  ]);
  expect(findings.filter(({ figure }) => figure === "")).toEqual([]);
});

test("what others may read is named with its mode, and closed", async () => {
  const site = await openSite();
  chmodSync(site.dir, 0o755);
  chmodSync(site.file, 0o644);

  const before = toLines(await findFaults(site));
  const { lines, left } = await mendSite(site);

  expect(before).toEqual([
    `warning permissions: ${site.dir} is open to other users of this machine (755)`,
    `warning permissions: ${site.file} is open to other users of this machine (644)`,
  ]);
  expect([lines.length, left]).toEqual([2, []]);
  expect([statSync(site.dir).mode & 0o777, statSync(site.file).mode & 0o777]).toEqual([0o700, 0o600]);
});

test.each([
  ["an entry that is lost", "DELETE FROM note_search WHERE rowid = 3", "lacks 1 notes, and has 0 that are gone"],
  [
    "an entry too many",
    "INSERT INTO note_search (rowid, text) VALUES (99, 'x')",
    "lacks 0 notes, and has 1 that are gone",
  ],
  ["damage", "DELETE FROM note_search_data WHERE id > 10", "damaged: "],
])("a search index with %s is made anew from the notes", async (_what, script, figure) => {
  const site = await openSite();
  tamper(site.file, script);

  const [found] = toLines(await findFaults(site));
  const { lines, left } = await mendSite(site);

  expect(found).toContain(`warning search_index: ${figure}`);
  expect([lines, left]).toEqual([["made the search index anew"], []]);
  expect(query(site.file, "SELECT rowid FROM note_search WHERE note_search MATCH 'words'")).toEqual([{ rowid: 1 }]);
});

test("notes that wait for the search index are not called missing, and --fix leaves them to it", async () => {
  const site = await openSite();
  await publishNote(site.ctx, { content: "Waits" }, ORIGIN);
  site.clockToFiles();

  const { lines, left } = await mendSite(site);

  expect([lines, toLines(left)]).toEqual([[], []]);
  expect(query(site.file, "SELECT rowid FROM note_search WHERE note_search MATCH 'waits'")).toEqual([]);
});

test("a media file that is gone is an error, and the notes that show it are named", async () => {
  const site = await openSite();
  rmSync(join(site.dir, "media", site.image));

  expect(toLines(await findFaults(site))).toEqual([
    `error media: 1 of 1 are gone: ${site.image}`,
    "error media: 1 notes show pictures that are gone: pictured",
  ]);
});

test("smaller versions of images that are gone are a warning: they are made again", async () => {
  const site = await openSite();
  const name = `${site.image.slice(0, 22)}-480.webp`;
  tamper(site.file, `INSERT INTO media_variants VALUES ('${name}', '${site.image}', 'image/webp', 480, 320, 9)`);

  expect(toLines(await findFaults(site))).toEqual([
    `warning variants: 1 of 1 smaller versions of images are gone: ${name}`,
  ]);
});

test("a media file whose content is not what its name says is an error, and stays", async () => {
  const site = await openSite();
  const path = join(site.dir, "media", site.image);
  writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from("x")]));

  const { lines, left } = await mendSite(site);

  expect([lines, toLines(left)]).toEqual([[], [`error media: 1 are damaged: ${site.image}`]]);
});

test("a media file that no row knows is a warning, and stays: it may be the only copy", async () => {
  const site = await openSite();
  const orphan = `${"A".repeat(22)}.png`;
  writeFileSync(join(site.dir, "media", orphan), "x", { mode: 0o600 });

  const { lines, left } = await mendSite(site);

  expect([lines, toLines(left)]).toEqual([[], [`warning media: 1 that the database does not know: ${orphan}`]]);
});

test("a clock behind what was written already is a warning", async () => {
  const site = await openSite();
  tamper(site.file, "UPDATE notes SET changed_at = '2099-01-01T00:00:00.000Z' WHERE id = 1");

  expect(toLines(await findFaults(site))).toEqual([
    expect.stringMatching(/^warning clock: .+, but something was written at 2099-01-01T00:00:00\.000Z$/u),
  ]);
});

test("files from the future are a warning too", async () => {
  const site = await openSite();
  writeFileSync(join(site.dir, "note.txt"), "x");
  utimesSync(join(site.dir, "note.txt"), 4e9, 4e9);

  expect(toLines(await findFaults(site))).toEqual([expect.stringContaining("written at 2096-10-02T07:06:40.000Z")]);
});

test("a job whose process ended is put back into the queue", async () => {
  const site = await openSite();
  tamper(
    site.file,
    `INSERT INTO jobs (kind, payload, state, run_at, attempts, lease_until, created_at)
     VALUES ('notes.render', '{"noteId":1}', 'running', '2020-01-01T00:00:00.000Z', 1, '2020-01-01T00:01:00.000Z', '2020-01-01T00:00:00.000Z')`,
  );

  const before = toLines(await findFaults(site));
  const { lines, left } = await mendSite(site);

  expect(before).toEqual([expect.stringMatching(/^warning jobs: 1 whose process ended, /u)]);
  expect([lines, left]).toEqual([["put the jobs of ended processes back into the queue"], []]);
  expect(query(site.file, "SELECT state FROM jobs")).toEqual([{ state: "waiting" }]);
});

test("a row that points at nothing is a warning", async () => {
  const site = await openSite();
  tamper(
    site.file,
    "PRAGMA foreign_keys = OFF; INSERT INTO note_aliases VALUES ('/x', 999, '2020-01-01T00:00:00.000Z')",
  );

  expect(toLines(await findFaults(site))).toEqual([expect.stringMatching(/^warning foreign_keys: .*note_aliases/u)]);
});

test("what crashes have left is removed once it is old, and nothing else", async () => {
  const site = await openSite();
  const names = ["starpunk.db.abcd1234.new", "starpunk-before-009.db.new", ".probe-77", "mine.new"];
  for (const name of names) writeFileSync(join(site.dir, name), "x");
  writeFileSync(join(site.dir, "media", `.${site.image}.0123456789abcdef.part`), "x");
  const young = await findFaults(site);
  site.clock.advance(3_600 + 60);

  const { lines, left } = await mendSite(site);

  expect([young, left]).toEqual([[], []]);
  expect(lines).toEqual([expect.stringMatching(/^removed .*\.probe-77.*starpunk-before-009\.db\.new.*\.part$/u)]);
  expect(readFileSync(join(site.dir, "mine.new"), "utf8")).toBe("x");
});

test("old snapshots and old backups are told, and stay", async () => {
  const site = await openSite();
  mkdirSync(join(site.dir, "backups"), { mode: 0o700 });
  for (const name of ["starpunk-before-007.db", "backups/site.zip"])
    writeFileSync(join(site.dir, name), "x", { mode: 0o600 });
  site.clockToFiles();
  const young = toLines(await examineSite(site)).filter((line) => /kept_copies|backup/u.test(line));
  site.clock.advance(91 * 86_400);
  const old = toLines(await examineSite(site)).filter((line) => /kept_copies|backup/u.test(line));

  expect(young).toEqual(["ok kept_copies: 1, none older than 90 days", "ok backup: 1, the newest 0.0 days old"]);
  expect(old).toEqual([
    "warning kept_copies: 1 older than 90 days (1 byte): starpunk-before-007.db",
    "warning backup: 1, the newest 91.0 days old",
  ]);
});

test.each<[env: Record<string, string>, line: string]>([
  [{ PORT: "many" }, "error configuration: PORT: it is not a whole number in range"],
  [{ METRICS_SAMPLE_RATE: "1" }, "error configuration: METRICS_SAMPLE_RATE: there is no such option"],
  [{ LOG_FORMAT: "x" }, "warning configuration: LOG_FORMAT is set, but is not an option of StarPunk: it is ignored"],
  [{ SITE_URL: "https://blog.example" }, "warning proxy: TRUST_PROXY is off, and SITE_URL is https://blog.example"],
  [{ HOST: "0.0.0.0", TRUST_PROXY: "1" }, "warning proxy: TRUST_PROXY counts 1, and HOST is 0.0.0.0"],
  [{ ALLOW_PRIVATE_NETWORK: "true" }, "warning private_network: ALLOW_PRIVATE_NETWORK is true"],
])("an environment with %j is told of", async (env, line) => {
  expect(toLines(await findFaults(await openSite(), { env }))).toContain(line);
});

test.each<[env: Record<string, string>, answers: Record<string, string>, line: string]>([
  [{ SITE_URL: "http://blog.example" }, { "/health": '{"status":"ok"}' }, "Use https"],
  [{}, { "/health": "<html>" }, "http://localhost:3000/health answers 200, but not as StarPunk does"],
  [{}, { "/health": '{"status":"ok"}', "/feed.json": "{}" }, "http://localhost:3000 is another StarPunk"],
  [{}, { "/health": '{"status":"ok"}' }, "ok site_url: http://localhost:3000 is this site"],
])("SITE_URL is asked who is there: %j with %j", async (env, answers, line) => {
  const site = await openSite();
  const fetch: SafeFetch = async (url) => {
    const body = answers[new URL(url).pathname];
    return { ok: true, status: body === undefined ? 404 : 200, headers: new Map(), body: Buffer.from(body ?? ""), url };
  };

  const found = (await examineSite(site, { env, fetch })).filter(({ check }) => check === "site_url");

  expect([...toLines(found), ...found.map(({ remedy }) => remedy)].join("\n")).toContain(line);
});

test("a database that an older version left is told, and left as it is", async () => {
  const { ctx, dir } = await testContext();
  const old = unpackRelease("0.1.0", dir);
  const before = readFileSync(join(old, "starpunk.db"));

  const lines = toLines(await findFaults({ ctx, dir: old }));

  expect(lines).toContainEqual(expect.stringMatching(/^warning schema: 6 migrations of \d+$/u));
  expect(readFileSync(join(old, "starpunk.db")).equals(before)).toBe(true);
});

test.each([
  ["20.18.9", "error"],
  ["20.19.0", "ok"],
  ["22.13.9", "error"],
  ["22.14.0", "ok"],
  ["21.7.0", "error"],
  ["24.0.0", "ok"],
])("Node %s is %s", (version, status) => {
  expect(examineNode(version).status).toBe(status);
});

test.each([
  [DISK_WARNING_BYTES, "ok"],
  [DISK_WARNING_BYTES - 1, "warning"],
  [DISK_FAILED_BYTES, "warning"],
  [DISK_FAILED_BYTES - 1, "error"],
])("%i bytes of free disk are %s", (bytes, status) => {
  expect(judgeDisk(bytes).status).toBe(status);
});
