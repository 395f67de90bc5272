import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createFolder, startServing } from "../support/server-process.ts";
import type { ProcessLogin, SentNote } from "../support/site-author.ts";
import { PROCESS_SITE_URL, sendNote, setUpSite } from "../support/site-author.ts";

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const PAGE_BYTES = 4096;
const NO_LOGIN: ProcessLogin = { cookie: "", csrfToken: "" };
const MARK = "the page that breaks";

/** Notes that fill many pages; the first is the one whose page breaks. */
const NOTES = Array.from({ length: 60 }, (_, index) => {
  const content = `${index === 0 ? MARK : `Whole number ${index}`} ${"lorem ipsum ".repeat(60)}`;
  return { content, tags: [], way: "json", formKey: "" } satisfies SentNote;
});

/** A site with notes, and the paths of the one that is to break and of a whole one. */
async function createSite() {
  const dataDir = createFolder();
  const site = await setUpSite(dataDir);
  const server = await startServing(dataDir, site.env);
  const paths: string[] = [];
  for (const note of NOTES) {
    const { location } = await sendNote({ port: server.port, site, login: NO_LOGIN }, note);
    paths.push(location.slice(PROCESS_SITE_URL.length));
  }
  server.child.kill("SIGTERM");
  await server.exited;
  return { dataDir, site, file: join(dataDir, "starpunk.db"), broken: paths[0] ?? "", whole: paths.at(-1) ?? "" };
}

/** First byte of a page that only leads to others; what else stands in it is left over. */
const INNER_PAGES = [2, 5];

/** Overwrites the beginning of every page that holds the marked text, as a failing disk would. */
function breakPages(file: string): number {
  const bytes = readFileSync(file);
  const pages = new Set<number>();
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + 1))
    pages.add(Math.floor(at / PAGE_BYTES));
  const broken = [...pages].filter((page) => !INNER_PAGES.includes(bytes[page * PAGE_BYTES] ?? 0));
  for (const page of broken) bytes.fill("\u2588", page * PAGE_BYTES, page * PAGE_BYTES + 64);
  writeFileSync(file, bytes);
  return broken.length;
}

test("whoever meets a damaged page gets 503, the rest is served, nothing more is written, and the log says what to do", async () => {
  const { dataDir, site, file, broken, whole } = await createSite();
  expect(breakPages(file)).toBeGreaterThan(0);
  const damaged = readFileSync(file);
  const server = await startServing(dataDir, site.env);
  const statusOf = async (path: string) => (await fetch(server.url + path)).status;

  expect(await statusOf(whole)).toBe(200);
  const answer = await fetch(server.url + broken, { headers: { Accept: "text/html" } });
  const page = await answer.text();
  const refused = await sendNote({ port: server.port, site, login: NO_LOGIN }, {
    ...NOTES[1],
    content: "after",
  } as SentNote);

  expect(answer.status).toBe(503);
  expect(page).toContain("cannot be read");
  expect(page).not.toContain(dataDir);
  expect(refused.status).toBe(503);
  expect([await statusOf(whole), await statusOf(broken), await statusOf("/health")]).toEqual([200, 503, 200]);
  const told = server.said.stdout.split("\n").filter((line) => line.includes("database.damaged"));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(file);
  expect(told[0]).toMatch(/restore a backup/);

  server.child.kill("SIGTERM");
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(readFileSync(file).equals(damaged)).toBe(true);
});
