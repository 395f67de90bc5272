import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RenderHome } from "../../src/backup/prove-backup.ts";
import { makeProvedBackup, proveBackup } from "../../src/backup/prove-backup.ts";
import { requireRoom } from "../../src/backup/room.ts";
import { createRenderHome } from "../../src/cli/render-home.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { backUp } from "../support/archives.ts";
import { createAuthor } from "../support/author.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";

async function siteWithNote() {
  const site = await testContext();
  await createAuthor(site.ctx);
  await publishNote(site.ctx, { content: "hello", slug: "newest" }, { madeBy: "admin" });
  return site;
}

const tools = (renderHome: RenderHome) => ({ clock: () => NOW, renderHome });
const home = createRenderHome("https://blog.example");

test("a sound backup is proved by the home page of the restored site, and nothing of that is left", async () => {
  const { dir } = await siteWithNote();
  const made = await backUp(dir);
  let seen = "";

  const proof = await proveBackup(
    made,
    tools(async (dataDir) => {
      const answer = await home(dataDir);
      seen = answer.html;
      return answer;
    }),
  );

  expect(proof).toEqual({ provedAt: NOW, problem: "", notes: 1, lostMedia: 0 });
  expect(seen).toContain("/notes/newest");
  expect(readdirSync(join(made.file, ".."))).toEqual(["backup.zip"]);
});

test("a site without a note is proved too", async () => {
  const { dir } = await testContext();

  expect(await proveBackup(await backUp(dir), tools(home))).toMatchObject({ problem: "", notes: 0 });
});

test.each<[string, RenderHome, RegExp]>([
  ["answers otherwise than 200", async () => ({ status: 500, html: "" }), /answers 500/],
  ["lacks the newest note", async () => ({ status: 200, html: "nothing here yet" }), /lacks the newest note/],
  ["cannot be rendered", () => Promise.reject(new Error("no template")), /no template/],
])("a backup whose home page %s fails its proof", async (_what, renderHome, problem) => {
  const { dir } = await siteWithNote();
  const made = await backUp(dir);

  expect((await proveBackup(made, tools(renderHome))).problem).toMatch(problem);
  expect(existsSync(`${made.file}.proof`)).toBe(false);
});

test("an archive that was damaged on the disk, or has another number of notes, fails its proof", async () => {
  const { dir } = await siteWithNote();
  const made = await backUp(dir);
  const more = { ...made, manifest: { ...made.manifest, notes: 2 } };

  const miscounted = await proveBackup(more, tools(home));
  const bytes = readFileSync(made.file);
  bytes.fill(0, 3000, 3100);
  writeFileSync(made.file, bytes);
  const damaged = await proveBackup(made, tools(home));

  expect(miscounted.problem).toBe("The restored database has 1 notes instead of 2.");
  expect(damaged.problem).toMatch(/starpunk\.db is damaged/);
});

test("a proved backup has its result beside it, and takes away what a killed one has left in the folder", async () => {
  const { dir } = await siteWithNote();
  const folder = join(dir, "backups");
  mkdirSync(join(folder, "starpunk-2026-01-01T031500Z.zip.proof"), { recursive: true });
  const file = join(folder, "starpunk-2026-03-01T093000Z.zip");

  const { proof } = await makeProvedBackup({ dataDir: dir, file, isForced: false, clock: () => NOW }, home);

  expect(proof.problem).toBe("");
  expect(readdirSync(folder)).toEqual(["starpunk-2026-03-01T093000Z.zip", "starpunk-2026-03-01T093000Z.zip.json"]);
  expect(JSON.parse(readFileSync(`${file}.json`, "utf8"))).toEqual(proof);
});

test("no backup begins where less than twice of what it needs is free", async () => {
  const folder = testFolder();
  const free = (bytes: number) => () => Promise.resolve(bytes);

  await expect(requireRoom(folder, 1024, free(2048))).resolves.toBeUndefined();
  await expect(requireRoom(folder, 1024, free(2047))).rejects.toMatchObject({
    code: "storage_full",
    message: `A backup and its proof need 2.0 KiB, and the disk of ${folder} has 2.0 KiB free: make room, or move older backups away.`,
  });
});
