import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { query } from "../support/database-files.ts";
import { picture } from "../support/images.ts";
import type { ServingProcess } from "../support/server-process.ts";
import { createFolder, startServing } from "../support/server-process.ts";
import type { ProcessSite, SentNote } from "../support/site-author.ts";
import { PROCESS_PASSWORD, sendNote, setUpSite } from "../support/site-author.ts";
import { until } from "../support/until.ts";
import type { Visitor } from "../support/visitor.ts";
import { createVisitor } from "../support/visitor.ts";

// A real process on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

type Site = { readonly server: ServingProcess; readonly site: ProcessSite; readonly author: Visitor };

/** Lets no file of a running server grow any more: each write fails as it does on a full disk. Undefined gives room again. */
function limitFiles({ child }: ServingProcess, bytes: number | undefined): void {
  execFileSync("prlimit", ["--pid", String(child.pid), `--fsize=${bytes ?? "unlimited"}:`]);
}

async function startSite(dataDir: string): Promise<Site> {
  const site = await setUpSite(dataDir);
  const server = await startServing(dataDir);
  const author = createVisitor(server.url);
  await author.fillIn("/login", "/login", { fields: { password: PROCESS_PASSWORD } });
  return { server, site, author };
}

/** Publishes in the browser. */
function publish({ author }: Site, content: string, files: Record<string, File> = {}) {
  return author.fillIn("/admin/notes/new", "/admin/notes", { fields: { content, action: "publish" }, files });
}

/** Publishes with an app. */
function publishByApp({ server, site }: Site, content: string) {
  const note: SentNote = { content, tags: [], way: "json", formKey: "" };
  return sendNote({ port: server.port, site, login: { cookie: "", csrfToken: "" } }, note);
}

async function photo(): Promise<File> {
  return new File([new Uint8Array(await picture(300, 300).png().toBuffer())], "photo.png", { type: "image/png" });
}

function readLog(dataDir: string): string {
  const folder = join(dataDir, "logs");
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}

test("on a full disk nothing is saved and all is said, readers are served, and with room it goes on by itself", async () => {
  const dataDir = createFolder();
  const running = await startSite(dataDir);
  const { server, author } = running;
  expect((await publish(running, "Before the disk was full")).status).toBe(303);

  limitFiles(server, 1);
  const refused = await publish(running, "Typed while the disk was full");
  const withPhoto = await publish(running, "A photo for a full disk", { image: await photo() });
  const byApp = await publishByApp(running, "Sent while the disk was full");
  const read = await Promise.all(["/", "/feed.xml", "/health"].map((path) => author.send(path)));

  expect([refused.status, withPhoto.status, byApp.status]).toEqual([507, 507, 507]);
  expect(refused.text).toContain("the disk is full: make room");
  expect(refused.text).toContain("Typed while the disk was full");
  expect(read.map(({ status }) => status)).toEqual([200, 200, 200]);

  limitFiles(server, undefined);
  const after = await publish(running, "After there was room again");
  const appAfter = await publishByApp(running, "Sent after there was room again");
  expect([after.status, appAfter.status]).toEqual([303, 201]);
  await until(() => expect(readLog(dataDir)).toContain(after.headers.get("x-request-id") ?? "none"));

  server.child.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
  const file = join(dataDir, "starpunk.db");
  expect(query(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  expect(query(file, "SELECT content FROM notes ORDER BY id")).toEqual([
    { content: "Before the disk was full" },
    { content: "After there was room again" },
    { content: "Sent after there was room again" },
  ]);
  for (const folder of ["media", "uploads"]) {
    expect(existsSync(join(dataDir, folder)) ? readdirSync(join(dataDir, folder)) : []).toEqual([]);
  }
  for (const line of readLog(dataDir).trimEnd().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
});
