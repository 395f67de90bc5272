import { expect, test } from "vitest";
import { fetchRaw } from "../support/raw-fetch.ts";
import { createFolder, startServing } from "../support/server-process.ts";
import type { SentNote } from "../support/site-author.ts";
import { logInAt, PROCESS_SITE_URL, sendNote, setUpSite } from "../support/site-author.ts";

const SERVERS = 8;
const WAYS: readonly SentNote["way"][] = ["form", "json", "admin"];

/** What must stand on which page once this note is out. */
function expectations(note: { slug: string; content: string; count: number }): [path: string, text: string][] {
  return [
    ["/", note.content],
    ["/feed.xml", note.content],
    ["/feed.atom", note.content],
    ["/feed.json", note.content],
    ["/sitemap.xml", `/notes/${note.slug}<`],
    ["/archive", `>${note.count}<`],
    ["/tags/together", note.content],
    ["/tags/together/feed.xml", note.content],
    [`/notes/${note.slug}`, note.content],
  ];
}

/** Servers and pages that do not have their text. Every server is asked for every page at once. */
async function findStale(ports: readonly number[], wanted: readonly (readonly [string, string])[]): Promise<string[]> {
  const asked = ports.flatMap((port, index) => wanted.map(([path, text]) => ({ port, index, path, text })));
  const found = await Promise.all(
    asked.map(async ({ port, index, path, text }) => {
      const { status, body } = await fetchRaw(port, path);
      return body.includes(text) ? "" : `${path} of server ${index} (${status}) has no ${text}`;
    }),
  );
  return found.filter((line) => line !== "");
}

test("what one of eight servers publishes is on the pages and in the feeds of all others at once", async () => {
  const dataDir = createFolder();
  const env = { SITE_URL: PROCESS_SITE_URL };
  const servers = await Promise.all(Array.from({ length: SERVERS }, () => startServing(dataDir, env)));
  const ports = servers.map(({ port }) => port);
  const site = await setUpSite(dataDir);
  const login = await logInAt(ports[0] ?? 0);
  // Every server has shown its pages before, so that it has something old to hold on to.
  await findStale(ports, expectations({ slug: "none", content: "none", count: 0 }));

  for (const [index, port] of ports.entries()) {
    const way = WAYS[index % WAYS.length] ?? "form";
    const content = `Word${index} of server ${index}`;
    const { status } = await sendNote(
      { port, site, login },
      { content, tags: ["together"], way, formKey: `k${index}` },
    );
    const stale = await findStale(
      ports,
      expectations({ slug: `word${index}-of-server-${index}`, content, count: index + 1 }),
    );

    expect(status).toBe(way === "admin" ? 303 : 201);
    expect(stale).toEqual([]);
  }
}, 180_000);
